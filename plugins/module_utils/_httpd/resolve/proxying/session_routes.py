"""The balancer's member that a session leads to. Read in modules/proxy/mod_proxy_balancer.c (find_session_route, find_route_worker)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ...reading.server import Balancer, BalancerMember
from ...reading.view import balancer_name
from ...vocabulary.depends import Depends
from ..exchange import Exchange
from .workers import status_of

_STOPPED = frozenset("DSE")


def member_of_session(
    exchange: Exchange, balancer: Balancer, told: Sequence[Mapping[str, str]], url: str
) -> BalancerMember | None:
    """Return the member whose route the request has in its URL or a cookie, whatever its set and however it drains.

    `told` are the balancer's parameters, those of each rule and its own.

    Raises Depends where that member is stopped and names another for its sessions, and where the balancer is told twice what
    its sessions are called.
    """
    if len({one["stickysession"] for one in told if "stickysession" in one}) > 1:
        raise Depends("option", "which stickysession was read last", balancer.place)
    parameters = {key: value for one in told for key, value in one.items()}
    names = parameters.get("stickysession", "")
    cookie, _bar, path = names.partition("|")
    if not names:
        return None
    for block in exchange.blocks():
        for setting in block.settings.get("requestheader", ()):
            if any(value.rstrip(":").lower() == "cookie" for value in setting.values[1:2]):
                raise Depends("directive", "RequestHeader, of the session's Cookie", setting.place)
    separator = parameters.get("stickysessionsep", ".")[:1] or "."
    query = "" if exchange.args is None else f"?{exchange.args}"
    delimiters = "?&;" if parameters.get("scolonpathdelim", "").lower() == "on" else "?&"
    values = [
        *_of_path(url + query, path or cookie, delimiters),
        *_of_cookies(exchange.request.headers.get("cookie", ""), cookie),
    ]
    routes = (value.partition(separator)[2] for value in values)
    route = next((route for route in routes if route), "")
    return _with_route(balancer, route) if route else None


def parameters_of_rules(exchange: Exchange, balancer: Balancer) -> Iterator[Mapping[str, str]]:
    """Yield what each ProxyPass says of a balancer, those in a <Location> too."""
    for scope in exchange.site.scopes:
        for rule in scope.rules:
            is_balancer = rule.url.lower().startswith("balancer://")
            if is_balancer and balancer_name(rule.url) == balancer.name.lower():
                yield rule.parameters


def _of_path(url: str, name: str, delimiters: str) -> Iterator[str]:
    """Yield the parameter of a URL, wherever its name stands in it."""
    found = re.search(rf"{re.escape(name)}=([^{re.escape(delimiters)}]*)", url)
    if found:
        yield found.group(1)


def _of_cookies(header: str, name: str) -> Iterator[str]:
    """Yield the cookie of that name."""
    found = re.search(rf"(?:^|[;, ]){re.escape(name)} *=([^;,]*)", header)
    if found:
        yield found.group(1)


def _with_route(balancer: Balancer, route: str) -> BalancerMember | None:
    """Return the member of a route, one that isn't on standby first."""
    members = [one for one in balancer.members if one.parameters.get("route") == route]
    for member in sorted(members, key=lambda member: "H" in status_of(member)):
        if not status_of(member) & _STOPPED:
            return member
        if "redirect" in member.parameters:
            raise Depends("option", f"redirect={member.parameters['redirect']}", member.place)
    return None
