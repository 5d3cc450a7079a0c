"""The way back: a commit that failed, or that a killed run left, is undone or finished.

Nobody has looked at the host since it was left, so the server is told nothing before somebody has: what it has read still
serves.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from ..._httpd.vocabulary.layout import Layout
from ..asking.proved_digest import digest_at, proof_port_of
from ..draft.distribution import enable_again
from ..machine import systemd
from ..machine.changes import undo
from ..machine.files import set_aside
from ..machine.lock import HostError
from ..machine.units import needs_restart, read_units, restart_units
from ..store.history import Entry
from ..store.journal import Journal, read_journal, remove_journal
from ..store.remains import sweep
from ..store.service_state import remember_service
from ..store.store import Store
from . import proof
from .generations import kept_by_clients
from .obstacles import obstacle

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
RELOAD_PATIENCE = 8.0  # seconds for a reload, before a restart


@dataclass(frozen=True)
class Recovered:
    """What became of a commit that a killed run left, in `words`, nothing where there was none.

    `finished` is how one had begun that was proved; `action` is what the server was told to take another one back.
    """

    words: str = ""
    finished: str = ""
    action: str = "none"


def recover(store: Store, layout: Layout, *, may_cut: bool) -> Recovered:
    """Finish or take back what a killed run left; `may_cut` as for `take_back`."""
    try:
        journal = read_journal(store.journal)
    except HostError as error:
        aside = set_aside(store.journal)
        return Recovered(f"{error}; {aside}, and whatever it tells of is overwritten")
    if journal is None:
        return Recovered()
    name = journal.after or "the removal"
    with undisturbed():
        # `proved` led there before a commit that only mends the host: it says nothing of that one.
        if store.proved == journal.after != journal.before:
            restart_units(journal.changes, layout)
            finish(journal, store)
            words = f"a killed run had proved its commit of {name} already; this run finished it"
            return Recovered(words, journal.how)
        # Whoever started the server meanwhile wants it to run.
        way = take_back(
            journal,
            store=store,
            layout=layout,
            may_cut=may_cut,
            serves=journal.was_active or systemd.is_active(layout.unit),
        )
    did = ", and this run undid it" if way.is_whole else ""
    words = f"an earlier run left its commit of {name} half done{did}; {way.words}"
    return Recovered(words, action=way.action)


@dataclass(frozen=True)
class WayBack:
    """How a way back went, in words; `action` is what the server was told. Where it isn't whole, the journal stays."""

    words: str
    action: str = "none"
    is_whole: bool = True


def take_back(
    journal: Journal, *, store: Store, layout: Layout, may_cut: bool, serves: bool
) -> WayBack:
    """Undo every change, have the server serve what was served before if it `serves`, and say how that went.

    A server that doesn't come back by a reload is restarted, but for one whose clients that would cut off: a restart ends
    what earlier reloads left to them, unless it `may_cut`.
    """
    undone = undo(journal.changes)
    failures = [*undone.failures]
    try:
        read_units(journal.changes, layout)
    except OSError as error:
        failures.append(str(error))
    if failures:
        words = f"not every change could be undone ({'; '.join(failures)}): mend that and run again"
        return WayBack(words, is_whole=False)
    found = [*undone.found]
    if serves:
        found += enable_again(_modules_of(journal.before, store), layout)
        way = _serve_again(journal, store, layout, may_cut=may_cut)
    else:
        way = _stopped(journal, layout)
    restart_units(journal.changes, layout)
    remove_journal(store.journal)
    told = "; ".join(("every change is undone", *found))
    return WayBack(f"{told}{way.words}", way.action)


def _stopped(journal: Journal, layout: Layout) -> WayBack:
    """Stop a server that this run may have started."""
    is_active = systemd.is_active(layout.unit)
    if is_active:
        systemd.act("stop", layout.unit)
    was = "it was before" if not journal.was_active else "it is by now"
    return WayBack(f"; the server is stopped, as {was}", "stop" if is_active else "none")


def _serve_again(journal: Journal, store: Store, layout: Layout, *, may_cut: bool) -> WayBack:
    """Have the server take the old files on, if httpd takes them; return the end of a sentence."""
    port = proof_port_of(store, journal.before)
    goal = proof.Goal(journal.pid_file or layout.pid_file, journal.before, port)
    running = proof.observe(layout.unit)
    serves = f"the release {journal.before} serves" if journal.before else "the server is"
    again = f" and {serves} {'again' if journal.before else 'as it was before'}"
    restarts = bool(needs_restart(journal.changes, layout)) or _switches_mpm(journal, layout)
    fault = obstacle(store, journal.before, layout, restarts=restarts)
    if fault:
        refused = f"; {fault}, so "
        if not running.pid:
            return WayBack(f"{refused}the server wasn't started")
        is_there = bool(journal.before) and digest_at(port) == journal.before
        goes_on = serves + " on" if is_there else "it goes on with what it has read"
        return WayBack(f"{refused}the server was told nothing, and {goes_on}")
    action = "restart" if running.pid else "start"
    if running.pid and not restarts:
        systemd.act("reload", layout.unit)
        missing = proof.prove(layout.unit, goal, before=running, patience=RELOAD_PATIENCE)
        kept = kept_by_clients(layout.unit) if missing and not may_cut else ""
        if not missing or kept:
            return WayBack(f", but {missing}; {kept}" if kept else again, "reload")
    # A graceful reload can't go back over an overlapping Listen, and a dead server can't reload.
    systemd.act("restart", layout.unit)
    missing = proof.prove(layout.unit, goal)
    return WayBack(f", but {missing}" if missing else again, action)


def _switches_mpm(journal: Journal, layout: Layout) -> bool:
    """Tell whether the commit was to give the server another MPM, which no reload does."""
    return any(
        change.path.startswith(f"{layout.modules_enabled}/mpm_") for change in journal.changes
    )


def _modules_of(digest: str, store: Store) -> tuple[str, ...]:
    """Return the modules that a release needs; none where nothing of it can be read."""
    with contextlib.suppress(HostError):
        manifests = store.manifests(digest) if digest else ()
        return tuple(dict.fromkeys(name for one in manifests for name in one.modules))
    return ()


def finish(journal: Journal, store: Store) -> None:
    """End a commit that is proved; a removal takes the whole store, its journal too."""
    if not journal.after:
        store.remove()
        return
    # The release is live; a full disk only costs it its place in the history.
    with contextlib.suppress(HostError, OSError):
        at = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        parts = tuple(manifest.name for manifest in store.manifests(journal.after))
        entry = Entry(journal.after, at, journal.by, journal.how, journal.what, parts=parts)
        store.remember(entry, before=journal.before)
        remember_service(store, serves=journal.serves)
        sweep(store)
    remove_journal(store.journal)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Keep a lost connection from ending the run half-way: it is over within the proof's patience."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
