"""Patterns of RewriteRule and their references, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import Server
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, has, is_incomplete, is_outside, named, values
from ..helpers.written_rewrites import engine_is_on, group_count, rewrites

MOD_REWRITE = "https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html"

_REFERENCE = re.compile(r"(?<!\\)\$([1-9])")
_USE = re.compile(r"\$[0-9]|%[0-9]|%\{")
_ANY = re.compile(r"\((?:\?<?\w+>)?(?:\.\*|\.\+)\)")
_MAP = re.compile(r"\$\{([^:${}]+):")
_LITERAL_BEGINNING = re.compile(r"\^[A-Za-z0-9_%]")


@rule(
    "warning",
    source=f"{MOD_REWRITE}#rewriterule",
    bad="""
        RewriteEngine On
        RewriteCond %{HTTP:Upgrade} =websocket [NC]
        RewriteRule ^/?(.*) ws://10.0.0.1:8080/ [P]
    """,
    good="""
        RewriteEngine On
        RewriteCond %{HTTP:Upgrade} =websocket [NC]
        RewriteRule ^/?(.*) ws://10.0.0.1:8080/$1 [P]
    """,
)
def rewrite_drops_path(server: Server) -> Iterator[Finding]:
    """A RewriteRule captures the rest of the path and doesn't use it: every request asks for one URL."""
    for scope in server.scopes:
        for rewrite in rewrites(scope):
            drops = rewrite.is_proxied and not _USE.search(rewrite.target)
            if drops and _ANY.search(rewrite.pattern):
                message = f'"{rewrite.target}" is asked for whatever "{rewrite.pattern}" captures: the substitution has no $1'
                yield Finding(rewrite.place, message, f'write "{rewrite.target}$1"')


@rule(
    "error",
    source=f"{MOD_REWRITE}#rewriterule",
    bad="""
        RewriteEngine On
        RewriteRule .* ws://10.0.0.1:8080/$1 [P]
    """,
    good="""
        RewriteEngine On
        RewriteRule ^/(.*) ws://10.0.0.1:8080/$1 [P]
    """,
)
def reference_without_group(server: Server) -> Iterator[Finding]:
    """A target refers to a group that its pattern doesn't have: the reference is empty.

    Every request then asks for the same URL.
    """
    for scope in server.scopes:
        found = [(one.pattern, one.target, one.place) for one in rewrites(scope)]
        found += [(one.path, one.url, one.place) for one in scope.rules if one.is_match]
        for placed in named(scope, "redirectmatch", "aliasmatch", "scriptaliasmatch"):
            if len(values(placed)) > 1:
                found.append((values(placed)[-2], values(placed)[-1], placed.directive.place))
        for pattern, target, place in found:
            count = 0 if pattern.startswith("!") else group_count(pattern)
            missing = [number for number in _REFERENCE.findall(target) if int(number) > count]
            if missing:
                message = f'"{target}" refers to ${missing[0]}, but "{pattern}" has {count} groups'
                yield Finding(place, message, "put the part that it stands for in parentheses")


@rule(
    "error",
    source=f"{MOD_REWRITE}#rewritemap",
    bad="""
        RewriteEngine On
        RewriteCond ${HTTP:Upgrade} websocket [NC]
        RewriteRule ^/(.*) ws://10.0.0.1:8080/$1 [P]
    """,
    good="""
        RewriteEngine On
        RewriteCond %{HTTP:Upgrade} websocket [NC]
        RewriteRule ^/(.*) ws://10.0.0.1:8080/$1 [P]
    """,
)
def unknown_rewrite_map(server: Server) -> Iterator[Finding]:
    """`${NAME:key}` asks a RewriteMap that isn't there, and so is empty: often `%{HTTP:…}` was meant.

    A virtual host doesn't inherit the main server's maps, unless it says `RewriteOptions Inherit`.
    """
    for scope in server.scopes:
        if has(scope, "rewriteoptions") or is_incomplete(server, scope):
            continue
        maps = {values(placed)[0] for placed in named(scope, "rewritemap") if values(placed)}
        for placed in named(scope, "rewritecond", "rewriterule"):
            for name in _MAP.findall(" ".join(values(placed)[:2])):
                if name not in maps:
                    message = f"`${{{name}:…}}` asks the RewriteMap `{name}`, which isn't defined here, so it is empty"
                    fix = f"write `%{{{name}:…}}` for a variable, or define the map here"
                    yield Finding(placed.directive.place, message, fix)


