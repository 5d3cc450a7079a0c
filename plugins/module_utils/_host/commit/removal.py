"""The removal of Gatehouse from a host: what it would do, and how it is done."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.needed_modules import needed_modules
from ..configuration.host_configuration import HostConfiguration
from ..configuration.host_reader import HostReader
from ..deployment.deployed_state import nothing_deployed
from ..deployment.release_difference import told_change
from ..draft.distribution import told_default_site, with_dependencies
from ..draft.module_switch import ordered_restoration
from ..draft.plan import compare, running_mpm
from ..draft.restart import Action
from ..lacks.taken_ports import held_by_others
from ..machine import systemd
from ..machine.changes import Change, apply
from ..machine.files import aside_in, aside_of
from ..machine.httpd import Httpd, read_httpd
from ..machine.lock import HostError, locked
from ..machine.progress import tell
from ..machine.units import read_units
from ..store.ledger import known_ledger, restoring_changes
from ..store.mending import LEDGER_LOST
from ..store.salvage import Salvage, salvage_proved
from ..store.store import Store
from ..swap import proof
from ..swap.generations import admit, slots_of
from ..swap.live import Step, carry_out
from .guard import refuse_unprovable
from .outcome import Outcome, Refusal, diff
from .removed_owners import refuse_several_owners
from .request import AWAITS_LOCK, Request, open_store


@dataclass(frozen=True)
class Removal:
    """The changes that restore the host, what carries the server over, and the modules that others need by now.

    `before` is what httpd reads until then, `after` what it reads from then on.
    """

    before: HostConfiguration
    after: HostConfiguration
    changes: tuple[Change, ...]
    action: Action
    kept: tuple[str, ...]


def remove(request: Request, layout: Layout, outcome: Outcome) -> None:
    """Take everything of Gatehouse off the host, and restore what it changed. Raises HostError."""
    tell(AWAITS_LOCK)
    with locked() as found:
        store = open_store(layout, request, outcome, found=found).store
        if os.path.isdir(store.root):
            salvaged = _salvaged(store)
            if salvaged:
                refuse_several_owners(salvaged, may_remove=request.allow_removal)
            outcome.changed = True
            set_aside = aside_in(store.root)
            outcome.warnings += told_lost(set_aside, store, outcome.warnings)
            if salvaged:
                _tell_what_goes(salvaged, outcome)
            _remove_from(store, request, layout, outcome)
            outcome.deployed = nothing_deployed()
            if not request.check_mode:
                # Where httpd was, what proved the removal took the store along.
                if os.path.isdir(store.root):
                    store.remove()
                outcome.warnings += _told_gone(set_aside)
                # It holds only what Gatehouse made there, which is gone by now; it isn't there at all where it made nothing.
                with contextlib.suppress(OSError):
                    os.rmdir(layout.state_directory)


def told_lost(set_aside: Sequence[str], store: Store, told: Sequence[str]) -> list[str]:
    """Return the warning that nobody knows what to restore, unless it is `told`: an earlier run may have found that."""
    is_lost = aside_of(store.ledger) in set_aside
    return [LEDGER_LOST] if is_lost and not any(LEDGER_LOST in one for one in told) else []


def _told_gone(set_aside: Sequence[str]) -> list[str]:
    """Return the warning that what was set aside in the store isn't there any more."""
    names = ", ".join(set_aside)
    return [f"what was set aside went with the store: {names}"] if names else []


def _salvaged(store: Store) -> Salvage | None:
    """Return what the host serves as far as anybody can still read it; None for nothing, which is no reason to keep the rest."""
    with contextlib.suppress(HostError, OSError):
        return salvage_proved(store)
    return None


def _tell_what_goes(salvaged: Salvage, outcome: Outcome) -> None:
    """Add what the host loses."""
    proved = salvaged.release
    outcome.warnings += (f"found damaged: {one}" for one in salvaged.found)
    owners = dict.fromkeys(part.manifest.owner for part in proved.parts)
    outcome.what = told_change((proved.manifests, ()), (proved.texts, {}))
    if len(owners) > 1:
        outcome.what += f", of the owners {', '.join(owners)}"
    if salvaged.is_guess:
        outcome.what += (
            "; what went is a guess, by an earlier release, for nothing says it of the last one"
        )
    outcome.diff = diff(proved.texts, {})


def _add_changes(changes: tuple[Change, ...], outcome: Outcome, layout: Layout) -> None:
    """Add what becomes of the distribution's files."""
    outcome.files_changed = [change.path for change in changes]
    outcome.what = "; ".join(filter(None, (outcome.what, told_default_site(changes, layout))))


def plan_removal(store: Store, layout: Layout, httpd: Httpd) -> Removal:
    """Plan the way back to what the ledger says; a module that the host's own sites use by now stays."""
    host = HostReader(layout, httpd, store)
    restoring = restoring_changes(known_ledger(store.ledger, layout))
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
    after = host.without_release(changes)
    mpm = running_mpm(host.as_it_is, layout)
    action = compare(host.as_it_is, after, changes, layout, mpm=mpm)
    return Removal(
        host.as_it_is,
        after,
        changes,
        action,
        tuple(dict.fromkeys(_module_of(each, layout) for each in kept)),
    )


def _refuse_taken(after: HostConfiguration, layout: Layout) -> None:
    """Refuse to have a server open what another process listens on: no shadow has looked. Raises Refusal."""
    pid = systemd.main_pid(layout.unit)
    taken = held_by_others(after.server, unit_pid=pid, is_ours=lambda _place: False)
    if taken:
        raise Refusal(
            "\n".join(["the live configuration was not touched:", *map(str, taken)]), taken
        )


def _module_of(change: Change, layout: Layout) -> str:
    """Return the module that a change disables; nothing for another change."""
    directory, name = os.path.split(change.path)
    return os.path.splitext(name)[0] if directory == layout.modules_enabled else ""


def _remove_from(store: Store, request: Request, layout: Layout, outcome: Outcome) -> None:
    """Restore what the ledger says, and prove that the server lives without a release."""
    httpd = read_httpd(layout)
    if httpd is None:
        changes = restoring_changes(known_ledger(store.ledger, layout))
        _add_changes(changes, outcome, layout)
        if not request.check_mode:
            apply(changes)
            read_units(changes, layout)
        return
    removal = plan_removal(store, layout, httpd)
    _add_changes(removal.changes, outcome, layout)
    if removal.kept:
        used = ", ".join(removal.kept)
        outcome.warnings.append(f"these modules stay, since the host's own sites use them: {used}")
    serves, action = systemd.is_active(layout.unit), removal.action
    if serves:
        refuse_unprovable(removal.before.server, layout)
        _refuse_taken(removal.after, layout)
        admitted = admit(
            action,
            slots_of(removal.before.server.main, removal.before.mpm),
            layout.unit,
            may_cut=request.cut_connections,
            waits=not request.check_mode,
        )
        action, outcome.connections = admitted.action, admitted.connections
        outcome.warnings += admitted.warnings
        outcome.action, outcome.reason = action.verb, action.reason
    if not request.check_mode:
        pid_file = proof.pid_file_of(removal.before.server, layout)
        step = Step(
            "",
            removal.changes,
            action,
            pid_file,
            serve=serves,
            may_cut=request.cut_connections,
        )
        outcome.warnings += carry_out(step, store=store, layout=layout).complaints
