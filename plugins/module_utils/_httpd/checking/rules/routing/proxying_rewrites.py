"""What mod_rewrite does to proxying: it comes first, and it trusts what a client wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import PlacedDirective, Scope, Server
from ...rule import Finding, rule
from ..helpers.written_rewrites import rewrites
from .rule_order import EVERYTHING, MOD_PROXY

MOD_REWRITE = "https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html"

_HOST_REFERENCE = re.compile(
    r"^[a-z][a-z0-9]*://(?P<host>[^/$%]*)(?P<reference>[$%][0-9])", re.IGNORECASE
)


@rule(
    "error",
    source=f"{MOD_REWRITE}#rewriterule",
    bad="""
        RewriteEngine On
        RewriteRule ^(.*)$ http://mirror.example.com$1 [P,L]
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="""
        RewriteEngine On
        RewriteCond %{HTTP:Upgrade} =websocket
        RewriteRule ^(.*)$ ws://10.0.0.1:8080$1 [P,L]
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def rewrite_takes_every_request(server: Server) -> Iterator[Finding]:
    """A RewriteRule with [P] takes every request, so that no ProxyPass, and no exclusion, is asked.

    mod_rewrite runs before mod_proxy reads its rules. Tutorials show this as a way to mirror traffic; measured, the
    mirror gets every request and the backend none. An exclusion (`ProxyPass /.well-known/ !`) excludes nothing.
    """
    for scope in server.scopes:
        rules = [proxy_pass for proxy_pass in scope.rules if not proxy_pass.location]
        is_proxying = any(rewrite.is_proxied for rewrite in rewrites(scope))
        for placed in _unconditional(scope) if is_proxying and _is_on(scope) else ():
            pattern, target, flags = _parts(placed)
            if rules and "p" in flags and EVERYTHING.fullmatch(pattern):
                yield Finding(
                    placed.directive.place,
                    f'"{pattern}" with [P] sends every request to "{target}", so "{rules[0].path}" at {rules[0].place} never fires',
                    "narrow the pattern or put a RewriteCond before it; to mirror, don't use [P]",
                )


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypassmatch",
    bad="ProxyPassMatch ^/x(.*)$ http://10.0.0.1:8080$1",
    good="ProxyPassMatch ^/x(/.*)$ http://10.0.0.1:8080$1",
)
def client_chooses_host(server: Server) -> Iterator[Finding]:
    """What a client wrote becomes part of the host that the proxy asks.

    `http://10.0.0.1:8080$1` with a request for `/x@evil.example/` asks `evil.example`; `http://$1` asks whatever host
    the client names: an open proxy into your network. Begin the captured part with a slash, or name the host.
    """
    for scope in server.scopes:
        targets = [(one.path, one.url, one.place) for one in scope.rules if one.is_match]
        # Whether RewriteEngine is on by now or not: it will be one day.
        for placed in _rewrite_rules(scope):
            pattern, target, flags = _parts(placed)
            if "p" in flags:
                targets.append((pattern, target, placed.directive.place))
        for pattern, target, place in targets:
            match = _HOST_REFERENCE.match(target)
            if match and not _begins_with_slash(pattern, match):
                message = f'"{target}" lets the client choose the host that is asked'
                fix = "begin the captured part with a slash, `(/.*)`, or write the host"
                yield Finding(place, message, fix)


def _begins_with_slash(pattern: str, match: re.Match[str]) -> bool:
    """Tell whether what a reference stands for begins with a slash behind a host that is written out."""
    reference = match["reference"]
    if not match["host"] or reference[0] == "%":
        return False
    groups = [found.end() for found in re.finditer(r"(?<!\\)\((?!\?)", pattern)]
    if reference == "$0":
        return pattern.startswith("^/")
    number = int(reference[1])
    if number > len(groups):
        # Of a group that isn't there nothing comes.
        return True
    start = groups[number - 1]
    # A path begins with a slash, so a group at its very beginning does.
    return pattern[start:].startswith("/") or pattern[:start] == "^("


def _rewrite_rules(scope: Scope) -> Iterator[PlacedDirective]:
    """Yield the RewriteRules of a scope, outside sections."""
    for placed in scope.rewriting:
        if not placed.around and placed.name == "rewriterule":
            yield placed


def _is_on(scope: Scope) -> bool:
    """Tell whether a scope rewrites."""
    engine = scope.last("rewriteengine")
    return engine is not None and "".join(engine.args).lower() == "on"


def _unconditional(scope: Scope) -> Iterator[PlacedDirective]:
    """Yield those that no RewriteCond stands before, until one ends the rewriting of some requests."""
    rules = {id(placed) for placed in _rewrite_rules(scope)}
    has_condition = False
    for placed in scope.rewriting:
        name = placed.name
        if id(placed) in rules and not has_condition:
            yield placed
        if name in ("rewritecond", "rewriterule"):
            has_condition = name == "rewritecond"


def _parts(placed: PlacedDirective) -> tuple[str, str, frozenset[str]]:
    """Return pattern, substitution and the flags' lower-case names."""
    words = (*placed.values, "", "", "")
    flags = words[2].strip("[]").lower().split(",")
    names = {flag.partition("=")[0].strip() for flag in flags}
    return words[0], words[1], frozenset({"p" if name == "proxy" else name for name in names})
