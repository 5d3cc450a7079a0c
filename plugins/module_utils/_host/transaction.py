"""Commit, roll back, remove: each under the host's lock, each proved or taken back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._httpd.guards import removal_problem
from .._httpd.layout import Layout
from .._httpd.part import Part
from .._httpd.problem import Problem, has_errors, to_plain
from . import ports, proof, systemd
from .effective import read_httpd
from .expects import Answer
from .ledger import read_ledger, restoring_changes
from .live import Step, carry_out, recover
from .lock import HostError, locked
from .places import with_variables
from .plan import Plan, make_plan
from .restart import Action
from .shadow import Verdict, shadow, sweep
from .staging import discard, overlaid, staged
from .store import Store


@dataclass(frozen=True)
class Request:
    """What a run asks of a host."""

    token: str
    allow_empty: bool = False
    allow_removal: bool = False
    serve: bool = True
    check_mode: bool = False


class Refusal(HostError):
    """A commit that was refused before anything live was touched, with its problems and httpd's words."""

    def __init__(
        self, message: str, problems: tuple[Problem, ...] = (), verdict: Verdict | None = None
    ) -> None:
        super().__init__(message)
        self.problems = problems
        self.verdict = verdict


@dataclass
class Outcome:
    """What became of a request, as the module returns it."""

    changed: bool = False
    release: str = ""
    previous: str = ""
    action: str = "none"
    reason: str = ""
    shadow: Mapping[str, Any] = field(default_factory=dict)
    expects: list[dict[str, str]] = field(default_factory=list)
    files_changed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    diff: list[dict[str, str]] = field(default_factory=list)


def commit(request: Request, layout: Layout) -> Outcome:
    """Commit what the play of `request.token` staged, over what was proved before. Raises HostError."""
    with locked():
        try:
            store, outcome = _open(layout, request)
            parts = overlaid(store.proved_parts(), staged(request.token))
            _commit_parts(parts, request, store, layout, outcome)
        finally:
            discard(request.token)
    return outcome


def roll_back(request: Request, layout: Layout, *, digest: str) -> Outcome:
    """Commit a kept release again: `previous` is the one proved before the present one. Raises HostError."""
    with locked():
        store, outcome = _open(layout, request)
        known = [release for release in store.history() if os.path.isdir(store.directory(release))]
        others = [release for release in known if release != store.proved]
        wanted = others[-1] if digest == "previous" and others else digest
        if wanted not in known:
            kept = ", ".join(known) or "none"
            raise Refusal(f"the release {digest} isn't kept on this host; write one of: {kept}")
        _commit_parts(store.read(wanted).parts, request, store, layout, outcome)
    return outcome


def remove(request: Request, layout: Layout) -> Outcome:
    """Take everything of Gatehouse off the host, and restore what it changed. Raises HostError."""
    with locked():
        store, outcome = _open(layout, request)
        if not os.path.isdir(store.root):
            return outcome
        ledger = restoring_changes(read_ledger(store.ledger))
        outcome.changed, outcome.previous = True, store.proved
        outcome.files_changed = [change.path for change in ledger]
        if not request.check_mode:
            # Listeners go with the release, and one of them may overlap the distribution's own.
            action = Action("restart", "the release's listeners go")
            step = Step("", ledger, action, port=0, serve=request.serve)
            carry_out(step, store=store, layout=layout)
            outcome.action, outcome.reason = action.verb, action.reason
            shutil.rmtree(store.root)
    return outcome


def _open(layout: Layout, request: Request) -> tuple[Store, Outcome]:
    """Return the host's store, once a killed run's commit is finished or taken back."""
    store = Store(layout.gatehouse)
    outcome = Outcome(previous=store.proved)
    sweep()
    if os.path.isdir(store.root) and not request.check_mode:
        recovered = recover(store, layout)
        store.sweep()
        if recovered:
            outcome.changed = True
            outcome.warnings.append(recovered)
    return store, outcome


def _commit_parts(
    parts: tuple[Part, ...], request: Request, store: Store, layout: Layout, outcome: Outcome
) -> None:
    """Plan, guard, shadow and carry out."""
    httpd = read_httpd(layout)
    if httpd is None:
        _say_not_installed(request, layout, outcome)
        return
    plan = make_plan(parts, store=store, layout=layout, httpd=httpd)
    outcome.release = plan.release.digest
    outcome.previous = store.proved
    if _is_live(plan, store, layout, request):
        return
    _guard(plan, request, store, layout)
    verdict = shadow(layout, plan.release, plan.changes, server=plan.after, port=plan.port)
    outcome.shadow = _plain_verdict(verdict)
    if verdict.is_refusal:
        placed = replace(verdict, words=with_variables(verdict.words, plan.release))
        raise Refusal(f"the shadow of the new configuration: {verdict.reason}", verdict=placed)
    if not verdict.isolated:
        outcome.warnings.append(f"the configuration wasn't started in a shadow: {verdict.reason}")
    outcome.changed = True
    outcome.files_changed = [change.path for change in plan.changes]
    outcome.diff = _diff(store, plan)
    outcome.action, outcome.reason = _told(plan, layout, request)
    if not request.check_mode:
        _make_live(plan, request, store, layout, outcome)


