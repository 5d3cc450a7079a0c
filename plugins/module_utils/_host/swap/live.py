"""The one moment at which the live server changes: journal, change, reload, prove; or take everything back."""

from __future__ import annotations

from dataclasses import dataclass

from ..._httpd.release.manifest import ExpectEntry
from ..._httpd.vocabulary.layout import Layout
from ..asking import expects
from ..asking.foreign_sites import ForeignSite, ask_sites, worse_off
from ..draft.restart import Action
from ..machine import systemd
from ..machine.changes import Change, apply
from ..machine.httpd import syntax_fault
from ..machine.lock import HostError
from ..machine.progress import tell
from ..machine.units import read_units, restart_units
from ..store.history import COMMIT
from ..store.journal import Journal, write_journal
from ..store.store import Store
from . import proof
from .trial import try_modules
from .undo import finish, take_back, undisturbed


class Undone(HostError):
    """A commit that was taken back; the message says why, and whether the old release serves again."""


@dataclass(frozen=True)
class Step:
    """A change of the live server: to which release (empty: none), by which file changes and which action.

    `trials` are modules that the running server must load before anything else changes. `port` answers the new release's
    digest, `pid_file` names the server's process, and `ports` are all that the server listens on then; `serve` is false
    where the operator keeps the server stopped. `is_tried` tells that a shadow started with it. Of `expects`, those that
    the live release had too (`known`) may go on failing: no worse than now. `sites` are the host's own, which may be no worse
    off either. `may_cut` lets a restart cut off clients that earlier reloads have left on their children. `by`, `how` and
    `what` are for the history.
    """

    digest: str
    changes: tuple[Change, ...]
    action: Action
    pid_file: str
    port: int = 0
    ports: frozenset[int] = frozenset()
    trials: tuple[str, ...] = ()
    serve: bool = True
    expects: tuple[ExpectEntry, ...] = ()
    known: tuple[ExpectEntry, ...] = ()
    sites: tuple[ForeignSite, ...] = ()
    is_tried: bool = False
    may_cut: bool = False
    by: str = ""
    how: str = COMMIT
    what: str = ""


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
    journal = Journal(
        before=store.proved,
        after=step.digest,
        was_active=was_active,
        changes=step.changes,
        pid_file=step.pid_file,
        by=step.by,
        how=step.how,
        what=step.what,
        serves=step.serve,
    )
    questions = {entry.question for entry in step.expects}
    known = tuple(entry for entry in step.known if entry.question in questions)
    serves = was_active and step.serve
    before = expects.ask(known, store.directory(store.proved)) if serves else ()
    sites_before = ask_sites(step.sites) if serves else {}
    with undisturbed():
        running = proof.observe(layout.unit)
        try:
            write_journal(store.journal, journal)
        except OSError as error:
            message = f"the journal couldn't be written, so nothing was changed: {error}"
            raise HostError(message) from error
        answers: tuple[expects.Answer, ...] = ()
        try:
            failure = _change(step, running, layout, was_active=was_active)
            if step.serve and not failure:
                answers = expects.ask(step.expects, store.directory(step.digest))
            failure = failure or _new_failures(answers, _failing(before))
            failure = failure or "; ".join(worse_off(sites_before))
            if not failure:
                store.prove(step.digest)
        except OSError as error:
            failure = f"a file couldn't be changed: {error}"
        # Whatever it is, what wasn't proved may not stay live.
        except BaseException as error:
            failure = f"the run failed ({type(error).__name__}: {error})"
        if failure:
            tell("taking the change back, since it isn't proved")
            way = take_back(
                journal,
                store=store,
                layout=layout,
                may_cut=step.may_cut,
                # One that was down is to run, as far as there is something that was proved.
                serves=was_active or bool(step.serve and journal.before),
            )
            raise Undone(f"{failure}; {way.words}")
        # Whatever these say, the release is proved.
        complaints = restart_units(step.changes, layout)
        finish(journal, store)
    return ProvedStep(answers, complaints)


def _change(step: Step, running: proof.Running, layout: Layout, *, was_active: bool) -> str:
    """Change the files and have the server follow; return what is missing of the proof. Raises OSError."""
    if step.trials and step.serve and was_active:
        failure = try_modules(
            step.trials, step.changes, before=running, pid_file=step.pid_file, layout=layout
        )
        if failure:
            return failure
        running = proof.observe(layout.unit)
    apply(step.changes)
    read_units(step.changes, layout)
    return _serve(step, running, layout, was_active=was_active)


def _serve(step: Step, running: proof.Running, layout: Layout, *, was_active: bool) -> str:
    """Let the server take the change on; return what is missing of the proof."""
    if not step.serve:
        if was_active:
            systemd.act("stop", layout.unit)
        return ""
    # What no shadow has started httpd looks at first; then the server hasn't to be told, and goes on.
    fault = "" if step.is_tried else syntax_fault(layout)
    if fault:
        return f"httpd refuses the configuration: {fault}"
    verb = step.action.verb if was_active else "start"
    tell(f"telling the server to {verb}, and proving that it serves the new release")
    complaint = systemd.act(verb, layout.unit)
    # What systemd has refused to reload goes on as it was, and no patience changes that.
    fault = syntax_fault(layout) if complaint else ""
    if fault:
        return f"httpd refuses the configuration: {fault}"
    goal = proof.Goal(step.pid_file, step.digest, step.port, step.ports)
    missing = proof.prove(layout.unit, goal, before=running)
    return f"{missing} ({complaint})" if missing and complaint else missing


def _failing(answers: tuple[expects.Answer, ...]) -> set[ExpectEntry]:
    """Return the questions that aren't answered as expected."""
    return {answer.entry.question for answer in answers if answer.failure}


def _new_failures(answers: tuple[expects.Answer, ...], before: set[ExpectEntry]) -> str:
    """Say which expectations the commit broke; one that failed already is a warning elsewhere."""
    return "; ".join(
        f"{answer.entry.place}: {answer.entry.request} of {answer.entry.host} at {answer.entry.address} got {answer.failure}"
        for answer in answers
        if answer.failure and answer.entry.question not in before
    )
