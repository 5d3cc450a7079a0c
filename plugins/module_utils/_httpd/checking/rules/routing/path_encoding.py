"""What of a path reaches the backend: encoded slashes, and what a pattern adds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import Server
from ...rule import Finding, rule
from ..helpers.scopes import is_incomplete, last_value, scopes_with
from .rule_order import MOD_PROXY
from .rule_targets import target

ENCODED = "https://httpd.apache.org/docs/2.4/mod/core.html#allowencodedslashes"


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypassmatch",
    bad="ProxyPassMatch ^/app/.* http://10.0.0.1:8080/app/",
    good="ProxyPassMatch ^/app/(.*) http://10.0.0.1:8080/app/$1",
)
def pattern_appends_path(server: Server) -> Iterator[Finding]:
    """A ProxyPassMatch without `$1` appends the whole path to its target: `/app/x` asks for `/app//app/x`."""
    for scope in server.scopes:
        for one in scope.rules if not is_incomplete(server, scope) else ():
            url = target(one.url) if one.is_match and "$" not in one.url else None
            if url and url.path:
                message = f'"{one.url}" has no $1, so the whole path is appended to it'
                fix = "add a group and $1, or leave out the target's path"
                yield Finding(one.place.at("url"), message, fix)


@rule(
    "hint",
    source=ENCODED,
    bad="ProxyPass / http://10.0.0.1:8080/ nocanon",
    good="""
        AllowEncodedSlashes NoDecode
        ProxyPass / http://10.0.0.1:8080/ nocanon
    """,
)
def encoded_slash_refused(server: Server) -> Iterator[Finding]:
    """`nocanon` passes a path on as it came, but httpd answers 404 to one with `%2F` before it is asked.

    `AllowEncodedSlashes NoDecode`, in the virtual host itself, lets it through.
    """
    for scope in server.scopes:
        first = next((one for one in scope.rules if "nocanon" in one.flags), None)
        if first and last_value(scope, "allowencodedslashes") in ("", "off"):
            message = f'"{first.path}" passes paths on as they came, but one with %2F is a 404'
            yield Finding(first.place, message, "add `AllowEncodedSlashes NoDecode`")


@rule(
    "hint",
    source=ENCODED,
    bad="""
        AllowEncodedSlashes On
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="""
        AllowEncodedSlashes NoDecode
        ProxyPass / http://10.0.0.1:8080/ nocanon
    """,
)
def encoded_slash_decoded(server: Server) -> Iterator[Finding]:
    """`AllowEncodedSlashes On` decodes them: `/a%2Fb` asks the backend for `/a/b`, another path.

    `NoDecode` keeps them, and a rule with `nocanon` passes them on.
    """
    for scope in scopes_with(server, "allowencodedslashes"):
        changed = [
            one for one in scope.rules if not one.is_exclusion and "nocanon" not in one.flags
        ]
        directive = scope.last("allowencodedslashes")
        if changed and directive and last_value(scope, "allowencodedslashes") == "on":
            message = f'"{changed[0].path}" asks for `/a/b` where a client asked for `/a%2Fb`'
            yield Finding(directive.place, message, "write `AllowEncodedSlashes NoDecode`")


@rule(
    "hint",
    source=f"{MOD_PROXY}#proxypassmatch",
    bad="ProxyPassMatch ^/(.*)$ http://10.0.0.1:8080/$1 timeout=60",
    good="ProxyPass / http://10.0.0.1:8080/ timeout=60",
)
def pattern_loses_parameters(server: Server) -> Iterator[Finding]:
    """A ProxyPassMatch with `$1` has parameters, which hold for some requests only.

    Its worker is found only where the URL is at least as long as the target as it is written (measured with 2.4.71: `/x`
    gets ProxyTimeout, `/xyz` the worker's timeout); before 2.4.47 they hold for none. Use a prefix.
    """
    for scope in server.scopes:
        for one in scope.rules:
            if one.is_match and one.parameters and re.search(r"\$[0-9]", one.url):
                names = ", ".join(one.parameters)
                message = f'"{one.url}" has {names}, which some of its requests don\'t get'
                yield Finding(one.place, message, "write ProxyPass with a path")
