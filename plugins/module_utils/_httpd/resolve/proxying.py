"""Which ProxyPass takes a request.

https://httpd.apache.org/docs/2.4/mod/mod_proxy.html; read in modules/proxy/mod_proxy.c (proxy_trans, ap_proxy_trans_match).
"""

from __future__ import annotations

from dataclasses import dataclass

from .exchange import Exchange, holds
from .paths import prefix_length
from .pattern import match, substituted
from .plan import Asked, Block
from .request import Depends
from .sections import is_glob
from .servlet import servlet_match
from .workers import split_socket


@dataclass(frozen=True)
class _Rule:
    """A ProxyPass or ProxyPassMatch."""

    path: str
    url: str
    words: tuple[str, ...]
    is_regex: bool
    asked: Asked

    @property
    def mapping(self) -> str:
        """The value of `mapping=`."""
        for word in self.words:
            if word.lower().startswith("mapping="):
                return word.lower().partition("=")[2]
        return ""

    def has(self, flag: str) -> bool:
        """Tell whether a bare word is there."""
        return any(word.lower() == flag for word in self.words)


def translate(exchange: Exchange, *, is_early: bool) -> None:
    """Let the first rule that matches take the request; `is_early` before the path is decoded, for mapping=."""
    if exchange.is_proxied or not exchange.uri.startswith("/"):
        return
    if exchange.variable("no-proxy") is not None:
        exchange.say("the variable no-proxy keeps it from being proxied")
        return
    own = _of_location(exchange)
    rules = [_read(asked, None) for asked in exchange.site.base_first("@proxypass")]
    for rule in (own, *rules):
        if rule and bool(rule.mapping) is is_early and _try(rule, exchange):
            return


def _of_location(exchange: Exchange) -> _Rule | None:
    """Return the rule of the last <Location> that has one."""
    for block in reversed(exchange.matched):
        asked = block.last("@proxypass")
        if asked:
            holds(asked)
            return _read(asked, block)
    return None


def _read(asked: Asked, block: Block | None) -> _Rule | None:
    """Read a rule; in a section its path is the section's."""
    values, is_regex = asked.values, asked.name == "proxypassmatch"
    if block is not None:
        is_regex = is_regex or is_glob(block.pattern)
        values = (block.pattern, *values)
    elif values[:1] == ("~",):
        values, is_regex = values[1:], True
    if len(values) < 2:
        return None
    return _Rule(values[0], split_socket(values[1])[1], values[2:], is_regex, asked)


def _try(rule: _Rule, exchange: Exchange) -> bool:
    """Try one rule; tell whether the request is decided."""
    asked = rule.asked
    _refuse_interpolation(rule, exchange)
    raw, uri = exchange.request.target, exchange.uri
    nocanon = rule.has("nocanon")
    servlet = ""
    if rule.is_regex:
        groups = match(rule.path, uri, origin=asked.origin)
        rest = None if groups is None else uri
    elif rule.mapping == "servlet":
        nocanon = False
        servlet, at = servlet_match(uri, rule.path)
        rest = uri[at:] if at else None
    else:
        length = prefix_length(uri, rule.path)
        rest = uri[length:] if length else None
    if rest is None:
        exchange.say(f"{asked.name} {rule.path} doesn't match {uri}", asked.origin)
        return False
    holds(asked)
    if rule.url == "!":
        exchange.say(f"{asked.name} {rule.path} ! keeps {uri} from being proxied", asked.origin)
        return True
    if nocanon:
        rest, nocanon = _uncanonical(rule, raw, uri, rest)
    url = rule.url + rest
    if rule.is_regex:
        subject = raw if nocanon else uri
        found = substituted(rule.url, match(rule.path, subject, origin=asked.origin) or ())
        url = found if found != rule.url else rule.url + subject
    exchange.say(f"{asked.name} {rule.path} takes {uri} to {url}", asked.origin)
    exchange.filename, exchange.is_proxied, exchange.rule = f"proxy:{url}", True, asked.origin
    exchange.nocanon = nocanon
    exchange.noencode = bool(rule.mapping)
    if servlet:
        exchange.uri = servlet
    return True


def _refuse_interpolation(rule: _Rule, exchange: Exchange) -> None:
    """Raise Depends where the rule is written with variables of the running server."""
    is_written = rule.has("interpolate") and "${" in rule.path + rule.url
    if is_written and exchange.is_on("proxypassinterpolateenv"):
        raise Depends("environment", f"the value of `{rule.url}`", rule.asked.origin)


def _uncanonical(rule: _Rule, raw: str, uri: str, rest: str) -> tuple[str, bool]:
    """Return what nocanon passes on, and whether it is the raw path: not where httpd had to reduce that to match."""
    if rule.is_regex:
        is_raw = match(rule.path, raw, origin=rule.asked.origin) is not None
        return rest, is_raw
    length = prefix_length(uri, rule.path)
    return (raw[length:], True) if prefix_length(raw, rule.path) == length else (rest, False)
