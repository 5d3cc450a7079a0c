"""RewriteRules as rules read them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ....reading.server import PlacedDirective, Scope, Server
from ....syntax.record import record
from ....syntax.tree import Place
from .scopes import inherited_value, is_outside, named, values

_GROUP = re.compile(r"(?<!\\)\((?!\?(?![P<'])|\*)")


@record(frozen=True)
class Rewrite:
    """A RewriteRule outside sections; `flags` are lower-case names, `conditions` the values of its RewriteConds."""

    pattern: str
    target: str
    flags: frozenset[str]
    conditions: tuple[tuple[str, ...], ...]
    place: Place

    @property
    def is_proxied(self) -> bool:
        """Tell whether its requests are proxied."""
        return "p" in self.flags


def rewrites(scope: Scope) -> Sequence[Rewrite]:
    """Return the RewriteRules of a scope in order."""
    return scope.derived(_rewrites) if scope.rewriting else ()


def _rewrites(scope: Scope) -> Sequence[Rewrite]:
    found: list[Rewrite] = []
    conditions: list[tuple[str, ...]] = []
    for placed in scope.rewriting:
        name = placed.name
        if name == "rewritecond" and is_outside(placed):
            conditions.append(values(placed))
        elif name == "rewriterule" and is_outside(placed):
            found.append(_rewrite(placed, tuple(conditions)))
            conditions = []
    return found


def engine_is_on(server: Server, scope: Scope) -> bool:
    """Tell whether a scope rewrites; a virtual host inherits the main server's RewriteEngine, not its rules."""
    own = [placed for placed in named(scope, "rewriteengine") if is_outside(placed)]
    if own:
        return " ".join(values(own[-1])).lower() == "on"
    return inherited_value(server, server.main, "rewriteengine") == "on"


def group_count(pattern: str) -> int:
    """Return how many groups of a pattern capture."""
    return len(_GROUP.findall(re.sub(r"\[\^?\]?[^\]]*\]", "x", pattern)))


def _rewrite(placed: PlacedDirective, conditions: tuple[tuple[str, ...], ...]) -> Rewrite:
    """Read pattern, substitution and flags."""
    words = (*values(placed), "", "", "")
    names = {flag.partition("=")[0].strip() for flag in words[2].strip("[]").lower().split(",")}
    flags = frozenset("p" if name == "proxy" else name for name in names)
    return Rewrite(words[0], words[1], flags, conditions, placed.directive.place)
