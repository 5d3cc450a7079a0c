"""Directives in sections where httpd doesn't take them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ....reading.server import PlacedDirective, Scope, Server
from ....syntax.condition_sections import CONDITIONS
from ....vocabulary.directives import DIRECTIVES
from ...rule import Finding, rule
from ..helpers.scopes import shared, values, with_scopes

CONTEXTS = "https://httpd.apache.org/docs/2.4/mod/directive-dict.html#Context"
# Of these, ProxyPass is for <Location> only, whatever `httpd -L` says.
_FILES = frozenset({"directory", "directorymatch", "files", "filesmatch", "if", "elseif", "else"})
_URLS = frozenset({"location", "locationmatch", "proxy", "proxymatch", "limit", "limitexcept"})
_LOCATION_ONLY = frozenset({"proxypass", "proxypassmatch", "proxypassreverse"})
# With one word they stand in <Location>, with two outside.
_OUTSIDE_WITH_TWO = frozenset({"alias", "scriptalias"})
# They are carried out while they are read, wherever they stand.
_ANYWHERE = frozenset({"defaultruntimedir", "loadfile", "loadmodule", "serverroot"})
_BOUND = _LOCATION_ONLY | _OUTSIDE_WITH_TWO
_BOUND |= {name for name, entry in DIRECTIVES.items() if entry.context != "anywhere"} - _ANYWHERE


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
    can't stand in <Directory>, <Files> or <If>; a <VirtualHost> stands in nothing, and alone has aliases of its name.
    """
    for scope, placed in with_scopes(server, *shared(server, _BOUND)):
        kinds = tuple(parts[0] for parts in placed.around) if placed.around else ()
        problem = _misplaced(placed.name, kinds, has_two=len(values(placed)) > 1)
        problem = problem or _only_of_hosts(server, scope, placed)
        if problem:
            message = f"`{placed.directive.name}` {problem}"
            yield Finding(placed.directive.place, message, _FIXES[problem])
    for section, around in server.sections:
        problem = _misplaced_section(section.name.lower(), around)
        if problem:
            message = f"`<{section.name}>` {problem}"
            yield Finding(section.place, message, _FIXES[problem])


_IN_SECTION = "is not allowed in a section"
_OUTSIDE = "is not allowed outside of a section"
_IN_FILES = "is not allowed in <Directory>, <Files> or <If>"
_IN_LOCATION = "is not allowed in <Location>"
_IN_HOST = "is not allowed in <VirtualHost>"
_IN_MAIN = "is only allowed in <VirtualHost>"
_FIXES = {
    _IN_SECTION: "move it out, to the virtual host",
    _OUTSIDE: "put it into a <Location>",
    _IN_FILES: "move it out, or into a <Location>",
    _IN_LOCATION: "move it out",
    _IN_HOST: "close the first virtual host before it",
    _IN_MAIN: "move it into the virtual host",
}


@lru_cache(maxsize=4096)
def _misplaced(name: str, kinds: tuple[str, ...], *, has_two: bool) -> str:
    """Say what is wrong with a directive within sections of these kinds; empty for nothing.

    Virtual hosts are much alike: most ask the same as the one before.
    """
    context = DIRECTIVES[name].context if name in DIRECTIVES else "anywhere"
    where = set(kinds) - CONDITIONS
    if name in _LOCATION_ONLY:
        return _IN_FILES if where & _FILES else ""
    if name in _OUTSIDE_WITH_TWO and not has_two:
        return _IN_FILES if where & _FILES else _OUTSIDE if not where else ""
    if name.startswith("sslproxy"):
        where -= {"proxy", "proxymatch"}
    if (context == "server" or name in _OUTSIDE_WITH_TWO) and where & (_FILES | _URLS):
        return _IN_SECTION
    return _OUTSIDE if context == "directory" and not where else ""


def _only_of_hosts(server: Server, scope: Scope, placed: PlacedDirective) -> str:
    """Say so of a name that the main server can't have."""
    is_of_host = placed.name == "serveralias"
    return _IN_MAIN if is_of_host and scope is server.main else ""


@lru_cache(maxsize=4096)
def _misplaced_section(name: str, around: tuple[str, ...]) -> str:
    """Say what is wrong with a section within others; empty for nothing."""
    where = set(around)
    context = DIRECTIVES[name].context if name in DIRECTIVES else "anywhere"
    if context == "server" and where & (_FILES | _URLS):
        return _IN_SECTION
    if name == "virtualhost" and name in where:
        return _IN_HOST
    if name in ("files", "filesmatch") and where & {"location", "locationmatch"}:
        return _IN_LOCATION
    is_outside = not where - CONDITIONS - {"virtualhost"}
    return _OUTSIDE if context == "directory" and is_outside else ""
