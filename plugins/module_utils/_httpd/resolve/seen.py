"""What the origin sees beside the client's own request, and how long it may take."""

from __future__ import annotations

from collections.abc import Mapping

from .exchange import Exchange
from .targets import Target
from .workers import find_worker


def headers_seen(exchange: Exchange, target: Target) -> Mapping[str, str]:
    """Return the headers that httpd sets: Host, X-Forwarded-*, and the constant ones of RequestHeader."""
    authority = target.url.split("/")[2] if "://" in target.url else ""
    host = exchange.request.host
    if not exchange.is_on("proxypreservehost"):
        host = authority
    seen = {"Host": host}
    if exchange.is_on("proxyaddheaders", default=True):
        seen["X-Forwarded-For"] = exchange.request.client or "the client's address"
        seen["X-Forwarded-Host"] = exchange.request.host
        if exchange.site.name:
            seen["X-Forwarded-Server"] = exchange.site.name
    for block in reversed(list(exchange.blocks())):
        for asked in block.asked.get("requestheader", ()):
            _edit(seen, asked.values)
    return seen


def _edit(seen: dict[str, str], values: tuple[str, ...]) -> None:
    """Apply one RequestHeader; the value of a format string is shown as it is written."""
    words = values[1:] if values[:1] and values[0].lower() == "early" else values
    if len(words) < 2:
        return
    action, name = words[0].lower(), words[1].title()
    if action == "unset":
        seen.pop(name, None)
    elif action in ("set", "add", "append", "merge", "setifempty") and len(words) > 2:
        if action == "setifempty" and name in seen:
            return
        before = seen.get(name) if action in ("append", "merge", "add") else None
        seen[name] = f"{before}, {words[2]}" if before else words[2]


def timeouts_in_force(exchange: Exchange, target: Target) -> Mapping[str, str]:
    """Return `timeout` and `connectiontimeout` as they are written: of the worker, else ProxyTimeout, else Timeout."""
    found: dict[str, str] = {}
    worker = find_worker(exchange.site.workers, target.url) if not target.members else None
    parameters = dict(worker.parameters) if worker else {}
    for balancer in exchange.site.balancers.values():
        for member in balancer.members:
            if target.members and member.url == target.members[0]:
                parameters = dict(member.parameters)
    for name in ("proxytimeout", "timeout"):
        asked = exchange.setting(name)
        if asked and asked.values:
            found["timeout"] = asked.values[0]
            break
    else:
        found["timeout"] = "60"
    found.update(
        {key: parameters[key] for key in ("timeout", "connectiontimeout") if key in parameters}
    )
    return found
