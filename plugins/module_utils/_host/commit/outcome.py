"""What became of a request, and why one was refused: as values, and as the module returns them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..._httpd.syntax.problem import Problem, to_plain
from ..._httpd.syntax.secrets import masked
from ..asking.expects import Answer
from ..draft.shadow import Verdict
from ..machine.changes import Change
from ..machine.files import State
from ..machine.lock import HostError


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
    """What became of a request, as the module returns it; `failure` is what isn't as asked although it is committed.

    `what` changed in words; `deployed` is what the host serves then, or would. Whoever asks brings it, and reads the `warnings` also where
    the request is refused or taken back.
    """

    changed: bool = False
    release: str = ""
    previous: str = ""
    what: str = ""
    action: str = "none"
    reason: str = ""
    connections: int = 0
    shadow: Mapping[str, Any] = field(default_factory=dict)
    expects: list[dict[str, str]] = field(default_factory=list)
    files_changed: list[str] = field(default_factory=list)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    failure: str = ""
    warnings: list[str] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    diff: list[dict[str, str]] = field(default_factory=list)
    deployed: Mapping[str, Any] = field(default_factory=dict)


def diff(old: Mapping[str, str], new: Mapping[str, str]) -> list[dict[str, str]]:
    """Return each file that differs, before and after, as Ansible shows it; secrets are masked."""
    return [
        {
            "before_header": path,
            "after_header": path,
            "before": masked(old.get(path, "")),
            "after": masked(new.get(path, "")),
        }
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    ]


def diff_of_links(changes: Iterable[Change]) -> list[dict[str, str]]:
    """Return each symbolic link that comes, goes or leads elsewhere, as Ansible shows it: modules and sites that are enabled."""
    return [
        {
            "before_header": change.path,
            "after_header": change.path,
            "before": _led(change.before),
            "after": _led(change.after),
        }
        for change in changes
        if "link" in (change.before.kind, change.after.kind)
    ]


def _led(state: State) -> str:
    """Return where a link leads, as a line; nothing where there is none."""
    return f"-> {state.content}\n" if state.kind == "link" else ""


def plain_verdict(verdict: Verdict) -> dict[str, Any]:
    """Return a shadow's verdict as plain data."""
    return {
        "verdict": verdict.verdict,
        "isolated": verdict.isolated,
        "reason": verdict.reason,
        "seconds": verdict.seconds,
        "words": list(verdict.words),
    }


def plain_answer(answer: Answer) -> dict[str, str]:
    """Return a live expectation's answer as plain data."""
    return {
        "place": answer.entry.place,
        "request": answer.entry.request,
        "failure": answer.failure,
    }


def plain_refusal(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as the module reports it."""
    words = list(refusal.verdict.words) if refusal.verdict else []
    return {
        "msg": "\n".join([str(refusal), *words]),
        "problems": [to_plain(problem) for problem in refusal.problems],
        "shadow": plain_verdict(refusal.verdict) if refusal.verdict else {},
    }
