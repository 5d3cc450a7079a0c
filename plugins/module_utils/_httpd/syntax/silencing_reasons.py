"""Which problems are silenced, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from .problem import Problem, ProblemKind
from .silencing_comments import SilencedRule
from .tree import Place

Reasons = Mapping[str, str]  # by id


@dataclass(frozen=True)
class Silencing:
    """What is silenced: everywhere, and in single virtual hosts.

    Those are found by the variable that a problem's place begins with, or by the line that it is.
    """

    everywhere: Reasons = field(default_factory=dict)
    by_variable: Mapping[str, Reasons] = field(default_factory=dict)
    by_line: Mapping[Place, Reasons] = field(default_factory=dict)

    def applied(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield every problem; one that is silenced gets the reason."""
        for problem in problems:
            reason = "" if problem.reason else self._reason(problem)
            yield replace(problem, reason=reason) if reason else problem

    def _reason(self, problem: Problem) -> str:
        """Return why a problem is silenced; empty where it isn't."""
        if problem.rule in self.everywhere:
            return self.everywhere[problem.rule]
        if problem.place.line and problem.place in self.by_line:
            return self.by_line[problem.place].get(problem.rule, "")
        place = problem.place.source if self.by_variable else ""
        while place:
            if place in self.by_variable:
                return self.by_variable[place].get(problem.rule, "")
            place = place.rpartition(".")[0]
        return ""


def reasons_of(
    silenced: Iterable[SilencedRule], kinds: Mapping[str, ProblemKind]
) -> dict[str, str]:
    """Return the reason of each id of `kinds` that is silenced, may be, and has one."""
    return {
        one.rule: one.reason
        for one in silenced
        if one.reason and one.rule in kinds and kinds[one.rule].can_be_silenced
    }
