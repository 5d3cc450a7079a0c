"""Rules inside <Location>: they are merged, not tried in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..rule import Finding, rule
from ..server import Placed, ProxyPass, Scope, Server
from .order import MOD_PROXY, prefixes

PAGES = frozenset({"server-status", "server-info", "balancer-manager", "ldap-status"})

_METACHARACTERS = re.compile(r"[\\^$*+?()\[\]{}|]")


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <Location /app/ws>
          ProxyPass ws://10.0.0.1:8080/app/ws
        </Location>
        <Location /app/>
          ProxyPass http://10.0.0.1:8080/app/
        </Location>
    """,
    good="""
        <Location /app/>
          ProxyPass http://10.0.0.1:8080/app/
        </Location>
        <Location /app/ws>
          ProxyPass ws://10.0.0.1:8080/app/ws
        </Location>
    """,
)
def location_never_wins(server: Server) -> Iterator[Finding]:
    """A later <Location> with a shorter path takes every request that this one is for.

    Of several <Location> blocks that match, the last in the file wins: the opposite of ProxyPass lines. Write the
    general one first, and the special ones after it.
    """
    for scope in server.scopes:
        later: dict[str, Placed] = {}
        for placed in reversed(_proxying_locations(scope)):
            path = placed.around[-1][1]
            winner = next((later[prefix] for prefix in prefixes(path) if prefix in later), None)
            if winner:
                yield Finding(
                    placed.section_origin or placed.directive.origin,
                    f"<Location {path}> never wins: <Location {winner.around[-1][1]}> at {winner.section_origin} comes later",
                    f"move <Location {path}> after it",
                )
            later.setdefault(path, placed)


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <LocationMatch ^/app/(.*)$>
          ProxyPass http://10.0.0.1:8080/
        </LocationMatch>
    """,
    good="""
        <LocationMatch ^/app/(.*)$>
          ProxyPassMatch http://10.0.0.1:8080/$1
        </LocationMatch>
    """,
)
def proxy_pass_in_location_match(server: Server) -> Iterator[Finding]:
    """A plain ProxyPass stands in a section whose path is a regular expression, and so matches nothing.

    It compares the expression's own text with the request's path, and the answer is 404.
    """
    for scope in server.scopes:
        for placed in scope.placed:
            kind, *words = placed.around[-1] if placed.around else ("",)
            is_expression = kind == "locationmatch" or (kind == "location" and words[:1] == ["~"])
            if (
                is_expression
                and placed.directive.name.lower() == "proxypass"
                and _METACHARACTERS.search("".join(words[-1:]))
            ):
                message = f'ProxyPass compares "{words[-1]}" literally, so it never fires'
                yield Finding(placed.directive.origin, message, "write ProxyPassMatch")


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        ProxyPass / http://10.0.0.1:8080/
        <Location /server-status>
          SetHandler server-status
        </Location>
    """,
    good="""
        ProxyPass /server-status !
        ProxyPass / http://10.0.0.1:8080/
        <Location /server-status>
          SetHandler server-status
        </Location>
    """,
)
def page_behind_proxy(server: Server) -> Iterator[Finding]:
    """A page of httpd's own lies on a path that is proxied, so the origin answers it.

    ProxyPass decides before <Location> sets a handler. Exclude the path first: `ProxyPass /server-status !`.
    """
    for scope in server.scopes:
        rules = _first_by_path(scope)
        for placed in scope.placed:
            page = "".join(placed.directive.args).lower()
            if placed.directive.name.lower() != "sethandler" or page not in PAGES:
                continue
            location = placed.around[-1] if placed.around else ()
            if len(location) == 2 and location[0] == "location":
                taker = _taker(location[1], rules)
                if taker and not taker.is_exclusion:
                    message = f'{page} at "{location[1]}" is never reached: "{taker.path}" at {taker.origin} proxies it'
                    fix = f"write `ProxyPass {location[1]} !` before that rule"
                    yield Finding(placed.directive.origin, message, fix)


def _proxying_locations(scope: Scope) -> list[Placed]:
    """Return the ProxyPass lines in a <Location> whose path is a prefix."""
    return [
        placed
        for placed in scope.placed
        if placed.directive.name.lower() == "proxypass"
        and placed.around
        and placed.around[-1][0] == "location"
        and len(placed.around[-1]) == 2
    ]


def _first_by_path(scope: Scope) -> dict[str, tuple[int, ProxyPass]]:
    """Return the first rule of each path, with its position."""
    found: dict[str, tuple[int, ProxyPass]] = {}
    for position, proxy_pass in enumerate(scope.rules):
        if not proxy_pass.location and not proxy_pass.is_match:
            found.setdefault(proxy_pass.path, (position, proxy_pass))
    return found


def _taker(path: str, rules: dict[str, tuple[int, ProxyPass]]) -> ProxyPass | None:
    """Return the rule that gets a path: the first in order of those that are a prefix of it."""
    candidates = [rules[prefix] for prefix in prefixes(path) if prefix in rules]
    return min(candidates, key=lambda candidate: candidate[0])[1] if candidates else None
