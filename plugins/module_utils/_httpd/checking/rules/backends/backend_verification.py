"""TLS towards backends: whom httpd believes there, and whom it can't ask."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Scope, Server
from ....syntax.tree import Place
from ...rule import Finding, rule
from ..clients.tls_strength import MOD_SSL
from ..helpers.backend_urls import (
    TLS_SCHEMES,
    VERIFIED_BACKEND,
    asks_over_tls,
    has_own_engine,
    targets,
)
from ..helpers.scopes import has, inherited_value, is_incomplete, named, values, written
from ..helpers.written_rewrites import engine_is_on, rewrites
from ..routing.rule_targets import target
from .backend_names import NAME_CHECKS

_AUTHORITIES = (
    "sslproxycacertificatefile",
    "sslproxycacertificatepath",
)


@rule(
    "error",
    source=f"{MOD_SSL}#sslproxyengine",
    bad="ProxyPass / https://app.example.com/",
    good="""
        SSLProxyEngine On
        SSLProxyVerify require
        SSLProxyCACertificateFile /etc/ssl/backends.pem
        ProxyPass / https://app.example.com/
    """,
)
def ssl_proxy_engine_missing(server: Server) -> Iterator[Finding]:
    """A backend is to be asked over TLS, but TLS towards backends is off.

    `httpd -t` passes, and every request gets a 500 (AH01961, AH00961).
    """
    is_inherited = has_own_engine(server.main)
    for scope in server.scopes:
        if is_inherited or has_own_engine(scope) or is_incomplete(server, scope):
            continue
        for url, place in (*targets(scope), *_rewritten(server, scope)):
            if url.lower().startswith(TLS_SCHEMES):
                message = f'"{url}" can\'t be asked: SSLProxyEngine is off here'
                yield Finding(place, message, "add `SSLProxyEngine On`")


def _rewritten(server: Server, scope: Scope) -> Iterator[tuple[str, Place]]:
    """Yield what RewriteRules ask by [P]."""
    for rewrite in rewrites(scope):
        if rewrite.is_proxied and engine_is_on(server, scope):
            yield rewrite.target, rewrite.place


@rule(
    "error",
    source=f"{MOD_SSL}#sslproxyverify",
    bad="""
        SSLProxyEngine On
        SSLProxyVerify require
        ProxyPass / https://app.example.com/
    """,
    good=VERIFIED_BACKEND,
)
def backend_authority_missing(server: Server) -> Iterator[Finding]:
    """Backends must show a certificate, but no authority is named: each handshake fails, 500 (AH02039)."""
    inherited = has(server.main, *_AUTHORITIES)
    for scope in server.scopes:
        if is_incomplete(server, scope):
            continue
        for placed in named(scope, "sslproxyverify"):
            is_required = " ".join(values(placed)).lower() == "require"
            if is_required and not inherited and not has(scope, *_AUTHORITIES):
                message = "`SSLProxyVerify require` has no SSLProxyCACertificateFile to verify with"
                yield Finding(placed.directive.place, message, "name the file of the authorities")


@rule(
    "warning",
    source=f"{MOD_SSL}#sslproxycheckpeername",
    bad=f"{VERIFIED_BACKEND}    SSLProxyCheckPeerName off\n",
    good=VERIFIED_BACKEND,
)
def backend_check_off(server: Server) -> Iterator[Finding]:
    """Backends must show a certificate, and a part of it isn't checked: another host's, or an expired one, is accepted."""
    for scope in server.scopes:
        if inherited_value(server, scope, "sslproxyverify") != "require":
            continue
        for placed in named(scope, *NAME_CHECKS, "sslproxycheckpeerexpire"):
            if " ".join(values(placed)).lower() == "off" and asks_over_tls(scope):
                message = f"`{written(placed)}` undoes a part of `SSLProxyVerify require`"
                yield Finding(placed.directive.place, message, "remove it")


@rule(
    "warning",
    source=f"{MOD_SSL}#sslproxyverify",
    bad="""
        SSLProxyEngine On
        ProxyPass / https://app.example.com/
    """,
    good=VERIFIED_BACKEND,
)
def backend_not_verified(server: Server) -> Iterator[Finding]:
    """Backends are asked over TLS and not verified: anybody with a certificate of that name can read what is sent.

    SSLProxyVerify is `none` by default, and `optional_no_ca` takes any authority. Gatehouse's own `ssl_proxy.verify` is
    `require`; name an authority of your own in `ssl_proxy.ca_certificate_file`.
    """
    for scope in server.scopes:
        first = next(_tls_targets(scope), None)
        value = inherited_value(server, scope, "sslproxyverify") if first else "require"
        if first and value in ("", "none", "optional_no_ca"):
            message = f'"{first[0]}" is not verified: anybody with a certificate of that name can answer for it'
            fix = "write `SSLProxyVerify require`, and name the authorities in SSLProxyCACertificateFile"
            yield Finding(first[1], message, fix)


@rule(
    "warning",
    source="https://httpd.apache.org/docs/2.4/mod/mod_proxy_wstunnel.html",
    bad="""
        SSLProxyEngine On
        ProxyPass /socket wss://10.0.0.1:9095/socket
        ProxyPass / http://10.0.0.1:9095/
    """,
    good="""
        ProxyPass /socket ws://10.0.0.1:9095/socket
        ProxyPass / http://10.0.0.1:9095/
    """,
)
def tls_and_plain_on_one_port(server: Server) -> Iterator[Finding]:
    """One port of a backend is asked with TLS and without: one of the two fails.

    `wss` is what a browser says to httpd; what httpd says to the backend is `ws` where the backend has no TLS.
    """
    for scope in server.scopes:
        plain: dict[tuple[str, int], str] = {}
        over_tls: list[tuple[str, Place, tuple[str, int]]] = []
        for text, place in targets(scope) if asks_over_tls(scope) else ():
            url = target(text)
            if url is None or url.socket or not url.port:
                continue
            if text.lower().startswith(TLS_SCHEMES):
                over_tls.append((text, place, (url.host, url.port)))
            else:
                plain[url.host, url.port] = text
        for text, place, server_port in over_tls:
            if server_port in plain:
                message = f'"{text}" speaks TLS to a port that "{plain[server_port]}" asks without'
                yield Finding(place.at("url"), message, "write ws:// or http://, or TLS for both")


def _tls_targets(scope: Scope) -> Iterator[tuple[str, Place]]:
    """Yield what a scope asks over TLS, with its place."""
    return (found for found in targets(scope) if found[0].lower().startswith(TLS_SCHEMES))
