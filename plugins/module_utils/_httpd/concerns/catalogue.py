"""Every concern, in the order in which a release has them. A new one is added here, and nothing finds it by itself."""

from __future__ import annotations

from collections.abc import Iterable

from .balancers.concern import BALANCERS
from .contract import Concern
from .http2.concern import HTTP2
from .inventory import Inventory
from .modules.concern import MODULES
from .mpm_event.concern import MPM_EVENT
from .server.concern import SERVER
from .ssl.concern import SSL
from .vhosts.concern import VHOSTS

CONCERNS: tuple[Concern, ...] = (MODULES, SERVER, MPM_EVENT, SSL, HTTP2, BALANCERS, VHOSTS)
CONCERN_NAMES: tuple[str, ...] = tuple(concern.name for concern in CONCERNS)


def staged_concerns(wanted: Iterable[str], inventory: Inventory) -> tuple[str, ...]:
    """Return the concerns that a run of `wanted` stages: with those that go with them, in their order."""
    names = set(wanted)
    for concern in CONCERNS:
        if concern.name in wanted:
            names.update(concern.staged_with(inventory))
    return tuple(name for name in CONCERN_NAMES if name in names)
