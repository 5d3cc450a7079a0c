"""What is wrong with a configuration, said so that its owner can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .tree import Place

Severity = Literal["error", "warning", "hint"]

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "hint": 2}


@dataclass(frozen=True)
class Problem:
    """A mistake: `place: message; fix`.

    `message` has the offending value in it, `fix` says what to write instead; both are without a full stop.
    `url` is the page that explains it. `reason` is why the checker's user switched it off, empty where nobody did.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    fix: str
    url: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.fix}"


def worst_first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Order by severity; those of one severity keep their order."""
    return tuple(sorted(problems, key=lambda problem: _ORDER[problem.severity]))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether anything here must stop a deployment."""
    return any(problem.severity == "error" for problem in problems)


def live(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return those that aren't switched off."""
    return tuple(problem for problem in problems if not problem.reason)


def switched_off(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return those that are."""
    return tuple(problem for problem in problems if problem.reason)


def to_plain(problem: Problem) -> dict[str, str]:
    """Return the problem as plain data, the shape that modules and filters return."""
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "place": str(problem.place),
        "message": problem.message,
        "fix": problem.fix,
        "url": problem.url,
        **({"reason": problem.reason} if problem.reason else {}),
    }
