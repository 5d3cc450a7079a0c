"""Balancers and their sessions."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Balancer, Server
from ...rule import Finding, rule
from ..helpers.scopes import named, sections
from ..routing.rule_order import MOD_PROXY
from .worker_parameters import url_prefixes

MOD_BALANCER = "https://httpd.apache.org/docs/2.4/mod/mod_proxy_balancer.html"


@rule(
    "error",
    source=f"{MOD_BALANCER}#stickyness",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
          BalancerMember http://10.0.0.2:8080 route=r2
          ProxySet stickysession=JSESSIONID
        </Proxy>
        ProxyPass / balancer://shop/
    """,
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 route=r1
          BalancerMember http://10.0.0.2:8080 route=r2
          ProxySet stickysession=JSESSIONID
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def sticky_session_without_routes(server: Server) -> Iterator[Finding]:
    """A balancer keeps sessions at their members, and a member has no `route`.

    httpd finds a session's member by its `route`. Clients never return to a member without one.
    """
    for balancer in _distinct(server):
        if "stickysession" not in balancer.parameters:
            continue
        for member in balancer.members:
            if "route" not in member.parameters:
                message = f'"{member.url}" has no route, but `{balancer.name}` keeps sessions'
                yield Finding(member.place, message, "add a `route` that no other member has")


@rule(
    "error",
    source=f"{MOD_BALANCER}#stickyness",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 route=r1
          BalancerMember http://10.0.0.2:8080 route=r1
        </Proxy>
        ProxyPass / balancer://shop/
    """,
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 route=r1
          BalancerMember http://10.0.0.2:8080 route=r2
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def duplicate_route(server: Server) -> Iterator[Finding]:
    """Two members of a balancer have one route: every session goes to the first."""
    for balancer in _distinct(server):
        seen: dict[str, str] = {}
        for member in balancer.members:
            route = member.parameters.get("route", "")
            if route and route in seen:
                message = f'"{member.url}" has the same route as "{seen[route]}": `{route}`'
                yield Finding(
                    member.place.at("route"), message, "give each member a route of its own"
                )
            seen.setdefault(route, member.url)


@rule(
    "error",
    source=f"{MOD_PROXY}#balancermember",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        ProxyPass / balancer://shop/
    """,
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
          BalancerMember http://10.0.0.2:8080
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def duplicate_member(server: Server) -> Iterator[Finding]:
    """A balancer names one member twice: httpd makes one of them and ignores the other's parameters (AH01150)."""
    for balancer in _distinct(server):
        seen: set[str] = set()
        for member in balancer.members:
            url = member.url.lower().rstrip("/")
            if url in seen:
                yield Finding(
                    member.place.at("url"),
                    f'"{member.url}" is a member of this balancer already',
                    "remove one of the two",
                )
            seen.add(url)


@rule(
    "warning",
    source=f"{MOD_PROXY}#workers",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080/v1
          BalancerMember http://10.0.0.1:8080/v10
        </Proxy>
        ProxyPass / balancer://shop/
    """,
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080/v10
          BalancerMember http://10.0.0.1:8080/v1
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def member_shared(server: Server) -> Iterator[Finding]:
    """A member's URL begins with that of an earlier one: httpd makes no worker of it (AH01149, AH01150).

    Write the longest first.
    """
    for balancer in _distinct(server):
        seen: dict[str, str] = {}
        lengths: set[int] = set()
        for member in balancer.members:
            url = member.url.lower().rstrip("/")
            earlier = next((seen[one] for one in url_prefixes(url, lengths) if one in seen), None)
            if earlier and earlier.lower().rstrip("/") != url:
                message = f'"{member.url}" shares the worker of "{earlier}"'
                yield Finding(member.place.at("url"), message, "move it before that member")
            seen.setdefault(url, member.url)
            lengths.add(len(url))


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxy",
    bad="""
        <Proxy balancer://shop/app>
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        ProxyPass /app balancer://shop
    """,
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        ProxyPass /app balancer://shop/app
    """,
)
def balancer_path_ignored(server: Server) -> Iterator[Finding]:
    """A <Proxy> section of a balancer names a path, which httpd ignores: the path belongs to the rule's target."""
    for scope in server.scopes:
        told: set[str] = set()
        for placed in named(scope, "balancermember", "proxyset"):
            url = "".join(parts[1] for parts in sections(placed)[-1:] if len(parts) == 2)
            name, _slash, path = url.lower().removeprefix("balancer://").partition("/")
            if url.lower().startswith("balancer://") and path and url not in told:
                told.add(url)
                message = f'"/{path}" of <Proxy {url}> is ignored'
                fix = f"write <Proxy balancer://{name}>, and the path in ProxyPass"
                yield Finding(placed.section_place or placed.directive.place, message, fix)


@rule(
    "hint",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        ProxyPass / balancer://shop/ timeout=60
    """,
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 timeout=60
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def balancer_timeout(server: Server) -> Iterator[Finding]:
    """A balancer's `timeout` is how long a request waits for a free member, not how long a member may take."""
    for url, parameters, place in server.balancers:
        if "timeout" in parameters:
            message = f'`timeout={parameters["timeout"]}` of "{url}" is how long a request waits for a free member'
            fix = "if you mean how long an answer may take, write it on each BalancerMember"
            yield Finding(place.at("timeout"), message, fix)


def _distinct(server: Server) -> Iterator[Balancer]:
    """Yield each balancer once, though many virtual hosts include it."""
    seen: set[tuple[str, str]] = set()
    for scope in server.scopes:
        for balancer in scope.balancers:
            place = (balancer.name, str(balancer.place))
            if place not in seen:
                seen.add(place)
                yield balancer
