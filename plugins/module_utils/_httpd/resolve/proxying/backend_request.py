"""What the backend sees beside the client's own request, and how long it may take."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..blocks import Setting
from ..exchange import Exchange
from ..request import Reason
from .targets import Target
from .workers import find_worker


class SeenHeaders(NamedTuple):
    """The headers that httpd sets, by name; `open` says by what directive the others may be set."""

    known: Mapping[str, str]
    open: Mapping[str, str]


def headers_seen(exchange: Exchange, target: Target) -> SeenHeaders:
    """Return the headers that httpd sets: those of RequestHeader, then Host, and X-Forwarded-* behind what is there.

    A header that is removed is empty.
    """
    headers = _Headers(exchange)
    for block in reversed(list(exchange.blocks())):
        for setting in block.settings.get("requestheader", ()):
            headers.edit(setting)
    if target.url.partition(":")[0].lower() in _WITHOUT_FORWARDED:
        return headers.all()
    host = headers.value("Host")
    if not exchange.is_on("proxypreservehost"):
        headers.lines["Host"] = [target.url.split("/")[2] if "://" in target.url else ""]
    if exchange.is_on("proxyaddheaders", default=True):
        headers.append("X-Forwarded-For", exchange.request.client or "the client's address")
        headers.append("X-Forwarded-Host", host)
        if "Host" in headers.open or headers.has_edited_host:
            why = "RequestHeader of Host, of which X-Forwarded-Host is made"
            headers.open["X-Forwarded-Host"] = headers.open.get("Host", why)
        if exchange.site.name:
            headers.append("X-Forwarded-Server", exchange.site.written_name)
    if not exchange.is_on("proxypreservehost"):
        headers.open.pop("Host", None)
    elif not headers.value("Host"):
        headers.open["Host"] = "RequestHeader, which removes it"
    headers.drop_hops()
    _add_what_modules_set(exchange, headers)
    return headers.all()


def _add_what_modules_set(exchange: Exchange, headers: _Headers) -> None:
    """Headers that other directives than RequestHeader set are told by name."""
    for directive, header, unless in _SET_BY:
        setting = exchange.setting(directive)
        if setting and "".join(setting.values[:1]).lower() not in unless:
            headers.open[header] = str(
                Reason(f"{setting.spelling} {setting.values[0]}", setting.place)
            )


_SET_BY = (
    ("authbasicfake", "Authorization", ("", "off")),
    ("proxyvia", "Via", ("", "off")),
    ("proxymaxforwards", "Max-Forwards", ("", "-1")),
)
# mod_proxy_ajp, _fcgi, _scgi and _uwsgi pass on what the client sent.
_WITHOUT_FORWARDED = frozenset({"ajp", "fcgi", "scgi", "uwsgi"})


def _hops(exchange: Exchange) -> list[str]:
    """Return the headers that the client's Connection names."""
    tokens = exchange.request.headers.get("connection", "").split(",")
    return [token.strip().title() for token in tokens]


class _Headers:
    """Headers that differ from what the client sent, each as its lines; `open` are those of which that isn't known."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.lines: dict[str, list[str]] = {"Host": [exchange.request.host]}
        self.open: dict[str, str] = {}
        self.has_edited_host = False
        self._client = {name.title(): value for name, value in exchange.request.headers.items()}

    def all(self) -> SeenHeaders:
        """Return them, those whose values aren't known by name only."""
        known = {name: self.value(name) for name in self.lines if name not in self.open}
        return SeenHeaders(known, self.open)

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

    def drop_hops(self) -> None:
        """What the client's Connection names isn't passed on, but httpd may write it anew."""
        for name in _hops(self._exchange):
            if name in self.lines:
                self.open[name] = "the request's own Connection"

    def edit(self, setting: Setting) -> None:
        """Apply one RequestHeader."""
        words = (*setting.values[:2], *map(self._written, setting.values[2:]))
        if len(words) < 2:
            return
        action, name = words[0].lower(), words[1].rstrip(":").title()
        before = self._lines(name)
        self.has_edited_host = self.has_edited_host or name == "Host"
        if setting.condition or _is_open(words):
            self.open[name] = str(Reason(f"RequestHeader {' '.join(words)}", setting.place))
        elif action == "unset":
            self.lines[name] = []
        elif len(words) < 3 or (action == "setifempty" and before):
            return
        elif action in ("set", "setifempty"):
            self.lines[name] = [words[2]]
        elif action == "add":
            self.lines[name] = [*before, words[2]]
        elif action == "append" or (action == "merge" and words[2] not in self._items(name)):
            self.append(name, words[2])

    def _written(self, value: str) -> str:
        """Return a value, with what is known of an expression in its place."""
        exchange = self._exchange
        known = {
            "expr=%{REQUEST_SCHEME}": exchange.scheme,
            "expr=%{HTTPS}": "on" if exchange.request.scheme == "https" else "off",
        }
        return known.get(value, value)

    def _items(self, name: str) -> list[str]:
        """Return the items of the first line: blanks before them aren't theirs, and a comma in quotes parts none."""
        line = "".join(self._lines(name)[:1])
        return [item.lstrip(_BLANKS) for item in _ITEM.findall(line)]


def _is_open(words: Sequence[str]) -> bool:
    """Tell whether a RequestHeader has a condition, a format or an action that isn't modelled."""
    action, values = words[0].lower(), words[2:]
    if action == "unset":
        return bool(values)
    # An empty value is sent, and couldn't be told from a header that isn't.
    has_format = bool(values) and (
        not values[0] or "%" in values[0] or "\\" in values[0] or values[0].startswith("expr=")
    )
    return action not in _ACTIONS or len(values) > 1 or has_format


_ITEM = re.compile(r'(?:[^",]|"[^"]*(?:"|$))+')
_BLANKS = " \t\n\v\f\r"
_ACTIONS = frozenset({"add", "append", "merge", "set", "setifempty"})


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
