"""Balancers and their sessions."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import Finding, rule
from ..server import Balancer, Server
from .order import MOD_PROXY

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
    """A sticky balancer has members that no session can name.

    httpd finds a session's member by its `route`. A member without one never gets a returning client.
    """
    for balancer in _distinct(server):
        if "stickysession" not in balancer.parameters:
            continue
        for member in balancer.members:
            if "route" not in member.parameters:
                message = f'"{member.url}" has no route, but `{balancer.name}` keeps sessions'
                yield Finding(member.origin, message, "add a `route` that no other member has")


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
                message = f'"{member.url}" has the route `{route}` of "{seen[route]}"'
                yield Finding(
                    member.origin.at("route"), message, "give each member a route of its own"
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
                    member.origin.at("url"),
                    f'"{member.url}" is a member already',
                    "remove one of the two",
                )
            seen.add(url)


def _distinct(server: Server) -> Iterator[Balancer]:
    """Yield each balancer once, though many virtual hosts include it."""
    seen: set[tuple[str, str]] = set()
    for scope in server.scopes:
        for balancer in scope.balancers:
            place = (balancer.name, str(balancer.origin))
            if place not in seen:
                seen.add(place)
                yield balancer
