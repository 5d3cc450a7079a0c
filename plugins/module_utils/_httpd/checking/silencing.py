"""Rules that a configuration switches off: whether it may, and which problems that is for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from ..reading.server import Scope, Server
from ..syntax.problem import Problem
from ..syntax.silencing_comments import SilencedRule, silenced_rules
from ..syntax.tree import Place
from .rule import PAGE

FORM = "# gatehouse: off RULE REASON"


def silencing_problems(server: Server, ids: Set[str]) -> Iterator[Problem]:
    """Yield what is wrong with the switches themselves: a rule that isn't one of `ids`, or no reason."""
    for scope in server.scopes:
        for switch in _silenced_rules(scope):
            if switch.rule not in ids:
                nearest = difflib.get_close_matches(switch.rule, ids, n=1)
                message = f'"{switch.rule}" is no rule, so nothing is switched off'
                fix = f"write `{nearest[0]}`" if nearest else f"write {FORM}, with an id of {PAGE}"
                yield Problem("unknown-rule", "warning", switch.place, message, fix, PAGE)
            elif not switch.reason:
                message = f"`{switch.rule}` has no reason beside it, so it isn't switched off"
                fix = f"write {FORM}"
                yield Problem("switch-without-reason", "warning", switch.place, message, fix, PAGE)


def with_reasons(problems: Iterable[Problem], server: Server) -> Iterator[Problem]:
    """Yield every problem; one that is switched off has the reason.

    A switch of the main server holds everywhere, one of a virtual host for what stands in it.
    """
    everywhere = _reasons(server.main)
    places = _SilencedVhosts(server)
    for problem in problems:
        reason = everywhere.get(problem.rule) or places.reason(problem)
        yield replace(problem, reason=reason) if reason else problem


class _SilencedVhosts:
    """The virtual hosts that switch something off, by the places in them."""

    def __init__(self, server: Server) -> None:
        self._by_variable: dict[str, dict[str, str]] = {}
        self._by_line: dict[Place, dict[str, str]] = {}
        for vhost in server.vhosts:
            reasons = _reasons(vhost.scope)
            if not reasons:
                continue
            if not vhost.place.line:
                self._by_variable[vhost.place.source] = reasons
            self._by_line[vhost.place] = reasons
            for placed in vhost.scope.placed:
                self._by_line[placed.directive.place] = reasons
                self._by_line[placed.section_place or vhost.place] = reasons

    def reason(self, problem: Problem) -> str:
        """Return why the virtual host of a problem doesn't want to hear of it; empty where it does."""
        if problem.place.line and problem.place in self._by_line:
            return self._by_line[problem.place].get(problem.rule, "")
        place = problem.place.source if self._by_variable else ""
        while place:
            if place in self._by_variable:
                return self._by_variable[place].get(problem.rule, "")
            place = place.rpartition(".")[0]
        return ""


def _reasons(scope: Scope) -> dict[str, str]:
    """Return the reason of each rule that a scope switches off."""
    return {switch.rule: switch.reason for switch in _silenced_rules(scope) if switch.reason}


def _silenced_rules(scope: Scope) -> Sequence[SilencedRule]:
    """Return a scope's switches."""
    return scope.derived(_read)


def _read(scope: Scope) -> Sequence[SilencedRule]:
    return tuple(silenced_rules(scope.tree))
