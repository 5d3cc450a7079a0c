"""What is wrong with a configuration, said so that its owner can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .secrets import masked
from .tree import Place

Severity = Literal["error", "warning", "hint"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")  # the worst first
DOCUMENTS = "https://github.com/gatehouse/apache/blob/main/docs"


@dataclass(frozen=True)
class Problem:
    """A mistake: `place: message; fix`. Only its kind makes one.

    `message` has the offending value in it, `fix` says what to write instead; both are without a full stop.
    `url` is the page that explains it. `reason` is why it was silenced, empty where nobody did.
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


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: its id, its severity at worst, and the text that explains it on the page `document`.

    `milder` says when it is less severe, `never_silenced` why it can't be silenced; each is empty where it doesn't apply.
    """

    id: str
    severity: Severity
    page: str
    milder: str = ""
    never_silenced: str = ""
    document: str = "problems.md"

    @property
    def can_be_silenced(self) -> bool:
        """Tell whether an operator may silence it."""
        return not self.never_silenced

    @property
    def url(self) -> str:
        """Where its text is."""
        return f"{DOCUMENTS}/{self.document}#{self.id}"

    def problem(self, place: Place, message: str, fix: str) -> Problem:
        """Make a problem of this kind, without secrets, and in one line: a value's own breaks write no lines of a report.

        Of what is longer than anybody reads its beginning and end are shown.
        """
        said, remedy = (_in_one_line(shortened(masked(text))) for text in (message, fix))
        if len(place.source) > _LONG:
            place = Place(shortened(place.source), place.line, place.included_from, place.is_leaf)
        return Problem(self.id, self.severity, place, said, remedy, self.url)


def shortened(text: str) -> str:
    """Return a text with the middle of what is too long to be read left out; words that are long by themselves alone."""
    if len(text) <= _LONG:
        return text
    shown = " ".join(map(_cut, text.split(" ")))
    return shown if len(shown) <= 5 * _LONG else f"{shown[: 3 * _LONG]}… {shown[-_LONG:]}"


def _cut(word: str) -> str:
    if len(word) <= _LONG:
        return word
    return f"{word[:_ENDS]}…({len(word) - 2 * _ENDS} characters)…{word[-_ENDS:]}"


_LONG, _ENDS = 1000, 100  # characters


def _in_one_line(text: str) -> str:
    """Write what can't be printed as YAML and JSON have it: a line break as `\\n`."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(character: str) -> str:
    # Python's own is shorter for some: `\\x85`, which JSON doesn't know.
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def worst_first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Order by severity; those of one severity keep their order."""
    return tuple(sorted(problems, key=lambda problem: SEVERITIES.index(problem.severity)))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether anything here must stop a deployment."""
    return any(problem.severity == "error" for problem in problems)


def reported(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return those that aren't silenced."""
    return tuple(problem for problem in problems if not problem.reason)


def silenced(problems: Iterable[Problem]) -> tuple[Problem, ...]:
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


def from_plain(plain: Mapping[str, str]) -> Problem:
    """Read back what `to_plain` wrote; the place is its text."""
    severity = next(name for name in SEVERITIES if name == plain["severity"])
    return Problem(
        rule=plain["rule"],
        severity=severity,
        place=Place(plain["place"]),
        message=plain["message"],
        fix=plain["fix"],
        url=plain["url"],
        reason=plain.get("reason", ""),
    )
