"""What httpd refuses while it reads a request, before the request's virtual host is known.

Limits are those of the first virtual host at the address; of the rest, that of any may have said so.
https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestline and those beside it; server/protocol.c.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ...reading.server import Scope, Server
from ...syntax.quoting import unquote
from ...vocabulary.depends import Depends
from ...vocabulary.effects.directive_effects import spelling_of
from ..request import Request

Texts = tuple[str, ...]
_ODD = frozenset({"content-length", "expect", "transfer-encoding", "upgrade"})
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CONTINUE = "100-continue"
LONGEST_LINE = "8190"
MOST_HEADERS = "100"
SMALL, MANY = 8000, 90  # below the defaults, whatever else is in a line


def refuse_by_limits(
    server: Server, first: Callable[[], Scope], request: Request, *, is_readable: bool
) -> None:
    """Raise Depends where a directive, or the default in its place, may refuse the request.

    `first` returns the first virtual host of the request's address. A request that isn't `is_readable` httpd refuses itself:
    then a directive may have it answer otherwise.
    """
    _refuse_odd_headers(request)
    if not _TOKEN.fullmatch(request.method):
        raise Depends("option", "a method that is no token")
    if request.method == "CONNECT":
        raise Depends("option", "CONNECT, which isn't followed")
    for name in sorted(_WHILE_READING & server.names):
        for _scope, placed in server.named(name):
            place = placed.directive.place
            values = tuple(map(unquote, placed.directive.args))
            is_told = name != "errordocument" or values[:1] == ("400",)
            if (not is_readable and is_told) or _reaches(name, values, request):
                raise Depends("directive", f"{spelling_of(name)}, which isn't modelled", place)
    set_ones = frozenset(_refuse_by_set_limits(server, first, request))
    if _is_small(request):
        return
    for name, limit in _DEFAULTS.items():
        if name not in set_ones and _reaches(name, (limit,), request):
            told = f"{spelling_of(name)}, which isn't modelled and is {limit} by default"
            raise Depends("directive", told)


def _refuse_by_set_limits(
    server: Server, first: Callable[[], Scope], request: Request
) -> Iterator[str]:
    """Yield the limits that are set for the request's address. Raises Depends where one refuses it."""
    for name in sorted(_DEFAULTS.keys() & server.names):
        found = [*server.main.named(name), *first().named(name)]
        for placed in reversed(found):
            if _reaches(name, placed.values, request):
                message = f"{spelling_of(name)}, which isn't modelled"
                raise Depends("directive", message, placed.directive.place)
            if not placed.around:
                yield name
                break


def _refuse_odd_headers(request: Request) -> None:
    """Raise Depends for headers that httpd may refuse itself (server/protocol.c; http_protocol.c for Expect)."""
    headers = request.headers
    if not _ODD.isdisjoint(headers):
        length, coding = headers.get("content-length", "0"), headers.get("transfer-encoding", "")
        if headers.get("expect", _CONTINUE).lower() != _CONTINUE:
            raise Depends("option", "the request's own Expect")
        if headers.get("upgrade", "").lower().startswith("h2"):
            raise Depends("option", "the request's own Upgrade to HTTP/2")
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            raise Depends("option", "the request's own Content-Length")
        if coding and (coding.lower() != "chunked" or "content-length" in headers):
            raise Depends("option", "the request's own Transfer-Encoding")


def _is_small(request: Request) -> bool:
    """Tell whether no default limit comes near; almost every request is, and is told so at once."""
    headers = request.headers
    length = sum(map(len, headers)) + sum(map(len, headers.values()))
    return length + len(request.target) + len(request.host) < SMALL and len(headers) < MANY


def _reaches(name: str, values: Texts, request: Request) -> bool:
    return name in _REACHES and _REACHES[name](values, request)


def _number(values: Texts) -> int:
    """Return a limit; one that can't be read is the tightest."""
    value = "".join(values[:1])
    return int(value) if value.isascii() and value.isdigit() and len(value) < 15 else 1


def _has_longer_line(values: Texts, request: Request) -> bool:
    return len(request.method) + len(request.target) + len("  HTTP/1.1") > _number(values)


def _has_longer_header(values: Texts, request: Request) -> bool:
    headers = [("host", request.host), *request.headers.items()]
    return any(len(name) + len(value) + len(": ") > _number(values) for name, value in headers)


def _has_more_headers(values: Texts, request: Request) -> bool:
    """The Host is one of them; 0 is no limit."""
    return 0 < _number(values) <= len(request.headers)


def _is_unusual(values: Texts, _request: Request) -> bool:
    """HttpProtocolOptions: all but the default is about odd requests, and which those are isn't followed."""
    return any(value.lower() not in ("strict", "lenientmethods", "allow0.9") for value in values)


def _is_on(values: Texts, _request: Request) -> bool:
    """What is on for one virtual host is on for every one of the address."""
    return [value.lower() for value in values] != ["off"]


_REACHES: Mapping[str, Callable[[Texts, Request], bool]] = {
    "httpprotocoloptions": _is_unusual,
    "limitrequestline": _has_longer_line,
    "limitrequestfieldsize": _has_longer_header,
    "limitrequestfields": _has_more_headers,
    "protocolecho": _is_on,
    "remoteipproxyprotocol": _is_on,
}
_DEFAULTS = {
    "limitrequestline": LONGEST_LINE,
    "limitrequestfieldsize": LONGEST_LINE,
    "limitrequestfields": MOST_HEADERS,
}
# What answers where a request can't be read is among them.
_WHILE_READING = frozenset({*_REACHES, "errordocument"}) - _DEFAULTS.keys()
