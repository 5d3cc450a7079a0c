"""What depends on httpd's version: names that are too new, and what older ones let clients do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.environment import Environment
from ....reading.server import Server
from ....syntax.tree import Place
from ....vocabulary.first_versions import NEW_DIRECTIVES
from ....vocabulary.version import Version
from ...rule import Finding, environment_rule, rule
from ..helpers.scopes import shared
from ..helpers.written_rewrites import rewrites
from ..routing.rule_order import MOD_PROXY

SECURITY = "https://httpd.apache.org/security/vulnerabilities_24.html"

_NEW_NAMES = frozenset(NEW_DIRECTIVES)
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
    bad="SSLVHostSNIPolicy strict",
    good="SSLStrictSNIVHostCheck on",
    examples_in=Environment(version=(2, 4, 65)),
)
def newer_than_server(server: Server, environment: Environment) -> Iterator[Finding]:
    """A directive, parameter or flag is newer than this httpd, which refuses to start (AH00526).

    Reported only where the version is known.
    """
    version = environment.version
    if version is None:
        return
    for name, place, since in _new_names(server):
        if version < since:
            message = f"`{name}` needs httpd {dotted(since)}, and this is {dotted(version)}"
            yield Finding(place, message, "leave it out, or update httpd")


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
        <Proxy http://10.0.0.1:8080>
          ProxySet timeout=60
        </Proxy>
    """,
    below=(2, 4, 56),
)
def request_splitting(server: Server) -> Iterator[Finding]:
    """What a client wrote goes into the query string of a proxied request: below 2.4.56 it can hold a second request.

    CVE-2023-25690: an encoded line break in the captured part splits the request, and access rules see the first half
    only. Capture no more than is needed (`[0-9]+`), or update httpd.
    """
    for scope in server.scopes:
        found = [(one.pattern, one.target, one.place) for one in rewrites(scope) if one.is_proxied]
        found += [(one.path, one.url, one.place) for one in scope.rules if one.is_match]
        for pattern, target, place in found:
            is_wide = re.search(r"\((?:\?:)?(?:\.|\[\^)", pattern)
            if is_wide and re.search(r"\?[^$]*\$[0-9]", target):
                message = f'"{target}" takes what "{pattern}" captures into its query string'
                fix = "capture only what is needed, `[A-Za-z0-9]+`, or update httpd to 2.4.56"
                yield Finding(place, message, fix)


def _new_names(server: Server) -> Iterator[tuple[str, Place, Version]]:
    """Yield every name that some 2.4 doesn't know, with the first that does."""
    names = shared(server, _NEW_NAMES)
    for scope in server.scopes:
        for name in names:
            for placed in scope.named(name)[:1]:
                yield placed.directive.name, placed.directive.place, NEW_DIRECTIVES[name]
        for rewrite in rewrites(scope):
            for flag in sorted(NEW_REWRITE_FLAGS.keys() & rewrite.flags):
                yield flag, rewrite.place, NEW_REWRITE_FLAGS[flag]
    for _url, parameters, place in server.workers:
        for name in sorted(NEW_PARAMETERS.keys() & parameters.keys()):
            yield f"{name}=", place, NEW_PARAMETERS[name]


def dotted(version: Version) -> str:
    """Write a version."""
    return ".".join(map(str, version))
