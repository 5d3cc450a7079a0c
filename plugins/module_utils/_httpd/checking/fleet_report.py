"""The problems of many hosts as one text to read, worst first; what several hosts share is said once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..syntax.problem import SEVERITIES, Problem, Severity, reported, silenced, worst_first

MOST_NAMED = 3  # hosts beside one problem


@dataclass(frozen=True)
class FleetReport:
    """Each distinct problem with the hosts that have it, worst first, and how many hosts were checked.

    What is silenced comes last, and doesn't count.
    """

    found: tuple[tuple[Problem, tuple[str, ...]], ...]
    hosts: int

    @property
    def text(self) -> str:
        """The whole, three lines a problem: place and hosts, reason and fix, page."""
        lines = (line for problem, hosts in self.found for line in _lines(problem, hosts))
        return "\n".join([*lines, f"{self.summary}."])

    @property
    def summary(self) -> str:
        """How many there are of each severity: `2 errors, 1 warning and no hints on 3 hosts`."""
        errors, warnings, hints = (_counted(self.count(name), name) for name in SEVERITIES)
        quiet = sum(bool(problem.reason) for problem, _hosts in self.found)
        apart = f" ({quiet} silenced)" if quiet else ""
        return f"{errors}, {warnings} and {hints} on {_counted(self.hosts, 'host')}{apart}"

    def count(self, severity: Severity) -> int:
        """Return how many distinct problems have a severity."""
        return sum(one.severity == severity and not one.reason for one, _hosts in self.found)


def fleet_report(problems: Mapping[str, Sequence[Problem]]) -> FleetReport:
    """Join the problems of each host."""
    hosts: dict[Problem, list[str]] = {}
    for host, found in problems.items():
        for problem in dict.fromkeys(found):
            hosts.setdefault(problem, []).append(host)
    ordered = (*worst_first(reported(hosts)), *worst_first(silenced(hosts)))
    return FleetReport(
        tuple((problem, tuple(hosts[problem])) for problem in ordered), len(problems)
    )


def _lines(problem: Problem, hosts: Sequence[str]) -> Iterator[str]:
    title = f"silenced {problem.severity}" if problem.reason else problem.severity
    indent = " " * (len(problem.severity) + 1)
    yield f"{title} {problem.place} ({_named(hosts)})"
    if problem.reason:
        yield f"{indent}{problem.message}; {problem.rule} is silenced here: {problem.reason}"
        return
    yield f"{indent}{problem.message}; {problem.fix}"
    if problem.url:
        yield f"{indent}{problem.url}"


def _named(hosts: Sequence[str]) -> str:
    """Name the first few hosts, and count the others."""
    named = ", ".join(hosts[:MOST_NAMED])
    return f"{named} and {len(hosts) - MOST_NAMED} more" if len(hosts) > MOST_NAMED else named


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
