"""The balancer's member that a session leads to. Read in modules/proxy/mod_proxy_balancer.c (find_session_route, find_route_worker)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ...reading.server import Balancer, BalancerMember
from ...reading.view import balancer_name
from ...vocabulary.depends import Depends
from ..exchange import Exchange
from .workers import status_of

_STOPPED = frozenset("DSECU")
_BEFORE_A_COOKIE = frozenset("; ,\t")


def route_of(
    exchange: Exchange, balancer: Balancer, told: Sequence[Mapping[str, str]], url: str
) -> str:
    """Return the route that the request has in its URL or a cookie; empty for none.

    `told` are the balancer's parameters, wherever they are said. Raises Depends where they name its sessions differently, and
    so lead the request to different members.
    """
    names = dict.fromkeys(one["stickysession"] for one in told if "stickysession" in one)
    if not any(names):
        return ""
    parameters = {key: value for one in told for key, value in one.items()}
    routes = {_route(exchange, {**parameters, "stickysession": name}, url) for name in names}
    if len(routes) > 1:
        written = " or ".join(names)
        raise Depends("option", f"which stickysession was read last, {written}", balancer.place)
    for block in exchange.blocks():
        for setting in block.settings.get("requestheader", ()):
            if any(value.rstrip(":").lower() == "cookie" for value in setting.values[1:2]):
                raise Depends("directive", "RequestHeader, of the session's Cookie", setting.place)
    return routes.pop()


def _route(exchange: Exchange, parameters: Mapping[str, str], url: str) -> str:
    """Return the route that the request has for these parameters."""
    cookie, _bar, path = parameters["stickysession"].partition("|")
    if not cookie:
        return ""
    query = "" if exchange.args is None else f"?{exchange.args}"
    delimiters = "?&;" if parameters.get("scolonpathdelim", "").lower() == "on" else "?&"
    # A value in the URL hides the cookie, be there a route in it or not.
    session = _of_url(url + query, path or cookie, delimiters) or _of_cookies(
        exchange.request.headers.get("cookie", ""), cookie
    )
    separator = parameters.get("stickysessionsep", ".")
    if separator.lower() == "off":
        return session
    return session.partition(separator[:1] or ".")[2]


def parameters_of(exchange: Exchange, balancer: Balancer) -> Iterator[Mapping[str, str]]:
    """Yield what is said of a balancer: by each ProxyPass, those in a <Location> too, and in each scope's <Proxy>."""
    for scope in exchange.site.inherited:
        for rule in scope.rules:
            is_balancer = rule.url.lower().startswith("balancer://")
            if is_balancer and balancer_name(rule.url) == balancer.name.lower():
                yield rule.parameters
    for scope in exchange.site.inherited:
        for other in scope.balancers:
            if other.name.lower() == balancer.name.lower():
                yield other.parameters


def _of_url(url: str, name: str, delimiters: str) -> str:
    """Return the value of a name, wherever that stands in a URL; delimiters before the value are passed over."""
    at = url.find(name)
    while at >= 0:
        end = at + len(name)
        if url.startswith("=", end):
            return re.split(f"[{delimiters}]", url[end + 1 :].lstrip(delimiters), maxsplit=1)[0]
        at = url.find(name, end + 1)
    return ""


def _of_cookies(header: str, name: str) -> str:
    """Return the value of the cookie of that name; where none follows, httpd looks on behind the next character."""
    at = header.find(name)
    while at >= 0:
        if at and header[at - 1] not in _BEFORE_A_COOKIE:
            at = header.find(name, at + 1)
            continue
        rest = header[at + len(name) :].lstrip(" \t")
        if rest.startswith("="):
            return re.split("[;,]", rest[1:], maxsplit=1)[0]
        at = header.find(name, len(header) - len(rest) + 2)
    return ""


def members_with(balancer: Balancer, route: str) -> Sequence[BalancerMember]:
    """Return the members of a route."""
    return [one for one in balancer.members if route and one.parameters.get("route") == route]


def usable(members: Sequence[BalancerMember]) -> BalancerMember | None:
    """Return the member that is asked, one that isn't on standby first, whatever its set and however it drains.

    Raises Depends where one is stopped and names another for its sessions.
    """
    for member in sorted(members, key=lambda member: "H" in status_of(member)):
        if not status_of(member) & _STOPPED:
            return member
        if "redirect" in member.parameters:
            raise Depends("option", f"redirect={member.parameters['redirect']}", member.place)
    return None
