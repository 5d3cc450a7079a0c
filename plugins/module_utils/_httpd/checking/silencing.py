"""What a configuration silences: whether it may, and which problems that is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..reading.server import Scope, Server, VirtualHost
from ..syntax.problem import Problem
from ..syntax.silencing_comments import SilencedRule, silenced_rules
from ..syntax.tree import Place
from .problem_catalogue import CATALOGUE
from .problem_kinds import NEVER_SILENCED, SILENCED_WITHOUT_REASON, UNKNOWN_RULE

FORM = "# gatehouse: off ID REASON"
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


def silencing_of(server: Server) -> Silencing:
    """Return what a server's comments silence: those of a virtual host hold for what stands in it."""
    by_variable: dict[str, Reasons] = {}
    by_line: dict[Place, Reasons] = {}
    for vhost in server.vhosts:
        reasons = reasons_of(_comments(vhost.scope))
        if reasons:
            if not vhost.place.line:
                by_variable[vhost.place.source] = reasons
            by_line.update(dict.fromkeys(_places(vhost), reasons))
    return Silencing(reasons_of(_comments(server.main)), by_variable, by_line)


def reasons_of(silenced: Iterable[SilencedRule]) -> dict[str, str]:
    """Return the reason of each id that is silenced, may be, and has one."""
    return {
        one.rule: one.reason
        for one in silenced
        if one.reason and one.rule in CATALOGUE and CATALOGUE[one.rule].can_be_silenced
    }


def silencing_problems(server: Server) -> Iterator[Problem]:
    """Yield what is wrong with silencing itself: an id that is none or can't be silenced, a missing reason."""
    for scope in server.scopes:
        for comment in _comments(scope):
            yield from _comment_problems(comment)


def _comment_problems(comment: SilencedRule) -> Iterator[Problem]:
    """Yield why a comment silences nothing."""
    kind = CATALOGUE.get(comment.rule)
    if kind is None:
        nearest = difflib.get_close_matches(comment.rule, CATALOGUE, n=1)
        message = f'"{comment.rule}" is no id of a problem, so nothing is silenced'
        fix = f"write `{nearest[0]}`" if nearest else f"write `{FORM}`, with the id that you saw"
        yield UNKNOWN_RULE.problem(comment.place, message, fix)
    elif not kind.can_be_silenced:
        message = f"`{kind.id}` can't be silenced: {kind.never_silenced}"
        fix = "remove this entry, and mend what is reported"
        yield NEVER_SILENCED.problem(comment.place, message, fix)
    elif not comment.reason:
        message = f"`{kind.id}` has no reason beside it, so it isn't silenced"
        yield SILENCED_WITHOUT_REASON.problem(comment.place, message, f"write `{FORM}`")


def _places(vhost: VirtualHost) -> Iterator[Place]:
    """Yield the places of all that stands in a virtual host."""
    yield vhost.place
    for placed in vhost.scope.placed:
        yield placed.directive.place
        yield placed.section_place or vhost.place


def _comments(scope: Scope) -> Sequence[SilencedRule]:
    """Return a scope's silencing comments."""
    return scope.derived(_read)


def _read(scope: Scope) -> Sequence[SilencedRule]:
    return tuple(silenced_rules(scope.tree))
