"""Whose name a backend's certificate must have: the backend's own, or the one that the client asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import PlacedDirective, ProxyPass, Scope, Server
from ....reading.view import balancer_name
from ....syntax.tree import Place
from ....vocabulary.depends import Depends
from ....vocabulary.patterns.pattern import match
from ...rule import Finding, rule
from ..clients.tls_strength import MOD_SSL
from ..helpers.backend_urls import TLS_SCHEMES, VERIFIED_BACKEND, asks_over_tls
from ..helpers.scopes import inherited_value, is_outside, last_value, section_path, sections, values
from ..routing.rule_targets import target

NAME_CHECKS = ("sslproxycheckpeername", "sslproxycheckpeercn")
_ADDRESS = re.compile(r"\[.*\]|[0-9]+(\.[0-9]+){3}")


@rule(
    "warning",
    source="https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypreservehost",
    bad=f"{VERIFIED_BACKEND}    ProxyPreserveHost On\n",
    good="""
    SSLProxyEngine On
    SSLProxyVerify require
    SSLProxyCACertificateFile /etc/ssl/backends.pem
    ProxyPass /secret/ https://app.example.com/
    ProxyPass / http://10.0.0.1/
    ProxyPreserveHost On
    <ProxyMatch "^https://">
      ProxyPreserveHost Off
    </ProxyMatch>
    """,
)
def preserved_host_to_tls_backend(server: Server) -> Iterator[Finding]:
    """The client's Host is kept and the backend asked over TLS: its certificate must then have the client's name.

    httpd sends the preserved name (SNI) and compares the certificate with it: another name is a 500 (AH01084).
    """
    for scope in server.scopes:
        for url, place in _asked_names(server, scope, is_kept=True):
            message = f'"{url}" must show a certificate for the client\'s Host, since ProxyPreserveHost is on'
            yield Finding(place, message, "write `ProxyPreserveHost Off` for it")
            break


@rule(
    "warning",
    source=f"{MOD_SSL}#sslproxycheckpeername",
    bad="""
        SSLProxyEngine On
        SSLProxyVerify require
        SSLProxyCACertificateFile /etc/ssl/backends.pem
        ProxyPass / https://10.0.0.1/
    """,
    good=VERIFIED_BACKEND,
)
def backend_address_unnamed(server: Server) -> Iterator[Finding]:
    """A backend is asked over TLS by its address, which its certificate can hardly name: each request gets a 500 (AH02411).

    httpd compares the URL's host with the certificate's DNS names and its common name. The addresses that a certificate may
    have are not among them, so only one that has its address as a DNS name passes.
    """
    for scope in server.scopes:
        for url, place in _asked_names(server, scope, is_kept=False):
            read = target(url)
            if read and _ADDRESS.fullmatch(read.host):
                message = f'"{url}" must show a certificate with the DNS name `{read.host}`'
                fix = "write the name that its certificate has (in /etc/hosts, if DNS doesn't know it)"
                yield Finding(place, message, fix)


def _asked_names(server: Server, scope: Scope, *, is_kept: bool) -> Iterator[tuple[str, Place]]:
    """Yield what is asked over TLS and must have a name: the client's where `is_kept`, else its own."""
    if not asks_over_tls(scope) and not asks_over_tls(server.main):
        return
    if any(inherited_value(server, scope, name) == "off" for name in NAME_CHECKS):
        return
    for proxy_pass in scope.rules:
        asked = list(_over_tls(server, scope, proxy_pass))
        if asked and _keeps_host(server, scope, proxy_pass) is is_kept:
            yield from asked


def _over_tls(server: Server, scope: Scope, proxy_pass: ProxyPass) -> Iterator[tuple[str, Place]]:
    """Yield what a rule asks over TLS, be it through a balancer."""
    if proxy_pass.url.lower().startswith(TLS_SCHEMES):
        yield proxy_pass.url, proxy_pass.place
    elif proxy_pass.url.lower().startswith("balancer://"):
        name = balancer_name(proxy_pass.url)
        for balancer in (*scope.balancers, *server.main.balancers):
            for member in balancer.members if balancer.name == name else ():
                if member.url.lower().startswith(TLS_SCHEMES):
                    yield member.url, member.place


def _keeps_host(server: Server, scope: Scope, proxy_pass: ProxyPass) -> bool:
    """Tell whether a rule's backend is asked for the client's name; a <Proxy> outdoes the virtual host, its <Location> both."""
    kept = last_value(server.main, "proxypreservehost")
    for placed in sorted(scope.named("proxypreservehost"), key=_rank):
        is_in_location = section_path(placed) == proxy_pass.location != ""
        if is_outside(placed) or is_in_location or _is_for(sections(placed)[-1], proxy_pass.url):
            kept = "".join(values(placed)[:1]).lower()
    return kept == "on"


def _rank(placed: PlacedDirective) -> int:
    return 0 if is_outside(placed) else 1 if sections(placed)[-1][0].startswith("proxy") else 2


def _is_for(section: tuple[str, ...], url: str) -> bool:
    """Tell whether a <Proxy> is for a URL, where that is known."""
    name, *words = section
    if name not in ("proxy", "proxymatch") or not words:
        return False
    if name == "proxy" and words[0] != "~":
        return words[0] == "*" or url.startswith(words[0])
    try:
        return match(words[-1], url) is not None
    except Depends:
        return False
