"""mod_alias: Redirect and Alias, among themselves and against ProxyPass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import PlacedDirective, Scope, Server
from ...rule import Finding, rule
from ..helpers.scopes import (
    in_file_order,
    is_excluded_by_variable,
    is_outside,
    named,
    scopes_with,
    values,
)
from .rule_order import first_rules, prefixes, proxying_taker

MOD_ALIAS = "https://httpd.apache.org/docs/2.4/mod/mod_alias.html"
REDIRECTS = ("redirect", "redirectpermanent", "redirecttemp")
ALIASES = ("alias", "scriptalias")

_HOST_ONLY = re.compile(r"https?://[^/?#]+", re.IGNORECASE)


@rule(
    "error",
    source=f"{MOD_ALIAS}#redirect",
    bad="Redirect permanent / https://shop.example.com",
    good="Redirect permanent / https://shop.example.com/",
)
def redirect_target_without_slash(server: Server) -> Iterator[Finding]:
    """A Redirect's path ends with a slash and its target is a bare host: the rest is glued to the host's name.

    `Redirect / https://shop.example.com` sends `/cart` to `https://shop.example.comcart`.
    """
    for scope in server.scopes:
        for placed, path, url in _mapped(scope, REDIRECTS):
            if path.endswith("/") and _HOST_ONLY.fullmatch(url):
                message = f'"{url}" has no slash at its end: the rest of a path becomes part of the host\'s name'
                yield Finding(placed.directive.place, message, f'write "{url}/"')


@rule(
    "error",
    source=f"{MOD_ALIAS}#redirect",
    bad="Redirect gone",
    good="Redirect gone /",
)
def redirect_without_path(server: Server) -> Iterator[Finding]:
    """A Redirect has a status and no path: httpd starts, and dies of every request that gets there.

    Its syntax check passes it, and clients get no answer (tried with httpd 2.4.71). In a <Location> the section's path is meant.
    """
    for scope in scopes_with(server, *REDIRECTS):
        for placed in named(scope, *REDIRECTS):
            words = values(placed)
            is_status = words[0].lower() == "gone" or "0" <= words[0][:1] <= "9" if words else False
            if len(words) == 1 and is_status and is_outside(placed):
                written = f"{placed.directive.name} {words[0]}"
                fix = f"write `{written} /` for every path, or the path that is meant"
                yield Finding(placed.directive.place, f"`{written}` has no path", fix)


@rule(
    "error",
    source=f"{MOD_ALIAS}#order",
    bad="""
        Redirect / https://new.example.com/
        Redirect /shop https://shop.example.com/
    """,
    good="""
        Redirect /shop https://shop.example.com
        Redirect / https://new.example.com/
    """,
)
def redirect_never_fires(server: Server) -> Iterator[Finding]:
    """An earlier Redirect takes every request that this one is for: they are tried in order, the first match wins."""
    for scope in scopes_with(server, *REDIRECTS):
        yield from _shadowed(scope, REDIRECTS)


@rule(
    "error",
    source=f"{MOD_ALIAS}#order",
    bad="""
        Alias /static /srv/static
        Alias /static/images /srv/images
    """,
    good="""
        Alias /static/images /srv/images
        Alias /static /srv/static
    """,
)
def alias_never_fires(server: Server) -> Iterator[Finding]:
    """An earlier Alias takes every request that this one is for: they are tried in order, the first match wins."""
    for scope in scopes_with(server, *ALIASES):
        yield from _shadowed(scope, ALIASES)


@rule(
    "warning",
    source=f"{MOD_ALIAS}#redirect",
    bad="""
        Redirect /old /new
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="""
        Redirect /old /new
        ProxyPass /old !
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def redirect_behind_proxy(server: Server) -> Iterator[Finding]:
    """A Redirect lies on a path that is proxied, and never fires: ProxyPass decides before mod_alias is asked.

    Exclude the path first (`ProxyPass /old !`), or write the Redirect in a <Location>, where it does fire.
    """
    for scope in scopes_with(server, *REDIRECTS):
        yield from _behind_proxy(scope, REDIRECTS)


@rule(
    "warning",
    source=f"{MOD_ALIAS}#alias",
    bad="""
        Alias /static /srv/static
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="""
        Alias /static /srv/static
        ProxyPass /static !
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def alias_behind_proxy(server: Server) -> Iterator[Finding]:
    """An Alias lies on a path that is proxied: the backend is asked, never the file. Exclude the path first."""
    for scope in scopes_with(server, *ALIASES):
        yield from _behind_proxy(scope, ALIASES)


@rule(
    "warning",
    source="https://httpd.apache.org/docs/2.4/mod/core.html#errordocument",
    bad="""
        ErrorDocument 503 /errors/503.html
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="""
        ErrorDocument 503 /errors/503.html
        ProxyPass /errors/ !
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def error_document_behind_proxy(server: Server) -> Iterator[Finding]:
    """The page for a failing backend lies on a path that is proxied: httpd asks the failing backend for it."""
    for scope in server.scopes:
        rules = first_rules(scope) if "errordocument" in scope.names else {}
        for placed in named(scope, "errordocument"):
            status, page = (*values(placed), "", "")[:2]
            found = proxying_taker(page, rules) if page.startswith("/") else None
            if found and re.fullmatch(r"50[234]", status) and not _is_excluded(scope, page):
                message = (
                    f'"{page}" is asked of the backend: "{found.path}" at {found.place} proxies it'
                )
                fix = f"write `ProxyPass {page} !` before that rule"
                yield Finding(placed.directive.place, message, fix)


def _mapped(scope: Scope, names: tuple[str, ...]) -> Iterator[tuple[PlacedDirective, str, str]]:
    """Yield each Redirect or Alias outside sections with its path and target, in file order."""
    for placed in in_file_order(scope, *names):
        words = values(placed)
        if is_outside(placed) and len(words) > 1 and words[-2].startswith("/"):
            yield placed, words[-2], words[-1]


def _shadowed(scope: Scope, names: tuple[str, ...]) -> Iterator[Finding]:
    """Yield those behind one of their kind with a shorter path."""
    seen: dict[str, PlacedDirective] = {}
    for placed, path, _target in _mapped(scope, names):
        earlier = next((seen[prefix] for prefix in prefixes(path) if prefix in seen), None)
        if earlier:
            message = f'"{path}" never fires: "{values(earlier)[-2]}" at {earlier.directive.place} comes first and takes its requests'
            yield Finding(placed.directive.place, message, "move it before that one")
        seen.setdefault(next(prefixes(path), path), placed)


def _behind_proxy(scope: Scope, names: tuple[str, ...]) -> Iterator[Finding]:
    """Yield those on a path that a ProxyPass takes."""
    mapped = list(_mapped(scope, names))
    rules = first_rules(scope) if mapped else {}
    for placed, path, _target in mapped:
        found = proxying_taker(path, rules)
        if found and not _is_excluded(scope, path):
            message = f'"{path}" is never reached: "{found.path}" at {found.place} proxies it'
            fix = f"write `ProxyPass {path} !` before that rule"
            yield Finding(placed.directive.place, message, fix)


def _is_excluded(scope: Scope, path: str) -> bool:
    """Tell whether a <Location>, a pattern or a variable may keep a path from being proxied."""
    covering = set(prefixes(path))
    return is_excluded_by_variable(scope) or any(
        one.is_exclusion and (one.is_match or one.location in covering) for one in scope.rules
    )
