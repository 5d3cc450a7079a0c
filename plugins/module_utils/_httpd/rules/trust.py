"""Whom the server believes: forwarded addresses, and TLS in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..rule import Finding, rule
from ..server import Scope, Server
from ..tree import Directive, Origin
from ..values import unquote
from .places import everywhere, is_incomplete, written

MOD_REMOTEIP = "https://httpd.apache.org/docs/2.4/mod/mod_remoteip.html"
MOD_SSL = "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html"
TLS_SCHEMES = ("https://", "wss://", "h2://")
BROKEN_PROTOCOLS = frozenset({"sslv2", "sslv3", "tlsv1", "tlsv1.1"})

_TRUSTING = frozenset(
    {
        "remoteipinternalproxy",
        "remoteipinternalproxylist",
        "remoteiptrustedproxy",
        "remoteiptrustedproxylist",
    }
)


@rule(
    "error",
    source=f"{MOD_REMOTEIP}#remoteipheader",
    bad="RemoteIPHeader X-Forwarded-For",
    good="""
        RemoteIPHeader X-Forwarded-For
        RemoteIPInternalProxy 10.0.0.0/8
    """,
)
def remote_ip_trusts_everyone(server: Server) -> Iterator[Finding]:
    """The client's address is taken from a header that anybody can write.

    Without a list of proxies mod_remoteip believes every client, and takes the left-most, forged, address: access rules
    by address and logs are the client's to choose.
    """
    inherited = _has(server.main, _TRUSTING)
    for scope in server.scopes:
        header = scope.last("remoteipheader")
        is_told = _has(scope, _TRUSTING) or is_incomplete(server, scope)
        if header and not inherited and not is_told:
            message = f"`RemoteIPHeader {' '.join(header.args)}` believes every client"
            yield Finding(header.origin, message, "add RemoteIPInternalProxy with your proxies")


@rule(
    "error",
    source=f"{MOD_SSL}#sslproxyengine",
    bad="ProxyPass / https://app.example.com/",
    good="""
        SSLProxyEngine On
        SSLProxyVerify require
        SSLProxyCACertificateFile /etc/ssl/origins.pem
        ProxyPass / https://app.example.com/
    """,
)
def ssl_proxy_engine_missing(server: Server) -> Iterator[Finding]:
    """An origin is to be asked over TLS, but TLS towards origins is off.

    `httpd -t` passes, and every request gets a 500 (AH01961, AH00961).
    """
    is_inherited = _is_on(server.main)
    for scope in server.scopes:
        if is_inherited or _is_on(scope) or is_incomplete(server, scope):
            continue
        for url, origin in targets(scope):
            if url.lower().startswith(TLS_SCHEMES):
                message = f'"{url}" can\'t be asked: SSLProxyEngine is off here'
                yield Finding(origin, message, "add `SSLProxyEngine On`")


@rule(
    "warning",
    source=f"{MOD_SSL}#sslprotocol",
    bad="SSLProtocol all -SSLv3",
    good="SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1",
)
def broken_tls_protocol(server: Server) -> Iterator[Finding]:
    """A protocol is allowed that is broken or that no current guideline allows: SSLv3, TLS 1.0, TLS 1.1."""
    for placed in everywhere(server, "sslprotocol", "sslproxyprotocol"):
        directive = placed.directive
        allowed = sorted(allowed_protocols(directive) & BROKEN_PROTOCOLS)
        if allowed:
            message = f"`{written(placed)}` allows {', '.join(allowed)}"
            fix = f"write `{directive.name} all -SSLv3 -TLSv1 -TLSv1.1`"
            yield Finding(directive.origin, message, fix)


def allowed_protocols(directive: Directive) -> set[str]:
    """Return the protocols that a directive comes to; `all` has had no SSLv3 since OpenSSL lost it."""
    allowed: set[str] = set()
    for word in map(str.lower, map(unquote, directive.args)):
        names = {word.lstrip("+-")}
        if names == {"all"}:
            names = {"tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3"}
        allowed = allowed - names if word.startswith("-") else allowed | names
    return allowed


def _has(scope: Scope, names: frozenset[str]) -> bool:
    return not names.isdisjoint(scope.names)


def _is_on(scope: Scope) -> bool:
    """Tell whether TLS towards origins is switched on, be it for some of them only."""
    return any("".join(one.values).lower() == "on" for one in scope.named("sslproxyengine"))


def targets(scope: Scope) -> Sequence[tuple[str, Origin]]:
    """Return every URL that a scope asks."""
    return scope.derived(_targets)


def asks_over_tls(scope: Scope) -> bool:
    """Tell whether a scope asks anything over TLS; three rules want to know it of every scope."""
    return scope.derived(_asks_over_tls)


def _asks_over_tls(scope: Scope) -> bool:
    return any(url.lower().startswith(TLS_SCHEMES) for url, _origin in targets(scope))


def _targets(scope: Scope) -> Sequence[tuple[str, Origin]]:
    of_rules = [(proxy_pass.url, proxy_pass.origin) for proxy_pass in scope.rules]
    members = (member for balancer in scope.balancers for member in balancer.members)
    return [*of_rules, *((member.url, member.origin) for member in members)]
