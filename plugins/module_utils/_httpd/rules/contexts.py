"""Directives in sections where httpd doesn't take them."""

from __future__ import annotations

from collections.abc import Iterator

from ..directives import DIRECTIVES
from ..rule import Finding, rule
from ..server import Server
from .places import sections

CONTEXTS = "https://httpd.apache.org/docs/2.4/mod/directive-dict.html#Context"
# Of these, ProxyPass is for <Location> only, whatever `httpd -L` says.
_FILES = frozenset({"directory", "directorymatch", "files", "filesmatch", "if", "elseif", "else"})
_URLS = frozenset({"location", "locationmatch", "proxy", "proxymatch", "limit", "limitexcept"})
_LOCATION_ONLY = frozenset({"proxypass", "proxypassmatch", "proxypassreverse"})
# They are carried out while they are read, wherever they stand.
_ANYWHERE = frozenset({"defaultruntimedir", "loadfile", "loadmodule", "serverroot"})


@rule(
    "error",
    source=CONTEXTS,
    bad="""
        <Directory /srv/www>
          ProxyPass / http://10.0.0.1:8080/
        </Directory>
    """,
    good="ProxyPass / http://10.0.0.1:8080/",
)
def directive_not_in_section(server: Server) -> Iterator[Finding]:
    """A directive stands in a section, or outside of one, where httpd doesn't take it: it refuses to start (AH00526).

    Settings of the server can't stand in <Location> or <Directory>; access rules can't stand outside of them; ProxyPass
    can't stand in <Directory>, <Files> or <If>.
    """
    for scope in server.scopes:
        for name in scope.names:
            context = DIRECTIVES[name].context if name in DIRECTIVES else "anywhere"
            if name not in _LOCATION_ONLY and (context == "anywhere" or name in _ANYWHERE):
                continue
            for placed in scope.named(name):
                where = {parts[0] for parts in sections(placed)}
                problem = _misplaced(name, context, where)
                if problem:
                    message = f"`{placed.directive.name}` {problem}"
                    yield Finding(placed.directive.origin, message, _FIXES[problem])


_IN_SECTION = "is not allowed in a section"
_OUTSIDE = "is not allowed outside of a section"
_IN_FILES = "is not allowed in <Directory>, <Files> or <If>"
_FIXES = {
    _IN_SECTION: "move it out, to the virtual host",
    _OUTSIDE: "put it into a <Location>",
    _IN_FILES: "move it out, or into a <Location>",
}


def _misplaced(name: str, context: str, where: set[str]) -> str:
    """Say what is wrong with a directive's place; empty for nothing."""
    if name in _LOCATION_ONLY:
        return _IN_FILES if where & _FILES else ""
    if context == "server" and where & (_FILES | _URLS):
        return _IN_SECTION
    return _OUTSIDE if context == "directory" and not where else ""
