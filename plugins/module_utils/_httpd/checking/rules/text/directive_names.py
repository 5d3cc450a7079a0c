"""Names of directives: misspelt, gone, or not httpd's own."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Server
from ....syntax.tree import Directive
from ....vocabulary.directives import DIRECTIVES
from ....vocabulary.nearest import nearest_directive
from ...rule import Finding, rule
from ..helpers.scopes import in_file_order

CORE = "https://httpd.apache.org/docs/2.4/mod/core.html"
UPGRADING = "https://httpd.apache.org/docs/2.4/upgrading.html"
# What 2.4 replaced by Mutex.
REPLACED_BY_MUTEX = frozenset(
    {"acceptmutex", "lockfile", "rewritelock", "sslmutex", "sslstaplingmutex", "watchdogmutexpath"}
)


@rule(
    "error",
    source=CORE,
    bad="ProxyPas / http://10.0.0.1:8080/",
    good="ProxyPass / http://10.0.0.1:8080/",
)
def unknown_directive(server: Server) -> Iterator[Finding]:
    """A directive's name is misspelt: httpd refuses to start (AH00526)."""
    for directive, meant in _unknown(server):
        if meant:
            message = f"`{directive.name}` is no directive of httpd's own"
            yield Finding(directive.place, message, f"write `{DIRECTIVES[meant].name}`")


@rule(
    "error",
    source=UPGRADING,
    bad="SSLMutex file:/run/apache2/ssl_mutex",
    good="Mutex file:/run/apache2 ssl-cache",
)
def replaced_directive(server: Server) -> Iterator[Finding]:
    """A directive of httpd 2.2 that 2.4 doesn't know any more: it refuses to start (AH00526)."""
    for directive, _meant in _unknown(server):
        if directive.name.lower() in REPLACED_BY_MUTEX:
            message = f"`{directive.name}` is a directive of httpd 2.2, and 2.4 refuses it"
            yield Finding(directive.place, message, "write Mutex, or leave it out")


@rule(
    "hint",
    source=CORE,
    bad="ShibRequestSetting requireSession 1",
    good="ProxyPass / http://10.0.0.1:8080/",
)
def foreign_directive(server: Server) -> Iterator[Finding]:
    """A directive that isn't httpd's own: it needs some third party's module.

    Gatehouse doesn't know what it does and checks nothing of it; httpd says at its start whether it knows the name.
    """
    for directive, meant in _unknown(server):
        if not meant and directive.name.lower() not in REPLACED_BY_MUTEX:
            message = f"`{directive.name}` is no directive of httpd's own"
            yield Finding(directive.place, message, "check that its module is installed and loaded")


def _unknown(server: Server) -> Iterator[tuple[Directive, str]]:
    """Yield each directive that isn't httpd's own, with the name that was meant, if one is near."""
    unknown = server.names - DIRECTIVES.keys()
    for scope in server.scopes if unknown else ():
        for placed in in_file_order(scope, *unknown):
            meant = "" if placed.name in REPLACED_BY_MUTEX else nearest_directive(placed.name)
            yield placed.directive, meant
