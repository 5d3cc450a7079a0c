"""Which ProxyPass takes a request, what it asks the origin, and which worker does.

https://httpd.apache.org/docs/2.4/mod/mod_proxy.html; read in modules/proxy/mod_proxy.c (proxy_trans, ap_proxy_trans_match).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..url import DEFAULT_PORTS
from .exchange import Exchange, holds
from .paths import canonical, has_controls, prefix_length
from .pattern import match, substituted
from .plan import Asked, Block
from .request import Depends
from .sections import is_glob
from .servlet import servlet_match
from .workers import candidates, find_worker, split_socket

_TARGET = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//([^/]*)(?:/(.*))?)?", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]")
# Schemes whose requests have a query string.
_WITH_QUERY = frozenset({"http", "https", "ws", "wss", "h2", "h2c", "ajp", "balancer"})


@dataclass(frozen=True)
class Target:
    """What is asked of whom; `urls` are what each of `members` is asked. `status` is httpd's own answer if nobody is.

    `is_malformed` says that httpd sees so as soon as it reads the URL.
    """

    url: str = ""
    worker: str = ""
    members: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    status: int = 0
    is_malformed: bool = False


_MALFORMED = Target(status=400, is_malformed=True)


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


def find_target(exchange: Exchange) -> Target:
    """Return what the origin is asked, of a request that is to be proxied."""
    url = exchange.filename[len("proxy:") :]
    found = _TARGET.fullmatch(url)
    scheme = found.group(1).lower() if found else ""
    if scheme == "balancer":
        return _of_balancer(exchange, url)
    if scheme not in DEFAULT_PORTS:
        exchange.say(f"no module proxies {url} (AH01144)", exchange.rule)
        return Target(status=500)
    target = _canonical(exchange, url)
    if isinstance(target, Target):
        return target
    worker = find_worker(exchange.site.workers, target)
    return Target(target, worker.url if worker else _authority(target))


def _of_balancer(exchange: Exchange, url: str) -> Target:
    """Return the members that may be asked."""
    authority, slash, path = url[len("balancer://") :].partition("/")
    name = re.sub(":[0-9]+$", "", authority.rpartition("@")[2])
    balancer = exchange.site.balancers.get(name.lower())
    if not name:
        return _MALFORMED
    if balancer is None:
        exchange.say(f"there is no balancer `{name}` here (AH01144)", exchange.rule)
        return Target(status=500)
    worker = f"balancer://{balancer.name}"
    members = candidates(balancer)
    if not members:
        exchange.say(f"the balancer `{name}` has no usable member (AH01171)", exchange.rule)
        return Target(worker=worker, status=503)
    targets = []
    for member in members:
        target = _canonical(exchange, f"{split_socket(member.url)[1]}/{path if slash else ''}")
        if isinstance(target, Target):
            return replace(target, worker=worker, is_malformed=False)
        targets.append(target)
    return Target(targets[0], worker, tuple(member.url for member in members), tuple(targets))


def _canonical(exchange: Exchange, url: str) -> str | Target:
    """Return the URL as the origin is asked, or how httpd refuses."""
    found = _TARGET.fullmatch(url)
    if not found or found.group(3) is None:
        return _MALFORMED
    scheme, path = found.group(1).lower(), found.group(4) or ""
    authority = _host_and_port(scheme, found.group(3))
    if isinstance(authority, Target):
        exchange.say(f"`{found.group(3)}` is no host with a port", exchange.rule)
        return authority
    query = exchange.args if scheme in _WITH_QUERY else None
    if exchange.nocanon:
        query = None
    elif not exchange.noencode:
        written = canonical(path, keep_encoded_slashes=_keeps_slashes(exchange))
        if written is None:
            return _MALFORMED
        path = written
    if has_controls(path) or (query and has_controls(query)):
        exchange.say(
            "the path or query has control characters or blanks (AH10415, AH10408)", exchange.rule
        )
        return Target(status=403, is_malformed=True)
    return f"{scheme}://{authority}/{path}{'' if query is None else '?' + query}"


def _keeps_slashes(exchange: Exchange) -> bool:
    """Tell whether AllowEncodedSlashes NoDecode holds; every <Location> that matches sets it back to Off."""
    return not exchange.is_in_location and encoded_slashes(exchange) == "nodecode"


def encoded_slashes(exchange: Exchange) -> str:
    """Return AllowEncodedSlashes: off, on or nodecode. A virtual host doesn't inherit it."""
    asked = exchange.site.plan.own.last("allowencodedslashes")
    if asked is None or not asked.values:
        return "off"
    holds(asked)
    return asked.values[0].lower()


def _host_and_port(scheme: str, authority: str) -> str | Target:
    """Return host and port as httpd writes them, without the default port; how it refuses where they are none."""
    host, port = authority.rpartition("@")[2], ""
    found = re.fullmatch(r"(.*):([0-9]+)", host, re.DOTALL)
    if found:
        host, port = found.groups()
    if not host or (port and int(port[:9]) > 65535):
        return _MALFORMED
    if not _HOST.fullmatch(host):
        # What has a colon httpd takes for an IPv6 address, and brackets it; nothing of the kind has an address.
        is_unclosed = ":" in host and re.match(r"[^\]?#]*[?#]", host)
        return Target(status=400 if is_unclosed or host.startswith("[") else 500)
    default = {"h2": 443, "h2c": 80}.get(scheme, DEFAULT_PORTS[scheme])
    shown = f":{int(port)}" if port and int(port) != default else ""
    return host.lower() + shown


def _authority(url: str) -> str:
    """Return scheme, host and port of a URL that has no worker of its own."""
    return "/".join(url.split("/")[:3])
