"""Which ProxyPass takes a request.

https://httpd.apache.org/docs/2.4/mod/mod_proxy.html; read in modules/proxy/mod_proxy.c (proxy_trans, ap_proxy_trans_match).
"""

from __future__ import annotations

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match, substituted
from ..exchange import Exchange, holds
from ..paths.servlet_paths import servlet_match
from ..paths.url_paths import prefix_length
from .proxy_rules import ProxyRule, read_proxy_rule


def translate(exchange: Exchange, *, is_early: bool) -> None:
    """Let the first rule that matches take the request; `is_early` before the path is decoded, for mapping=."""
    if exchange.is_proxied or not exchange.uri.startswith("/"):
        return
    if exchange.variable("no-proxy") is not None:
        exchange.say("the variable no-proxy keeps it from being proxied")
        return
    own = _of_location(exchange)
    for rule in (*own, *exchange.site.proxy_rules):
        if bool(rule.mapping) is is_early and _try(rule, exchange):
            return


def _of_location(exchange: Exchange) -> tuple[ProxyRule, ...]:
    """Return the rule of the last <Location> that has one."""
    for block in reversed(exchange.matched):
        setting = block.last("@proxypass")
        if setting:
            holds(setting)
            rule = read_proxy_rule(setting, block)
            return (rule,) if rule else ()
    return ()


def _try(rule: ProxyRule, exchange: Exchange) -> bool:
    """Try one rule; tell whether the request is decided."""
    setting = rule.setting
    _refuse_interpolation(rule, exchange)
    raw, uri = exchange.request.target, exchange.uri
    nocanon = "nocanon" in rule.flags
    if nocanon and rule.mapping:
        raise Depends("option", "mapping= beside nocanon", setting.place)
    servlet = ""
    if rule.is_regex:
        groups = match(rule.path, uri, place=setting.place)
        rest = None if groups is None else uri
    elif rule.mapping == "servlet":
        nocanon = False
        servlet, at = servlet_match(uri, rule.path)
        rest = uri[at:] if at else None
    else:
        length = prefix_length(uri, rule.path)
        rest = uri[length:] if length else None
    if rest is None:
        exchange.say(f"{setting.spelling} {rule.path} doesn't match {uri}", setting.place)
        return False
    holds(setting)
    if rule.url == "!":
        exchange.say(
            f"{setting.spelling} {rule.path} ! keeps {uri} from being proxied", setting.place
        )
        return True
    if nocanon:
        rest, nocanon = _uncanonical(rule, raw, uri, rest)
    url = rule.url + rest
    if rule.is_regex:
        subject = raw if nocanon else uri
        found = substituted(rule.url, match(rule.path, subject, place=setting.place) or ())
        url = found if found != rule.url else rule.url + subject
    exchange.say(f"{setting.spelling} {rule.path} takes {uri} to {url}", setting.place)
    exchange.filename, exchange.is_proxied, exchange.rule = f"proxy:{url}", True, setting.place
    exchange.nocanon = nocanon
    exchange.noencode = bool(rule.mapping)
    if servlet:
        exchange.uri = servlet
    return True


def _refuse_interpolation(rule: ProxyRule, exchange: Exchange) -> None:
    """Raise Depends where the rule is written with variables of the running server."""
    is_written = "interpolate" in rule.flags and "${" in rule.path + rule.url
    if is_written and exchange.is_on("proxypassinterpolateenv"):
        raise Depends("environment", f"the value of `{rule.url}`", rule.setting.place)


def _uncanonical(rule: ProxyRule, raw: str, uri: str, rest: str) -> tuple[str, bool]:
    """Return what nocanon passes on, and whether it is the raw path: not where httpd had to reduce that to match."""
    if rule.is_regex:
        is_raw = match(rule.path, raw, place=rule.setting.place) is not None
        return rest, is_raw
    length = prefix_length(uri, rule.path)
    return (raw[length:], True) if prefix_length(raw, rule.path) == length else (rest, False)
