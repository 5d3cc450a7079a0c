"""The way back: a commit that failed, or that a killed run left, is undone or finished."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from ..._httpd.release.frame import DEFAULT_PROOF_PORT, proof_port
from ..._httpd.vocabulary.layout import Layout
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

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
RELOAD_PATIENCE = 8.0  # seconds for a reload, before a restart


@dataclass(frozen=True)
class Recovered:
    """What became of a commit that a killed run left, in `words`, nothing where there was none; `finished` is how it had begun."""

    words: str = ""
    finished: str = ""


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
        restored = take_back(journal, store=store, layout=layout, may_cut=may_cut)
    return Recovered(
        f"an earlier run left its commit of {name} half done, and this run undid it; {restored}"
    )


def take_back(journal: Journal, *, store: Store, layout: Layout, may_cut: bool) -> str:
    """Undo every change, serve what was served before, and say how that went.

    A server that doesn't come back by a reload is restarted, but for one whose clients that would cut off: a restart ends
    what earlier reloads left to them, unless it `may_cut`.
    """
    failures = [*undo(journal.changes)]
    try:
        read_units(journal.changes, layout)
    except OSError as error:
        failures.append(str(error))
    if failures:
        return f"not every change could be undone ({'; '.join(failures)}): mend that and run again"
    if not journal.was_active:
        systemd.act("stop", layout.unit)
        restart_units(journal.changes, layout)
        remove_journal(store.journal)
        return "every change is undone; the server is stopped, as it was before"
    missing = _serve_again(journal, store, layout, may_cut=may_cut)
    restart_units(journal.changes, layout)
    remove_journal(store.journal)
    if missing:
        return f"every change is undone, but {missing}"
    if journal.before:
        return f"every change is undone and the release {journal.before} serves again"
    return "every change is undone and the server is as it was before"


def _serve_again(journal: Journal, store: Store, layout: Layout, *, may_cut: bool) -> str:
    """Have the server take the old files on; return what is missing of the proof."""
    port = _proof_port(store, journal.before)
    goal = proof.Goal(journal.pid_file or layout.pid_file, journal.before, port)
    running = proof.observe(layout.unit)
    if running.pid and not needs_restart(journal.changes, layout):
        systemd.act("reload", layout.unit)
        missing = proof.prove(layout.unit, goal, before=running, patience=RELOAD_PATIENCE)
        kept = kept_by_clients(layout.unit) if missing and not may_cut else ""
        if not missing or kept:
            return f"{missing}; {kept}" if kept else ""
    # A graceful reload can't go back over an overlapping Listen, and a dead server can't reload.
    systemd.act("restart", layout.unit)
    return proof.prove(layout.unit, goal)


def _proof_port(store: Store, digest: str) -> int:
    """Return where a release answers; the default, where nothing of it can be read."""
    try:
        return proof_port(store.manifests(digest)) if digest else DEFAULT_PROOF_PORT
    except HostError:
        return DEFAULT_PROOF_PORT


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
