"""Redirect, RedirectMatch, Alias and their kin. https://httpd.apache.org/docs/2.4/mod/mod_alias.html; mod_alias.c."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match, substituted
from ...vocabulary.statuses import KNOWN_STATUSES
from ..blocks import Setting
from ..exchange import Exchange, holds
from ..paths.url_paths import escape_uri, prefix_length
from ..request import Decision

_SCHEME = re.compile(r"[A-Za-z0-9+.-]+:")
_STATUSES = {"permanent": 301, "temp": 302, "seeother": 303, "gone": 410}


@dataclass(frozen=True)
class AliasAnswer:
    """An answer of mod_alias; `location` is empty where the status is no redirect."""

    status: int
    location: str
    setting: Setting


def map_path(exchange: Exchange) -> Decision | None:
    """Let a redirect answer, or an Alias say which file is served."""
    found = redirected_in_location(exchange) or redirected(
        exchange, exchange.site.own_first("@redirect")
    )
    if found:
        return redirection(exchange, found)
    for block in reversed(exchange.matched):
        setting = block.last("@alias")
        if setting and len(setting.values) == 1:
            exchange.say(f"{setting.spelling} serves it from {setting.values[0]}", setting.place)
            exchange.filename = setting.values[0]
            return None
    alias = aliased(exchange, exchange.site.own_first("@alias"))
    if alias:
        exchange.say(
            f"{alias.spelling} {alias.values[0]} serves it from {alias.values[1]}", alias.place
        )
        exchange.filename = alias.values[1]
    return None


def redirection(exchange: Exchange, found: AliasAnswer) -> Decision:
    """Return what a redirect answers."""
    setting = found.setting
    exchange.say(
        f"{setting.spelling} {' '.join(setting.values)} answers {found.status}", setting.place
    )
    return redirect(exchange, found.status, found.location)


def redirect(exchange: Exchange, status: int, location: str) -> Decision:
    """Return a redirect, or the answer that has no Location; a Location with control characters can't be sent."""
    if any(character < " " or character == "\x7f" for character in location.replace("\t", "")):
        exchange.say("the Location has control characters (AH02430)")
        return exchange.decided("denied", status=500)
    if status not in KNOWN_STATUSES:
        exchange.say(f"httpd knows no status {status}, and answers 500")
        return exchange.decided("denied", status=500)
    if location:
        return exchange.decided("redirect", status=status, location=location)
    return exchange.decided("denied", status=status)


def redirected(exchange: Exchange, directives: Iterable[Setting]) -> AliasAnswer | None:
    """Return the answer of the first redirect whose path the request has."""
    for setting in directives:
        status, words = _status(setting)
        if not words:
            continue
        found = _target(setting, words, exchange)
        if found is None:
            exchange.say(
                f"{setting.spelling} {words[0]} doesn't match {exchange.uri}", setting.place
            )
            continue
        holds(setting)
        if not 300 <= status < 400:
            return AliasAnswer(status, "", setting)
        return _answer(exchange, status, found, setting)
    return None


def redirected_in_location(exchange: Exchange) -> AliasAnswer | None:
    """Return the answer of a Redirect that names no path, in a <Location>; the last section holds."""
    for block in reversed(exchange.matched):
        for setting in reversed(block.settings.get("@redirect", ())):
            status, words = _status(setting)
            if len(words) > 1 or setting.name == "redirectmatch" or (words and status == 410):
                continue
            holds(setting)
            if words and ("%{" in words[0] or "$" in words[0]):
                raise Depends("expression", f"the value of `{words[0]}`", setting.place)
            if not words:
                return AliasAnswer(status, "", setting)
            return _answer(exchange, status, _escaped_url(words[0]), setting)
    return None


def aliased(exchange: Exchange, directives: Iterable[Setting]) -> Setting | None:
    """Return the Alias that takes the request."""
    for setting in directives:
        if len(setting.values) < 2:
            continue
        if setting.name.endswith("match"):
            found = match(setting.values[0], exchange.uri, place=setting.place) is not None
        else:
            found = prefix_length(exchange.uri, setting.values[0]) > 0
        if found:
            holds(setting)
            return setting
    return None


def _status(setting: Setting) -> tuple[int, tuple[str, ...]]:
    """Return the status, and the words without it."""
    status = 301 if setting.name == "redirectpermanent" else 302
    first = setting.values[0].lower() if setting.values else ""
    if first in _STATUSES:
        return _STATUSES[first], setting.values[1:]
    if first.isascii() and first.isdigit():
        number = int(first[:9])
        if not 300 <= number < 600:
            raise Depends("option", f"{setting.spelling} {' '.join(setting.values)}", setting.place)
        return number, setting.values[1:]
    return status, setting.values


def _target(setting: Setting, words: tuple[str, ...], exchange: Exchange) -> str | None:
    """Return the URL to go to; None where the path doesn't match."""
    url = words[1] if len(words) > 1 else ""
    if setting.name == "redirectmatch":
        groups = match(words[0], exchange.uri, place=setting.place)
        return None if groups is None else _escaped_url(substituted(url, groups))
    length = prefix_length(exchange.uri, words[0])
    return url + escape_uri(exchange.uri[length:]) if length else None


def _escaped_url(url: str) -> str:
    """Escape a URL's path; its query and fragment stay."""
    rest, hash_mark, fragment = url.partition("#")
    path, mark, query = rest.partition("?")
    return f"{escape_uri(path)}{mark}{query}{hash_mark}{fragment}"


def _answer(exchange: Exchange, status: int, url: str, setting: Setting) -> AliasAnswer:
    """Complete a Location: this server's name before a path, the request's query behind."""
    if url.startswith("/") and not exchange.is_on("redirectrelative"):
        url = exchange.base_url + url
    if not url.startswith("/") and not _SCHEME.match(url):
        return AliasAnswer(500, "", setting)
    if exchange.args is not None and "?" not in url:
        url += f"?{exchange.args}"
    return AliasAnswer(status, url, setting)
