"""What the backend sees beside the client's own request, and how long it may take."""

from __future__ import annotations

from collections.abc import Mapping

from ..exchange import Exchange
from .targets import Target
from .workers import find_worker


def headers_seen(exchange: Exchange, target: Target) -> Mapping[str, str]:
    """Return the headers that httpd sets: those of RequestHeader, then Host, and X-Forwarded-* behind what is there.

    A header that is removed is empty. The value of a format string is shown as it is written.
    """
    headers = _Headers(exchange)
    for block in reversed(list(exchange.blocks())):
        for setting in block.settings.get("requestheader", ()):
            headers.edit(setting.values)
    host = headers.value("Host")
    if not exchange.is_on("proxypreservehost"):
        headers.lines["Host"] = [target.url.split("/")[2] if "://" in target.url else ""]
    if exchange.is_on("proxyaddheaders", default=True):
        headers.append("X-Forwarded-For", exchange.request.client or "the client's address")
        headers.append("X-Forwarded-Host", host)
        if exchange.site.name:
            headers.append("X-Forwarded-Server", exchange.site.name)
    return {name: headers.value(name) for name in headers.lines}


class _Headers:
    """Headers that differ from what the client sent, each as its lines."""

    def __init__(self, exchange: Exchange) -> None:
        self.lines: dict[str, list[str]] = {"Host": [exchange.request.host]}
        self._client = {name.title(): value for name, value in exchange.request.headers.items()}

    def value(self, name: str) -> str:
        """Return a header with its lines joined, as the backend reads it."""
        return ", ".join(self._lines(name))

    def _lines(self, name: str) -> list[str]:
        return self.lines.get(name, [self._client[name]] if name in self._client else [])

    def append(self, name: str, value: str) -> None:
        """Write a value behind the first line."""
        before = self._lines(name)
        first = f"{before[0]}, {value}" if before else value
        self.lines[name] = [first, *before[1:]]

    def edit(self, values: tuple[str, ...]) -> None:
        """Apply one RequestHeader."""
        words = values[1:] if values[:1] and values[0].lower() == "early" else values
        if len(words) < 2:
            return
        action, name = words[0].lower(), words[1].rstrip(":").title()
        before = self._lines(name)
        if action == "unset":
            self.lines[name] = []
        elif len(words) < 3 or (action == "setifempty" and before):
            return
        elif action in ("set", "setifempty"):
            self.lines[name] = [words[2]]
        elif action == "add":
            self.lines[name] = [*before, words[2]]
        elif action == "append" or (action == "merge" and words[2] not in self._items(name)):
            self.append(name, words[2])

    def _items(self, name: str) -> list[str]:
        return [item.strip() for item in ",".join(self._lines(name)[:1]).split(",")]


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
        setting = exchange.setting(name)
        if setting and setting.values:
            found["timeout"] = setting.values[0]
            break
    else:
        found["timeout"] = "60"
    found.update(
        {key: parameters[key] for key in ("timeout", "connectiontimeout") if key in parameters}
    )
    return found
