"""What the removal of Gatehouse would do to a host."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.needed_modules import needed_modules
from ..configuration.host_reader import HostReader
from ..draft.distribution import with_dependencies
from ..draft.module_switch import ordered_restoration
from ..draft.plan import compare
from ..draft.restart import Action
from ..machine.changes import Change
from ..machine.httpd import Httpd
from ..store.ledger import read_ledger, restoring_changes
from ..store.store import Store


@dataclass(frozen=True)
class Removal:
    """The changes that restore the host, what carries the server over, and the modules that others need by now."""

    changes: tuple[Change, ...]
    action: Action
    kept: tuple[str, ...]


def plan_removal(store: Store, layout: Layout, httpd: Httpd) -> Removal:
    """Plan the way back to what the ledger says; a module that the host's own sites use by now stays."""
    host = HostReader(layout, httpd, store)
    restoring = restoring_changes(read_ledger(store.ledger))
    modules = tuple(change for change in restoring if _module_of(change, layout))
    # A module's own .conf isn't what needs it; nor is anything that stands under a condition.
    others = host.without_release(modules).branches
    needed = with_dependencies(needed_modules(others), layout=layout)
    kept = tuple(change for change in modules if _module_of(change, layout) in needed)
    # Sites first: until Apache no longer follows the release, it needs the modules to start.
    changes = (
        *(change for change in restoring if change not in modules),
        *ordered_restoration(tuple(one for one in modules if one not in kept), layout),
    )
    action = compare(host.as_it_is, host.without_release(changes), changes, layout)
    return Removal(changes, action, tuple(dict.fromkeys(_module_of(each, layout) for each in kept)))


def _module_of(change: Change, layout: Layout) -> str:
    """Return the module that a change disables; nothing for another change."""
    directory, name = os.path.split(change.path)
    return os.path.splitext(name)[0] if directory == layout.modules_enabled else ""
