"""The concern `http2`: HTTP/2 towards clients."""

from __future__ import annotations

from collections.abc import Sequence

from ...syntax.tree import Directive
from ...vocabulary.reserved_names import FRAME_PLACE
from ..contract import Concern, Facts, InFrame, InVhost, Written
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..write import directive
from .compile import (
    HTTP1,
    PREFERENCE,
    compile_http2,
    compile_plain_protocols,
    compile_protocols,
    spoken,
)
from .facts import NAME, VhostProtocols, read_protocols


def write(inventory: Inventory) -> Written:
    """Write the limits of the whole server."""
    return Written(settings={"settings": compile_http2(inventory)})


def staged_with(inventory: Inventory) -> tuple[str, ...]:
    """Virtual hosts say which protocols they speak, so those that are known are staged too."""
    return ("server", "ssl", "balancers", "vhosts") if inventory.lists_vhosts else ()


def in_vhost(vhost: Vhost, inventory: Inventory) -> InVhost:
    """Say what a virtual host speaks, and what the one that redirects to it does."""
    protocols = spoken(vhost, inventory)
    facts = VhostProtocols(
        tuple(map(str, vhost.addresses)), tuple(map(str, vhost.redirect_addresses)), protocols
    )
    return InVhost(
        slots={"protocols": tuple(compile_protocols(vhost, inventory))},
        twin={"protocols": tuple(compile_plain_protocols(inventory))},
        facts=facts.to_plain() if protocols else {},
    )


def in_frame(facts: Sequence[Facts]) -> InFrame:
    """Have unknown names' virtual host speak what the others do: who begins with HTTP/2 at once is heard by the first."""
    words: dict[str, set[str]] = {}
    for one in read_protocols(facts):
        for address in one.addresses:
            words.setdefault(address, set()).update(one.protocols)
        for address in one.redirect_addresses:
            words.setdefault(address, set()).add(HTTP1)
    return InFrame(unknown_hosts={address: _said(found) for address, found in words.items()})


def _said(words: set[str]) -> tuple[Directive, ...]:
    ordered = sorted(words, key=PREFERENCE.index)
    return (directive("Protocols", *ordered, place=FRAME_PLACE),)


HTTP2 = Concern(
    NAME,
    write,
    variables=("http2",),
    is_shared=True,
    staged_with=staged_with,
    in_vhost=in_vhost,
    in_frame=in_frame,
)
