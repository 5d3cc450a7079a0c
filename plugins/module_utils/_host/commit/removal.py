"""What the removal of Gatehouse would do to a host."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from ..._httpd.reading.expand import expand
from ..._httpd.syntax.parse import parse_tree
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.needed_modules import needed_modules
from ..draft.distribution import with_dependencies
from ..draft.module_switch import ordered_restoration
from ..draft.plan import compare, live_environment, view_host
from ..draft.restart import Action
from ..machine.changes import Change
from ..machine.effective import Httpd, changed_files, environment_of, read_files
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
    host = environment_of(httpd, layout, read_files(layout))
    restoring = restoring_changes(read_ledger(store.ledger))
    modules = tuple(change for change in restoring if _module_of(change, layout))
    tree, _problems = parse_tree(host.files.get(layout.main_config, ""), layout.main_config)
    # A module's own .conf isn't what needs it; and conditions stay open: what stands under one isn't needed.
    world = replace(host, files=changed_files(host.files, modules)).without_conditions()
    needed = with_dependencies(needed_modules(expand(tree, world).tree), layout=layout)
    kept = tuple(change for change in modules if _module_of(change, layout) in needed)
    # Sites first: until Apache no longer follows the release, it needs the modules to start.
    changes = (
        *(change for change in restoring if change not in modules),
        *ordered_restoration(tuple(one for one in modules if one not in kept), layout),
    )
    planned = replace(host, files=changed_files(host.files, changes))
    before = view_host(layout, live_environment(host, store, layout))
    action = compare(before, view_host(layout, planned))
    return Removal(changes, action, tuple(dict.fromkeys(_module_of(each, layout) for each in kept)))


def _module_of(change: Change, layout: Layout) -> str:
    """Return the module that a change disables; nothing for another change."""
    directory, name = os.path.split(change.path)
    return os.path.splitext(name)[0] if directory == layout.modules_enabled else ""