@rule(
    "error",
    source=f"{MOD_REWRITE}#what_is_matched",
    bad="""
        RewriteEngine On
        RewriteRule ^api/(.*) ws://10.0.0.1:8080/$1 [P]
    """,
    good="""
        RewriteEngine On
        RewriteRule ^/api/(.*) ws://10.0.0.1:8080/$1 [P]
    """,
)
def rewrite_pattern_without_slash(server: Server) -> Iterator[Finding]:
    """A pattern of a virtual host begins without the slash that every path begins with: it never matches.

    Patterns without it are for <Directory> and .htaccess, where httpd takes the directory off first.
    """
    for scope in server.scopes:
        for rewrite in rewrites(scope):
            if _LITERAL_BEGINNING.match(rewrite.pattern) and "|" not in rewrite.pattern:
                message = f'"{rewrite.pattern}" never matches: paths begin with a slash here'
                yield Finding(rewrite.place, message, f'write "^/{rewrite.pattern[1:]}"')


@rule(
    "hint",
    source=f"{MOD_REWRITE}#rewriteengine",
    bad="RewriteRule ^/(.*) ws://10.0.0.1:8080/$1 [P]",
    good="""
        RewriteEngine On
        RewriteRule ^/(.*) ws://10.0.0.1:8080/$1 [P]
    """,
)
def rewrite_engine_off(server: Server) -> Iterator[Finding]:
    """RewriteRules stand where RewriteEngine isn't on: they do nothing."""
    for scope in server.scopes:
        first = next(iter(rewrites(scope)), None)
        if first and not engine_is_on(server, scope):
            message = f'"{first.pattern}" is never tried: RewriteEngine is off here'
            yield Finding(first.place, message, "add `RewriteEngine On`, or remove the rules")


@rule(
    "warning",
    source=f"{MOD_REWRITE}#rewriteoptions",
    bad="""
        Listen 80
        RewriteEngine On
        RewriteRule ^/old/(.*) /new/$1 [R]
        <VirtualHost *:80>
          ServerName shop.example.com
          ProxyPass / http://10.0.0.1:8080/
        </VirtualHost>
    """,
    good="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
          RewriteEngine On
          RewriteRule ^/old/(.*) /new/$1 [R]
          ProxyPass / http://10.0.0.1:8080/
        </VirtualHost>
    """,
)
def rewrite_rules_not_inherited(server: Server) -> Iterator[Finding]:
    """RewriteRules of the main server are for requests that no virtual host gets; none inherits them.

    `RewriteOptions Inherit` in a virtual host, or `InheritDown` in the main server, changes that.
    """
    inherits = any(has(scope, "rewriteoptions") for scope in server.scopes)
    first = next(iter(rewrites(server.main)), None)
    if first and server.vhosts and not inherits and engine_is_on(server, server.main):
        message = f'"{first.pattern}" of the main server is tried in no virtual host'
        yield Finding(first.place, message, "move the rules into the virtual hosts")


@rule(
    "warning",
    source="https://httpd.apache.org/docs/2.4/env.html#special",
    bad="""
        SetEnv no-proxy 1
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="""
        SetEnvIf Request_URI ^/static/ no-proxy
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def no_proxy_set_too_late(server: Server) -> Iterator[Finding]:
    """SetEnv sets `no-proxy` after the rules were tried, so nothing is excluded: SetEnvIf sets it in time."""
    for placed in everywhere(server, "setenv"):
        if values(placed)[:1] == ("no-proxy",):
            where = "" if is_outside(placed) else " in a section"
            message = (
                f"`SetEnv no-proxy`{where} is set after the rules were tried, and excludes nothing"
            )
            fix = "write `SetEnvIf Request_URI ^/PATH no-proxy`"
            yield Finding(placed.directive.place, message, fix)
