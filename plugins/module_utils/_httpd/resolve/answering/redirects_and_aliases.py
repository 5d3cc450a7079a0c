"""Redirect, RedirectMatch, Alias and their kin. https://httpd.apache.org/docs/2.4/mod/mod_alias.html; mod_alias.c."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match, substituted
from ..blocks import Asked
from ..exchange import Exchange, holds
from ..paths.url_paths import escape_uri, prefix_length

_STATUSES = {"permanent": 301, "temp": 302, "seeother": 303, "gone": 410}


@dataclass(frozen=True)
class Redirected:
    """An answer of mod_alias; `location` is empty where the status is no redirect."""

    status: int
    location: str
    asked: Asked


def redirected(exchange: Exchange, directives: Iterable[Asked]) -> Redirected | None:
    """Return the answer of the first redirect whose path the request has."""
    for asked in directives:
        status, words = _status(asked)
        if not words:
            continue
        found = _target(asked, words, exchange)
        if found is None:
            exchange.say(f"{asked.name} {words[0]} doesn't match {exchange.uri}", asked.place)
            continue
        holds(asked)
        if not 300 <= status < 400:
            return Redirected(status, "", asked)
        return _answer(exchange, status, found, asked)
    return None


def redirected_in_location(exchange: Exchange) -> Redirected | None:
    """Return the answer of a Redirect that names no path, in a <Location>; the last section holds."""
    for block in reversed(exchange.matched):
        for asked in reversed(block.asked.get("@redirect", ())):
            status, words = _status(asked)
            if len(words) > 1 or asked.name == "redirectmatch" or (words and status == 410):
                continue
            holds(asked)
            if words and ("%{" in words[0] or "$" in words[0]):
                raise Depends("expression", f"the value of `{words[0]}`", asked.place)
            if not words:
                return Redirected(status, "", asked)
            return _answer(exchange, status, _escaped_url(words[0]), asked)
    return None


def aliased(exchange: Exchange, directives: Iterable[Asked]) -> Asked | None:
    """Return the Alias that takes the request."""
    for asked in directives:
        if len(asked.values) < 2:
            continue
        if asked.name.endswith("match"):
            found = match(asked.values[0], exchange.uri, place=asked.place) is not None
        else:
            found = prefix_length(exchange.uri, asked.values[0]) > 0
        if found:
            holds(asked)
            return asked
    return None


def _status(asked: Asked) -> tuple[int, tuple[str, ...]]:
    """Return the status, and the words without it."""
    status = 301 if asked.name == "redirectpermanent" else 302
    first = asked.values[0].lower() if asked.values else ""
    if first in _STATUSES:
        return _STATUSES[first], asked.values[1:]
    if first.isdigit():
        return int(first[:3]), asked.values[1:]
    return status, asked.values


def _target(asked: Asked, words: tuple[str, ...], exchange: Exchange) -> str | None:
    """Return the URL to go to; None where the path doesn't match."""
    url = words[1] if len(words) > 1 else ""
    if asked.name == "redirectmatch":
        groups = match(words[0], exchange.uri, place=asked.place)
        return None if groups is None else _escaped_url(substituted(url, groups))
    length = prefix_length(exchange.uri, words[0])
    return url + escape_uri(exchange.uri[length:]) if length else None


def _escaped_url(url: str) -> str:
    """Escape a URL's path; its query and fragment stay."""
    rest, hash_mark, fragment = url.partition("#")
    path, mark, query = rest.partition("?")
    return f"{escape_uri(path)}{mark}{query}{hash_mark}{fragment}"


def _answer(exchange: Exchange, status: int, url: str, asked: Asked) -> Redirected:
    """Complete a Location: this server's name before a path, the request's query behind."""
    if url.startswith("/") and not exchange.is_on("redirectrelative"):
        url = exchange.base_url + url
    if not url.startswith("/") and "://" not in url:
        return Redirected(500, "", asked)
    if exchange.args is not None and "?" not in url:
        url += f"?{exchange.args}"
    return Redirected(status, url, asked)
