"""What depends on httpd's version: names that are too new, and holes that a release has closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..environment import Environment, Version
from ..rule import Finding, environment_rule, rule
from ..server import Scope, Server
from ..tree import Origin
from .order import MOD_PROXY
from .places import named, values, written
from .rewriting import rewrites
from .workers import every_worker

SECURITY = "https://httpd.apache.org/security/vulnerabilities_24.html"

# By lower-case name, from httpd's own "Compatibility" lines and CHANGES.
NEW_DIRECTIVES: dict[str, Version] = {
    "sslvhostsnipolicy": (2, 4, 66),
    "h2websockets": (2, 4, 58),
    "h2maxdataframelen": (2, 4, 49),
    "h2proxyrequests": (2, 4, 50),
    "sslopensslconfcmd": (2, 4, 8),
    "regexdefaultoptions": (2, 4, 30),
    "readbuffersize": (2, 4, 27),
    "stricthostcheck": (2, 4, 49),
    "mergeslashes": (2, 4, 39),
}
NEW_PARAMETERS: dict[str, Version] = {
    "upgrade": (2, 4, 47),
    "secret": (2, 4, 42),
    "responsefieldsize": (2, 4, 34),
    "addressttl": (2, 4, 59),
}
NEW_REWRITE_FLAGS: dict[str, Version] = {
    "bne": (2, 4, 56),
    "bctls": (2, 4, 57),
    "unsafeallow3f": (2, 4, 60),
    "unsafeprefixstat": (2, 4, 60),
}


@environment_rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://10.0.0.1:8080/ addressttl=60",
    good="ProxyPass / http://10.0.0.1:8080/",
    examples_in=Environment(version=(2, 4, 58)),
)
def newer_than_server(server: Server, environment: Environment) -> Iterator[Finding]:
    """A directive, parameter or flag is newer than this httpd, which refuses to start (AH00526).

    Said only where the version is known.
    """
    version = environment.version
    if version is None:
        return
    for name, origin, since in _new_names(server):
        if version < since:
            message = f"`{name}` needs httpd {_dotted(since)}, and this is {_dotted(version)}"
            yield Finding(origin, message, "leave it out, or update httpd")


@rule(
    "warning",
    source=f"{SECURITY}#2.4.56",
    bad="""
        RewriteEngine On
        RewriteRule ^/here/(.*) http://10.0.0.1:8080/elsewhere?$1 [P]
    """,
    good="""
        RewriteEngine On
        RewriteRule ^/here/([0-9]+)$ http://10.0.0.1:8080/elsewhere?$1 [P]
    """,
    below=(2, 4, 56),
)
def request_splitting(server: Server) -> Iterator[Finding]:
    """What a client wrote goes into the query string of a proxied request: below 2.4.56 it can hold a second request.

    CVE-2023-25690: an encoded line break in the captured part splits the request, and access rules see the first half
    only. Capture no more than is needed (`[0-9]+`), or update httpd.
    """
    for scope in server.scopes:
        found = [(one.pattern, one.target, one.origin) for one in rewrites(scope) if one.is_proxied]
        found += [(one.path, one.url, one.origin) for one in scope.rules if one.is_match]
        for pattern, target, origin in found:
            is_wide = re.search(r"\((?:\?:)?(?:\.|\[\^)", pattern)
            if is_wide and re.search(r"\?[^$]*\$\d", target):
                message = f'"{target}" takes what "{pattern}" captures into its query string'
                fix = "capture only what is needed, `[A-Za-z0-9]+`, or update httpd to 2.4.56"
                yield Finding(origin, message, fix)


@dataclass(frozen=True)
class Hole:
    """A vulnerability that a configuration opens: the releases from `since` on and below `fixed` have it."""

    cve: str
    since: Version
    fixed: Version
    what: str
    opened_by: Callable[[Scope], Iterator[tuple[str, Origin]]]


@environment_rule(
    "warning",
    source=SECURITY,
    bad="Protocols h2 http/1.1",
    good="Protocols http/1.1",
    examples_in=Environment(version=(2, 4, 66)),
)
def vulnerable_version(server: Server, environment: Environment) -> Iterator[Finding]:
    """This httpd has a hole that the configuration opens; said only where the version is known.

    Distributions mend older versions without raising the number: see the changelog of the package.
    """
    version = environment.version
    for hole in HOLES if version else ():
        if version and hole.since <= version < hole.fixed:
            first = next(
                (found for scope in server.scopes for found in hole.opened_by(scope)), None
            )
            if first:
                message = f"`{first[0]}` and httpd {_dotted(version)}: {hole.what} ({hole.cve})"
                yield Finding(first[1], message, f"update httpd to {_dotted(hole.fixed)}")


def _expressions(scope: Scope) -> Iterator[tuple[str, Origin]]:
    """Yield the RewriteConds that are expressions."""
    for placed in named(scope, "rewritecond"):
        if values(placed)[:1] == ("expr",):
            yield " ".join(values(placed)), placed.directive.origin


def _proxied(scope: Scope) -> Iterator[tuple[str, Origin]]:
    """Yield what is proxied at all."""
    for proxy_pass in scope.rules:
        if not proxy_pass.is_exclusion:
            yield proxy_pass.url, proxy_pass.origin


def _restricted(scope: Scope) -> Iterator[tuple[str, Origin]]:
    """Yield access rules before what is proxied."""
    for placed in named(scope, "require", "deny") if scope.rules else ():
        if values(placed) != ("all", "granted"):
            yield written(placed), placed.directive.origin


def _cookie_rewrites(scope: Scope) -> Iterator[tuple[str, Origin]]:
    """Yield the rewriting of cookies."""
    for placed in named(scope, "proxypassreversecookiepath", "proxypassreversecookiedomain"):
        yield placed.directive.name, placed.directive.origin


def _http2(scope: Scope) -> Iterator[tuple[str, Origin]]:
    """Yield where HTTP/2 is spoken."""
    for placed in named(scope, "protocols"):
        if {"h2", "h2c"} & {word.lower() for word in values(placed)}:
            yield " ".join(("Protocols", *values(placed))), placed.directive.origin


def _proxied_rewrites(scope: Scope) -> Iterator[tuple[str, Origin]]:
    """Yield the rewrites that proxy what a client wrote."""
    for rewrite in rewrites(scope):
        if rewrite.is_proxied and re.search(r"\$\d", rewrite.target):
            yield rewrite.target, rewrite.origin


FIRST: Version = (2, 4, 0)
HOLES = (
    Hole("CVE-2021-40438", FIRST, (2, 4, 49), "a client can choose the host that is asked", _proxied),
    Hole("CVE-2023-25690", FIRST, (2, 4, 56), "a client can split requests", _proxied_rewrites),
    Hole("CVE-2024-27316", (2, 4, 17), (2, 4, 59), "a client can fill the memory by HTTP/2", _http2),
    Hole("CVE-2024-38473", FIRST, (2, 4, 60), "encoded paths pass access rules", _restricted),
    Hole("CVE-2025-54090", (2, 4, 64), (2, 4, 65), "every `RewriteCond expr` is true", _expressions),
    Hole("CVE-2026-23918", (2, 4, 66), (2, 4, 67), "HTTP/2 frees memory twice", _http2),
    Hole("CVE-2026-34356", FIRST, (2, 4, 68), "an origin's cookie can overflow memory", _cookie_rewrites),
)  # fmt: skip


def _new_names(server: Server) -> Iterator[tuple[str, Origin, Version]]:
    """Yield every name that some 2.4 doesn't know, with the first that does."""
    for scope in server.scopes:
        for name in sorted(NEW_DIRECTIVES.keys() & scope.names):
            directive = scope.named(name)[0].directive
            yield directive.name, directive.origin, NEW_DIRECTIVES[name]
        for rewrite in rewrites(scope):
            for flag in sorted(NEW_REWRITE_FLAGS.keys() & rewrite.flags):
                yield flag, rewrite.origin, NEW_REWRITE_FLAGS[flag]
    for _url, parameters, origin in every_worker(server):
        for name in sorted(NEW_PARAMETERS.keys() & parameters.keys()):
            yield f"{name}=", origin, NEW_PARAMETERS[name]


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