def _make_live(
    plan: Plan, request: Request, store: Store, layout: Layout, outcome: Outcome
) -> None:
    """Write the release and carry its step out."""
    try:
        store.write(plan.release)
    except OSError as error:
        raise Refusal(f"the release couldn't be written: {error}") from error
    entries = tuple(entry for manifest in plan.release.manifests for entry in manifest.expects)
    step = Step(
        digest=plan.release.digest,
        changes=plan.changes,
        action=plan.action,
        port=plan.port,
        serve=request.serve,
        expects=entries,
        known=frozenset(entry for part in store.proved_parts() for entry in part.manifest.expects),
    )
    answers = carry_out(step, store=store, layout=layout)
    outcome.expects = [_plain_answer(answer) for answer in answers]
    outcome.warnings += [
        f"{answer.entry.origin} failed before this commit too: {answer.failure}"
        for answer in answers
        if answer.failure
    ]
    store.remember(plan.release.digest)


def _say_not_installed(request: Request, layout: Layout, outcome: Outcome) -> None:
    """Pass over a host that a dry run couldn't install; refuse it otherwise."""
    if not request.check_mode:
        raise Refusal(f"{layout.binary} is missing; install Apache first (the roles do)")
    outcome.changed = True
    outcome.warnings.append("Apache isn't installed yet, so nothing could be started in a shadow")


def _is_live(plan: Plan, store: Store, layout: Layout, request: Request) -> bool:
    """Tell whether there is nothing to do: desired is proved, is current, and is what answers."""
    if plan.changes or store.current != plan.release.digest or store.proved != plan.release.digest:
        return False
    if not request.serve:
        return not systemd.is_active(layout.unit)
    return proof.digest_at(plan.port) == plan.release.digest


def _guard(plan: Plan, request: Request, store: Store, layout: Layout) -> None:
    """Refuse what only this host can show to be wrong."""
    before = [entry.server_name for part in store.proved_parts() for entry in part.manifest.vhosts]
    after = [entry.server_name for manifest in plan.release.manifests for entry in manifest.vhosts]
    removal = removal_problem(
        before, after, allow_empty=request.allow_empty, allow_removal=request.allow_removal
    )
    taken = ports.taken_problems(plan.before, plan.after, unit_pid=systemd.main_pid(layout.unit))
    problems = (*plan.problems, *([removal] if removal else []), *taken)
    if has_errors(problems):
        texts = [str(problem) for problem in problems if problem.severity == "error"]
        raise Refusal(
            "\n".join(["the live configuration was not touched:", *texts]), tuple(problems)
        )


def _told(plan: Plan, layout: Layout, request: Request) -> tuple[str, str]:
    """Return what systemctl is asked for, and why."""
    if not request.serve:
        return "files", "apache_service_state is stopped"
    if not systemd.is_active(layout.unit):
        return "start", "the server isn't running"
    return plan.action.verb, plan.action.reason


def _diff(store: Store, plan: Plan) -> list[dict[str, str]]:
    """Return each file that differs from the live release's, before and after."""
    old = store.read(store.current).texts if store.current else {}
    new = plan.release.texts
    return [
        {
            "before_header": path,
            "after_header": path,
            "before": old.get(path, ""),
            "after": new.get(path, ""),
        }
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    ]


def _plain_verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict,
        "isolated": verdict.isolated,
        "reason": verdict.reason,
        "seconds": verdict.seconds,
        "words": list(verdict.words),
    }


def _plain_answer(answer: Answer) -> dict[str, str]:
    return {
        "origin": answer.entry.origin,
        "request": answer.entry.request,
        "failure": answer.failure,
    }


def plain_refusal(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as the module reports it."""
    words = list(refusal.verdict.words) if refusal.verdict else []
    return {
        "msg": "\n".join([str(refusal), *words]),
        "problems": [to_plain(problem) for problem in refusal.problems],
        "shadow": _plain_verdict(refusal.verdict) if refusal.verdict else {},
    }
