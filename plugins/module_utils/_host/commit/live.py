"""The one moment at which the live server changes: journal, change, reload, prove; or take everything back."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..._httpd.release.frame import DEFAULT_PROOF_PORT, proof_port
from ..._httpd.release.manifest import ExpectEntry
from ..._httpd.vocabulary.layout import Layout
from ..draft.restart import Action
from ..machine import systemd
from ..machine.changes import Change, apply, undo
from ..machine.lock import HostError
from ..machine.units import needs_restart, read_units, restart_units
from ..store.journal import Journal, read_journal, remove_journal, write_journal
from ..store.remains import sweep
from ..store.store import Store
from . import expects, proof
from .trial import try_modules

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


class Undone(HostError):
    """A commit that was taken back; the message says why, and whether the old release serves again."""


@dataclass(frozen=True)
class Step:
    """A change of the live server: to which release (empty: none), by which file changes and which action.

    `trials` are modules that the running server must load before anything else changes. `port` answers the new release's
    digest, and `ports` are all that the server listens on then; `serve` is false where the operator keeps the server
    stopped. Of `expects`, those that the live release had too (`known`, without their places, which move) may go on
    failing: no worse than now.
    """

    digest: str
    changes: tuple[Change, ...]
    action: Action
    port: int
    ports: frozenset[int] = frozenset()
    trials: tuple[str, ...] = ()
    serve: bool = True
    expects: tuple[ExpectEntry, ...] = ()
    known: frozenset[ExpectEntry] = frozenset()


@dataclass(frozen=True)
class ProvedStep:
    """A step that was proved: what its live expectations got, and which other units couldn't be restarted."""

    answers: tuple[expects.Answer, ...]
    complaints: tuple[str, ...]


def carry_out(step: Step, *, store: Store, layout: Layout) -> ProvedStep:
    """Make the step and prove it; return what its live expectations got, and what other units complained of.

    Raises Undone when it failed and was taken back, and HostError when it couldn't begin. A run that is killed leaves
    the journal to whoever comes next.
    """
    was_active = systemd.is_active(layout.unit)
    journal = Journal(store.proved, step.digest, was_active, step.changes)
    asked_before = tuple(entry for entry in step.expects if replace(entry, place="") in step.known)
    failing_before = _failing(expects.ask(asked_before)) if was_active and step.serve else set()
    with _undisturbed():
        running = proof.observe(layout)
        try:
            write_journal(store.journal, journal)
        except OSError as error:
            message = f"the journal couldn't be written, so nothing was changed: {error}"
            raise HostError(message) from error
        try:
            failure = ""
            if step.trials and step.serve and was_active:
                failure = try_modules(step.trials, step.changes, before=running, layout=layout)
                running = proof.observe(layout)
            if not failure:
                apply(step.changes)
                read_units(step.changes, layout)
                failure = _serve(step, running, layout, was_active=was_active)
            answers = expects.ask(step.expects) if step.serve and not failure else ()
            failure = failure or _new_failures(answers, failing_before)
            if not failure:
                store.prove(step.digest)
        except OSError as error:
            failure = f"a file couldn't be changed: {error}"
        if failure:
            restored = take_back(journal, store=store, layout=layout)
            raise Undone(f"{failure}; {restored}")
        # Whatever these say, the release is proved.
        complaints = restart_units(step.changes, layout)
        _finish(journal, store)
    return ProvedStep(answers, complaints)


def recover(store: Store, layout: Layout) -> str:
    """Finish or take back what a killed run left; return what was done, nothing where there was nothing to do."""
    journal = read_journal(store.journal)
    if journal is None:
        return ""
    with _undisturbed():
        if store.proved == journal.after:
            restart_units(journal.changes, layout)
            _finish(journal, store)
            return f"a killed run had proved its commit of {journal.after or 'the removal'} already; this run finished it"
        restored = take_back(journal, store=store, layout=layout)
    return f"a killed run left its commit of {journal.after or 'the removal'} half done, and this run undid it; {restored}"


def take_back(journal: Journal, *, store: Store, layout: Layout) -> str:
    """Undo every change, serve what was served before, and say how that went."""
    try:
        undo(journal.changes)
        read_units(journal.changes, layout)
    except OSError as error:
        return f"not every change could be undone ({error}): mend that and run again"
    if not journal.was_active:
        systemd.act("stop", layout.unit)
        restart_units(journal.changes, layout)
        remove_journal(store.journal)
        return "every change is undone; the server is stopped, as it was before"
    running = proof.observe(layout)
    port = (
        proof_port(store.read(journal.before).manifests) if journal.before else DEFAULT_PROOF_PORT
    )
    missing = "the server isn't running"
    if running.pid and not needs_restart(journal.changes, layout):
        systemd.act("reload", layout.unit)
        missing = proof.prove(layout, before=running, digest=journal.before, port=port, patience=8)
    if missing:
        # A graceful reload can't go back over an overlapping Listen, and a dead server can't reload.
        systemd.act("restart", layout.unit)
        missing = proof.prove(
            layout, before=proof.Running(0, frozenset()), digest=journal.before, port=port
        )
    restart_units(journal.changes, layout)
    remove_journal(store.journal)
    served = (
        f"the release {journal.before} serves again"
        if journal.before
        else "the server is as it was before"
    )
    return (
        f"every change is undone, but {missing}"
        if missing
        else f"every change is undone and {served}"
    )


def _finish(journal: Journal, store: Store) -> None:
    """End a commit that is proved."""
    if journal.after:
        # The release is live; a full disk only costs it its place in the history.
        with contextlib.suppress(OSError):
            store.remember(journal.after)
            sweep(store)
    remove_journal(store.journal)


def _serve(step: Step, running: proof.Running, layout: Layout, *, was_active: bool) -> str:
    """Let the server take the change on; return what is missing of the proof."""
    if not step.serve:
        if was_active:
            systemd.act("stop", layout.unit)
        return ""
    complaint = systemd.act(step.action.verb if was_active else "start", layout.unit)
    missing = proof.prove(
        layout, before=running, digest=step.digest, port=step.port, ports=step.ports
    )
    return f"{missing} ({complaint})" if missing and complaint else missing


def _failing(answers: tuple[expects.Answer, ...]) -> set[ExpectEntry]:
    """Return the expectations that don't hold."""
    return {answer.entry for answer in answers if answer.failure}


def _new_failures(answers: tuple[expects.Answer, ...], before: set[ExpectEntry]) -> str:
    """Say which expectations the commit broke; one that failed already is a warning elsewhere."""
    return "; ".join(
        f"{answer.entry.place}: {answer.entry.request} of {answer.entry.host} got {answer.failure}"
        for answer in answers
        if answer.failure and answer.entry not in before
    )


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep a lost connection from ending the run half-way: it is over within the proof's patience."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
