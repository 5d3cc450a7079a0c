"""What a configuration silences: whether it may, and which problems that is."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from ..reading.server import Scope, Server, VirtualHost
from ..syntax.problem import Problem
from ..syntax.silencing_comments import SilencedRule, silenced_rules
from ..syntax.silencing_reasons import Reasons, Silencing, reasons_of
from ..syntax.tree import Place
from .problem_catalogue import CATALOGUE
from .problem_kinds import NEVER_SILENCED, SILENCED_WITHOUT_REASON, UNKNOWN_RULE

FORM = "# gatehouse: off ID REASON"


def silencing_of(server: Server) -> Silencing:
    """Return what a server's comments silence: those of a virtual host hold for what stands in it."""
    by_variable: dict[str, Reasons] = {}
    by_line: dict[Place, Reasons] = {}
    for vhost in server.vhosts:
        reasons = reasons_of(_comments(vhost.scope), CATALOGUE)
        if reasons:
            if not vhost.place.line:
                by_variable[vhost.place.source] = reasons
            by_line.update(dict.fromkeys(_places(vhost), reasons))
    return Silencing(reasons_of(_comments(server.main), CATALOGUE), by_variable, by_line)


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
        fix = f"write `{nearest[0]}`" if nearest else "write the id that the problem shows"
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
