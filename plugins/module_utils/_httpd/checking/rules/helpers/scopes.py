"""How rules read directives and the sections around them; the one room that knows how `Scope` keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter

from ....reading.server import PlacedDirective, Scope, Server
from ....syntax.condition_sections import CONDITIONS


def named(scope: Scope, *names: str) -> Sequence[PlacedDirective]:
    """Return the directives of these lower-case names, name by name, each in file order."""
    if len(names) == 1:
        return scope.named(names[0])
    # Most scopes have none of them; every rule asks every scope.
    if scope.names.isdisjoint(names):
        return ()
    return [placed for name in names for placed in scope.named(name)]


def everywhere(server: Server, *names: str) -> Sequence[PlacedDirective]:
    """Return the directives of these lower-case names in every scope: scope by scope, and there name by name."""
    return [placed for _number, placed in _with_numbers(server, names)]


def with_scopes(server: Server, *names: str) -> Sequence[tuple[Scope, PlacedDirective]]:
    """Return the same, each with its scope."""
    return [(server.scopes[number], placed) for number, placed in _with_numbers(server, names)]


def _with_numbers(server: Server, names: tuple[str, ...]) -> Iterable[tuple[int, PlacedDirective]]:
    """Return the same, each with its scope's number."""
    found = (server.named(name) for name in names)
    return sorted(chain.from_iterable(found), key=itemgetter(0))


def scopes_with(server: Server, *names: str) -> Sequence[Scope]:
    """Return the scopes that have a directive of one of these lower-case names, in order."""
    numbers = {number for name in names for number, _placed in server.named(name)}
    return [server.scopes[number] for number in sorted(numbers)]


def in_file_order(scope: Scope, *names: str) -> Iterator[PlacedDirective]:
    """Yield the directives of these lower-case names in file order."""
    if has(scope, *names):
        for placed in scope.placed:
            if placed.name in names:
                yield placed


def shared(server: Server, names: frozenset[str]) -> Sequence[str]:
    """Return which of these lower-case names a server has in any scope, sorted."""
    return sorted(server.names & names)


def has(scope: Scope, *names: str) -> bool:
    """Tell whether a directive of one of these lower-case names is there."""
    return not scope.names.isdisjoint(names)


def values(placed: PlacedDirective) -> tuple[str, ...]:
    """Return the values of a directive's words."""
    return placed.values


def written(placed: PlacedDirective) -> str:
    """Return a directive as it is written."""
    return " ".join((placed.directive.name, *placed.directive.args))


def last_value(scope: Scope, name: str) -> str:
    """Return the first word of the last such directive, in lower case; empty where there is none."""
    several = scope.named(name)
    return " ".join(values(several[-1])[:1]).lower() if several else ""


def inherited_value(server: Server, scope: Scope, name: str) -> str:
    """Return the same, of the main server where the scope says nothing."""
    return last_value(scope, name) or last_value(server.main, name)


def sections(placed: PlacedDirective) -> tuple[tuple[str, ...], ...]:
    """Return the sections around a directive, open conditions left out."""
    if not placed.around:
        return ()
    return tuple(parts for parts in placed.around if parts[0] not in CONDITIONS)


def is_outside(placed: PlacedDirective) -> bool:
    """Tell whether a directive stands at the level of the server or virtual host."""
    return not placed.around or not sections(placed)


def section_path(placed: PlacedDirective, kind: str = "location") -> str:
    """Return the literal argument of the innermost section, where it is of that kind; else an empty text."""
    around = sections(placed)
    return around[-1][1] if around and around[-1][0] == kind and len(around[-1]) == 2 else ""


def is_incomplete(server: Server, scope: Scope) -> bool:
    """Tell whether an Include is left that could say more of a scope."""
    return has(scope, "include", "includeoptional") or has(
        server.main, "include", "includeoptional"
    )


def is_excluded_by_variable(scope: Scope) -> bool:
    """Tell whether a variable may keep some request from being proxied."""
    names = ("setenvif", "setenvifnocase", "setenvifexpr", "browsermatch", "browsermatchnocase")
    return any(
        value.partition("=")[0] == "no-proxy"
        for placed in named(scope, *names)
        for value in values(placed)
    )
