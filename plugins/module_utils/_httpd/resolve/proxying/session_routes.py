"""The balancer's member that a session leads to. Read in modules/proxy/mod_proxy_balancer.c (find_session_route, find_route_worker)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...reading.server import Balancer, BalancerMember
from ...vocabulary.depends import Depends
from ..exchange import Exchange
from .workers import status_of

_STOPPED = frozenset("DSE")


def member_of_session(exchange: Exchange, balancer: Balancer, url: str) -> BalancerMember | None:
    """Return the member whose route the request has in its URL or a cookie, whatever its set and however it drains.

    Raises Depends where that member is stopped and names another for its sessions, and where the balancer is told twice what
    its sessions are called.
    """
    of_rules = _of_rules(exchange, balancer)
    parameters = {**of_rules, **balancer.parameters}
    if of_rules.get("stickysession", "") not in ("", parameters.get("stickysession")):
        raise Depends("option", "which stickysession was read last", balancer.place)
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


def _of_rules(exchange: Exchange, balancer: Balancer) -> Mapping[str, str]:
    """Return what ProxyPass says of a balancer."""
    found: dict[str, str] = {}
    for rule in exchange.site.proxy_rules:
        if rule.url.lower().removeprefix("balancer://").partition("/")[0] == balancer.name.lower():
            words = (word.partition("=") for word in rule.setting.values[2:])
            found.update({key.lower(): value for key, equals, value in words if equals})
    return found


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
