"""Rules inside <Location>: they are merged, not tried in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import PlacedDirective, Scope, Server
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, is_excluded_by_variable
from .rule_order import MOD_PROXY, first_rules, prefixes, proxying_taker

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
        later: dict[str, PlacedDirective] = {}
        for placed in reversed(_proxying_locations(scope)):
            path = placed.around[-1][1]
            winner = next((later[prefix] for prefix in prefixes(path) if prefix in later), None)
            if winner:
                yield Finding(
                    placed.section_place or placed.directive.place,
                    f"<Location {path}> never wins: <Location {winner.around[-1][1]}> at {winner.section_place} comes later",
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
    for placed in everywhere(server, "proxypass"):
        kind, *words = placed.around[-1] if placed.around else ("",)
        is_expression = kind == "locationmatch" or (kind == "location" and words[:1] == ["~"])
        if is_expression and _METACHARACTERS.search("".join(words[-1:])):
            message = f'ProxyPass compares "{words[-1]}" literally, so it never fires'
            yield Finding(placed.directive.place, message, "write ProxyPassMatch")


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        ProxyPass / http://10.0.0.1:8080/
        <Location /server-status>
          SetHandler server-status
          Require local
        </Location>
    """,
    good="""
        ProxyPass /server-status !
        ProxyPass / http://10.0.0.1:8080/
        <Location /server-status>
          SetHandler server-status
          Require local
        </Location>
    """,
)
def page_behind_proxy(server: Server) -> Iterator[Finding]:
    """A page of httpd's own lies on a path that is proxied, so the backend answers it.

    ProxyPass decides before <Location> sets a handler. Exclude the path first: `ProxyPass /server-status !`.
    """
    for scope in server.scopes:
        rules = first_rules(scope) if "sethandler" in scope.names else {}
        for placed in scope.named("sethandler"):
            page = "".join(placed.values).lower()
            if page not in PAGES:
                continue
            location = placed.around[-1] if placed.around else ()
            if len(location) == 2 and location[0] == "location":
                found = proxying_taker(location[1], rules)
                if found and not is_excluded_by_variable(scope):
                    message = f'{page} at "{location[1]}" is never reached: "{found.path}" at {found.place} proxies it'
                    fix = f"write `ProxyPass {location[1]} !` before that rule"
                    yield Finding(placed.directive.place, message, fix)


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <Location />
          ProxyPass http://10.0.0.1:8080/
        </Location>
        ProxyPass /static/ !
    """,
    good="""
        ProxyPass /static/ !
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def rule_behind_location(server: Server) -> Iterator[Finding]:
    """A <Location> with a ProxyPass takes every request that this rule, or exclusion, is for.

    httpd asks <Location> first (but for rules with `mapping=`), wherever it stands in the file; an exclusion outside of it excludes nothing there. Write
    the exception as a <Location> after the general one, or choose by `SetEnvIf Request_URI ^/static/ no-proxy`.
    """
    for scope in server.scopes:
        locations = {placed.around[-1][1]: placed for placed in _proxying_locations(scope)}
        for proxy_pass in scope.rules if locations else ():
            if proxy_pass.location or proxy_pass.is_match or "mapping" in proxy_pass.parameters:
                continue
            path = next((one for one in prefixes(proxy_pass.path) if one in locations), None)
            if path and not (proxy_pass.is_exclusion and _excludes(locations[path])):
                place = locations[path].section_place
                message = (
                    f'"{proxy_pass.path}" never fires: <Location {path}> at {place} is asked first'
                )
                fix = f"write it as a <Location {proxy_pass.path}> after that one"
                yield Finding(proxy_pass.place.at("path"), message, fix)


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <Location /app/>
          ProxyPass http://10.0.0.1:8080/
          ProxyPass http://10.0.0.2:8080/
        </Location>
    """,
    good="""
        <Location /app/>
          ProxyPass http://10.0.0.2:8080/
        </Location>
    """,
)
def two_rules_in_one_location(server: Server) -> Iterator[Finding]:
    """A <Location> has two ProxyPass: the last holds, and the first is lost without a word."""
    for scope in server.scopes:
        seen: dict[int, PlacedDirective] = {}
        for placed in _proxying_locations(scope):
            earlier = seen.get(id(placed.section_place))
            if earlier:
                message = f"`ProxyPass {' '.join(earlier.directive.args)}` is lost: another follows in the same <Location>"
                yield Finding(earlier.directive.place, message, "keep one of the two")
            seen[id(placed.section_place)] = placed


def _excludes(placed: PlacedDirective) -> bool:
    """Tell whether a ProxyPass in a <Location> is an exclusion."""
    return placed.directive.args[:1] == ("!",)


def _proxying_locations(scope: Scope) -> list[PlacedDirective]:
    """Return the ProxyPass lines in a <Location> whose path is a prefix."""
    return [
        placed
        for placed in scope.named("proxypass")
        if placed.around and placed.around[-1][0] == "location" and len(placed.around[-1]) == 2
    ]
