"""The variables of mod_rewrite, and texts in which they and `$1` stand.

https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond; read in modules/mappers/mod_rewrite.c (do_expand).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ...syntax.tree import Place
from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import Groups, group
from ..exchange import Exchange

_HEADERS = {
    "HTTP_USER_AGENT": "user-agent",
    "HTTP_REFERER": "referer",
    "HTTP_COOKIE": "cookie",
    "HTTP_FORWARDED": "forwarded",
    "HTTP_PROXY_CONNECTION": "proxy-connection",
    "HTTP_ACCEPT": "accept",
}
# What systemd, a shell or envvars may have given to httpd; the others are set while a request is answered, if at all.
_MAY_BE_OF_PROCESS = re.compile("(?!REDIRECT_|HTTPS?(_|$)|SSL_)[A-Z][A-Z0-9_]*")
_CONSTANT = {"SERVER_PROTOCOL": "HTTP/1.1", "PATH_INFO": ""}
_PLAIN: dict[str, Callable[[Exchange], str]] = {
    "HTTPS": lambda exchange: "on" if exchange.request.scheme == "https" else "off",
    "HTTP_HOST": lambda exchange: exchange.request.host,
    "QUERY_STRING": lambda exchange: exchange.args or "",
    "REQUEST_FILENAME": lambda exchange: exchange.filename,
    "SCRIPT_FILENAME": lambda exchange: exchange.filename,
    "REQUEST_METHOD": lambda exchange: exchange.request.method,
    "REQUEST_SCHEME": lambda exchange: exchange.scheme,
    "REQUEST_URI": lambda exchange: exchange.uri,
    "SERVER_NAME": lambda exchange: exchange.server_name,
    "SERVER_PORT": lambda exchange: str(exchange.server_port),
    "THE_REQUEST": lambda exchange: f"{exchange.request.method} {exchange.request.target} HTTP/1.1",
}


@dataclass
class References:
    """What `$1` and `%1` stand for, and where a text with them is written."""

    place: Place
    rule: Groups = field(default=())
    condition: Groups = field(default=())


@dataclass(frozen=True)
class ExpandedText:
    """A text with its values in place; `is_unsafe` says that the `?` in it came out of a value."""

    text: str
    is_unsafe: bool = False


def expand_text(
    text: str,
    exchange: Exchange,
    matched: References,
    *,
    escape: Callable[[str], str] | None = None,
    last_mark: bool = False,
) -> ExpandedText:
    """Put values into a text. `escape` is applied to what `$1` and `%1` stand for; `last_mark` is the flag QSL.

    Raises Depends for a map, or a variable that isn't known.
    """
    written: list[str] = []
    marks: list[bool] = []
    at = 0
    while at < len(text):
        value, end, is_value = _next(text, at, exchange, matched, escape)
        if "?" in value:
            marks.append(is_value)
        written.append(value)
        at = end
    # The `?` that begins the query is the first one, or the last.
    is_unsafe = bool(marks) and marks[-1 if last_mark else 0]
    return ExpandedText("".join(written), is_unsafe)


def _next(
    text: str,
    at: int,
    exchange: Exchange,
    matched: References,
    escape: Callable[[str], str] | None,
) -> tuple[str, int, bool]:
    """Return the next bit of a text, where it ends, and whether it is a value."""
    character, following = text[at], text[at + 1 : at + 2]
    if character not in "\\$%":
        end = min((i for i in (text.find(c, at) for c in "\\$%") if i >= 0), default=len(text))
        return text[at:end], end, False
    if character == "\\":
        return (following or character), at + 2, False
    if following == "{":
        end = text.find("}", at)
        if end < 0:
            return text[at : at + 2], at + 2, False
        if character == "$":
            raise Depends("map", f"what the map in `{text}` says", matched.place)
        return lookup(text[at + 2 : end], exchange, matched.place), end + 1, True
    if following and following in "0123456789":
        value = group(matched.rule if character == "$" else matched.condition, int(following))
        return (escape(value) if escape else value), at + 2, True
    return character, at + 1, False


def lookup(name: str, exchange: Exchange, place: Place) -> str:
    """Return the value of `%{name}`; empty where it isn't set. Raises Depends."""
    prefix, colon, rest = name.partition(":")
    if colon and prefix.upper() == "HTTP":
        if rest.lower() == "host":
            return exchange.request.host
        return exchange.request.headers.get(rest.lower(), "")
    if colon and prefix.upper() == "ENV":
        value = exchange.variable(rest)
        if value is None and _MAY_BE_OF_PROCESS.fullmatch(rest):
            raise Depends("environment", f"what {rest} is in httpd's environment", place)
        return value or ""
    plain = name.upper()
    if exchange.is_asked_by_itself and plain in ("REQUEST_METHOD", "THE_REQUEST"):
        raise Depends("variable", f"what %{{{name}}} is in what httpd asks itself", place)
    if plain == "IS_SUBREQ" and not exchange.is_asked_by_itself:
        return "false"
    if plain in _PLAIN:
        return _PLAIN[plain](exchange)
    if plain in _CONSTANT:
        return _CONSTANT[plain]
    if plain in _HEADERS:
        return exchange.request.headers.get(_HEADERS[plain], "")
    if plain in ("REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "CONN_REMOTE_ADDR"):
        if plain.endswith("ADDR") and exchange.request.client:
            return exchange.request.client
        raise Depends("client", "the client's address", place)
    if plain.startswith("TIME"):
        raise Depends("time", "the time of the request", place)
    raise Depends("variable", f"what %{{{name}}} is", place)
