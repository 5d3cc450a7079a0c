"""Vulnerabilities of httpd that a configuration opens, by the releases that have them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ....reading.environment import Environment
from ....reading.server import Server
from ....syntax.tree import Place
from ....vocabulary.version import Version
from ...rule import Finding, environment_rule
from ..helpers.scopes import everywhere, last_value, values, with_scopes, written
from ..helpers.written_rewrites import rewrites
from ..text.versions import SECURITY, dotted


@dataclass(frozen=True)
class Vulnerability:
    """A vulnerability that a configuration opens: the releases from `since` on and below `fixed` have it."""

    cve: str
    since: Version
    fixed: Version
    what: str
    opened_by: Callable[[Server], Iterator[tuple[str, Place]]]


@environment_rule(
    "warning",
    source=SECURITY,
    bad="Protocols h2 http/1.1",
    good="Protocols http/1.1",
    examples_in=Environment(version=(2, 4, 66)),
)
def vulnerable_version(server: Server, environment: Environment) -> Iterator[Finding]:
    """This httpd has a vulnerability that the configuration exposes; reported only where the version is known.

    Distributions fix older versions without raising the number: see the changelog of the package.
    """
    version = environment.version
    for hole in HOLES if version else ():
        if version and hole.since <= version < hole.fixed:
            first = next(hole.opened_by(server), None)
            if first:
                message = f"`{first[0]}` and httpd {dotted(version)}: {hole.what} ({hole.cve})"
                yield Finding(first[1], message, f"update httpd to {dotted(hole.fixed)}")


def _expressions(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield the RewriteConds that are expressions."""
    for placed in everywhere(server, "rewritecond"):
        if values(placed)[:1] == ("expr",):
            yield " ".join(values(placed)), placed.directive.place


def _proxied(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield what is proxied at all."""
    for proxy_pass in (one for scope in server.scopes for one in scope.rules):
        if not proxy_pass.is_exclusion:
            yield proxy_pass.url, proxy_pass.place


def _restricted(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield access rules before what is proxied."""
    for scope, placed in with_scopes(server, "require", "deny"):
        if scope.rules and values(placed) != ("all", "granted"):
            yield written(placed), placed.directive.place


def _cookie_rewrites(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield the rewriting of cookies."""
    for placed in everywhere(server, "proxypassreversecookiepath", "proxypassreversecookiedomain"):
        yield placed.directive.name, placed.directive.place


def _http2(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield where HTTP/2 is spoken."""
    for placed in everywhere(server, "protocols"):
        if {"h2", "h2c"} & {word.lower() for word in values(placed)}:
            yield " ".join(("Protocols", *values(placed))), placed.directive.place


def _proxied_rewrites(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield the rewrites that proxy what a client wrote."""
    for rewrite in (one for scope in server.scopes for one in rewrites(scope)):
        if rewrite.is_proxied and re.search(r"\$[0-9]", rewrite.target):
            yield rewrite.target, rewrite.place


def _leading_references(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield the rewrites whose substitution begins with what a client wrote."""
    for rewrite in (one for scope in server.scopes for one in rewrites(scope)):
        if re.match(r"[$%][0-9]", rewrite.target):
            yield rewrite.target, rewrite.place


def _content_types(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield where Content-Type is set from what a client wrote, before what is proxied."""
    for scope, placed in with_scopes(server, "header", "requestheader"):
        words = [word.lower() for word in values(placed)]
        if scope.rules and "content-type" in words[1:3] and "%{" in words[-1]:
            yield written(placed), placed.directive.place


def _client_certificates(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield where clients show certificates."""
    for placed in everywhere(server, "sslverifyclient"):
        if " ".join(values(placed)).lower() != "none":
            yield written(placed), placed.directive.place


def _proxied_by_http2(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield the backends that are asked over HTTP/2 with the client's Host."""
    for scope in server.scopes if "proxypreservehost" in server.names else ():
        if last_value(scope, "proxypreservehost") == "on":
            for proxy_pass in scope.rules:
                if proxy_pass.url.lower().startswith(("h2:", "h2c:")):
                    yield proxy_pass.url, proxy_pass.place


FIRST: Version = (2, 4, 0)
HOLES = (
    Vulnerability("CVE-2021-40438", FIRST, (2, 4, 49), "a client can choose the host that is asked", _proxied),
    Vulnerability("CVE-2022-31813", FIRST, (2, 4, 54), "a client can keep X-Forwarded-For from the backend", _proxied),
    Vulnerability("CVE-2023-25690", FIRST, (2, 4, 56), "a client can split requests", _proxied_rewrites),
    Vulnerability("CVE-2024-27316", (2, 4, 17), (2, 4, 59), "a client can fill the memory by HTTP/2", _http2),
    Vulnerability("CVE-2024-38473", FIRST, (2, 4, 60), "encoded paths pass access rules", _restricted),
    Vulnerability("CVE-2024-38475", FIRST, (2, 4, 60), "a client can choose the file or handler", _leading_references),
    Vulnerability("CVE-2024-38477", FIRST, (2, 4, 60), "a client can crash a child process", _proxied),
    Vulnerability("CVE-2025-43204", FIRST, (2, 4, 64), "a client can choose the host that is asked", _content_types),
    Vulnerability("CVE-2025-23048", (2, 4, 35), (2, 4, 64), "a resumed TLS session passes client certificates", _client_certificates),
    Vulnerability("CVE-2025-49630", (2, 4, 26), (2, 4, 64), "a client can crash a child process", _proxied_by_http2),
    Vulnerability("CVE-2025-54090", (2, 4, 64), (2, 4, 65), "every `RewriteCond expr` is true", _expressions),
    Vulnerability("CVE-2026-23918", (2, 4, 66), (2, 4, 67), "HTTP/2 frees memory twice", _http2),
    Vulnerability("CVE-2026-34356", FIRST, (2, 4, 68), "a backend's cookie can overflow memory", _cookie_rewrites),
)  # fmt: skip
