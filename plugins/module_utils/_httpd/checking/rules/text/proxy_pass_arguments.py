"""The arguments of ProxyPass: what httpd refuses, and what it can't match or ask."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import Server
from ....reading.view import is_tilde
from ....vocabulary.url import SCHEMES
from ...rule import Finding, rule
from ..helpers.backend_urls import targets
from ..helpers.scopes import everywhere, is_outside, section_path, sections, values, written
from ..routing.rule_order import MOD_PROXY

RULE_NAMES = ("proxypass", "proxypassmatch")

_URL = re.compile(r"(?:unix:|[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
_ANY_ADDRESS = re.compile(r"[a-z0-9]+://(?:0\.0\.0\.0|\[::\])(?:[:/]|$)", re.IGNORECASE)
_IN_TMP = re.compile(r"unix:/+(?:var/)?tmp/", re.IGNORECASE)
# Behind a socket the scheme alone will do.
_SCHEME = re.compile(
    r"(?=unix:[^|]*\||[a-z][a-z0-9+.-]*://[^/])(?:unix:[^|]*\|)?([a-z][a-z0-9+.-]*):", re.IGNORECASE
)


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass http://10.0.0.1:8080/ timeout=60",
    good="ProxyPass / http://10.0.0.1:8080/ timeout=60",
)
def proxy_pass_without_path(server: Server) -> Iterator[Finding]:
    """A ProxyPass outside <Location> has no path: httpd refuses to start (AH00526), or takes the URL for one."""
    for placed in everywhere(server, *RULE_NAMES):
        if is_outside(placed) and _URL.match("".join(values(placed)[:1])):
            message = f"`{written(placed)}` has no path, which it needs outside <Location>"
            yield Finding(
                placed.directive.place,
                message,
                f"write `{placed.directive.name} / {values(placed)[0]}`",
            )


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <Location /app/>
          ProxyPass /app/ http://10.0.0.1:8080/
        </Location>
    """,
    good="""
        <Location /app/>
          ProxyPass http://10.0.0.1:8080/
        </Location>
    """,
)
def proxy_pass_path_in_location(server: Server) -> Iterator[Finding]:
    """A ProxyPass inside <Location> names a path: the section does that, and httpd refuses to start (AH00526)."""
    for placed in everywhere(server, *RULE_NAMES, "proxypassreverse"):
        words = values(placed)
        if not is_outside(placed) and len(words) > 1 and words[0].startswith(("/", "^")):
            message = f'"{words[0]}" repeats the path of <{" ".join(sections(placed)[-1])}>'
            yield Finding(
                placed.directive.place,
                message,
                f"write `{placed.directive.name} {words[1]}`",
            )


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / 10.0.0.1:8080",
    good="ProxyPass / http://10.0.0.1:8080/",
)
def target_is_no_url(server: Server) -> Iterator[Finding]:
    """A target has no scheme and host: httpd refuses to start (AH00526)."""
    for scope in server.scopes:
        for proxy_pass in scope.rules:
            is_given = "$" not in proxy_pass.url and "%{" not in proxy_pass.url
            if not proxy_pass.is_exclusion and is_given and not _SCHEME.match(proxy_pass.url):
                message = f'"{proxy_pass.url}" is no URL'
                yield Finding(proxy_pass.place.at("url"), message, "write http://HOST[:PORT]/")


@rule(
    "error",
    source=f"{MOD_PROXY}#scheme",
    bad="ProxyPass / htp://10.0.0.1:8080/",
    good="ProxyPass / http://10.0.0.1:8080/",
)
def unknown_scheme(server: Server) -> Iterator[Finding]:
    """No module of httpd proxies this scheme: `httpd -t` passes, and each request gets a 500 (AH01144)."""
    known = tuple(f"{scheme}://" for scheme in SCHEMES)
    for scope in server.scopes:
        for url, place in targets(scope):
            match = None if url.startswith(known) else _SCHEME.match(url)
            if match and match[1].lower() not in SCHEMES:
                message = f'"{url}" has the scheme `{match[1]}`, which httpd doesn\'t proxy'
                yield Finding(place.at("url"), message, f"write one of {', '.join(SCHEMES)}")


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass app http://10.0.0.1:8080/app",
    good="ProxyPass /app http://10.0.0.1:8080/app",
)
def path_without_slash(server: Server) -> Iterator[Finding]:
    """A path doesn't begin with a slash, as the path of every request does: the rule never fires."""
    for scope in server.scopes:
        for proxy_pass in scope.rules:
            path = proxy_pass.path
            is_prefix = not proxy_pass.is_match and not proxy_pass.location
            if is_prefix and not path.startswith(("/", "${")) and not _URL.match(path):
                message = f'"{path}" begins with no slash, so the rule never fires'
                yield Finding(proxy_pass.place.at("path"), message, f'write "/{path}"')


@rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/mod/core.html#location",
    bad="ProxyPass /search?q= http://10.0.0.1:8080/search",
    good="ProxyPass /search http://10.0.0.1:8080/search",
)
def path_has_query(server: Server) -> Iterator[Finding]:
    """A path or its pattern has a query string, which is no part of what httpd compares: it never matches.

    To choose by the query string, use RewriteCond with %{QUERY_STRING}.
    """
    names = (*RULE_NAMES, "proxypassreverse", "redirectmatch", "aliasmatch", "rewriterule")
    for placed in everywhere(server, *names):
        words = values(placed)
        has_status = placed.name == "redirectmatch" and len(words) > 2
        position = 1 if has_status else 0
        has_tilde = is_tilde(placed.name, words)
        position += has_tilde
        path = section_path(placed) or "".join(words[position : position + 1])
        if "?" not in path:
            continue
        is_pattern = has_tilde or placed.name.endswith(("match", "rule"))
        mark = r"(?<!\\)\\\?" if is_pattern else r"^/[^?]*\?"
        if re.search(mark, path) and not _URL.match(path):
            message = f'"{path}" never matches: what follows the `?` is no part of a path'
            yield Finding(placed.directive.place, message, "write a RewriteCond on %{QUERY_STRING}")


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass /search http://10.0.0.1:8080/find?from=proxy",
    good="ProxyPass /search http://10.0.0.1:8080/find",
)
def target_has_query(server: Server) -> Iterator[Finding]:
    """A target has a query string, which httpd encodes as if it were path: `/find%3Ffrom=proxy/x`."""
    for scope in server.scopes:
        for proxy_pass in scope.rules:
            if "?" in proxy_pass.url and not proxy_pass.is_match:
                message = (
                    f'"{proxy_pass.url}" has a query string, which reaches the backend as path'
                )
                fix = "leave it out, or use RewriteRule with [P]"
                yield Finding(proxy_pass.place.at("url"), message, fix)


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://0.0.0.0:3000/",
    good="ProxyPass / http://127.0.0.1:3000/",
)
def target_is_any_address(server: Server) -> Iterator[Finding]:
    """A target is the address by which servers listen everywhere; only some systems let one connect to it."""
    for placed in everywhere(server, *RULE_NAMES, "balancermember"):
        found = next(filter(_ANY_ADDRESS.match, values(placed)), None)
        if found:
            message = f'"{found}" is the address of every interface, not of a server'
            yield Finding(
                placed.directive.place.at("url"),
                message,
                "write 127.0.0.1, [::1] or the host",
            )


@rule(
    "warning",
    source="https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateTmp=",
    bad="ProxyPass / unix:/tmp/app.sock|http://app/",
    good="ProxyPass / unix:/run/app/app.sock|http://app/",
)
def socket_in_tmp(server: Server) -> Iterator[Finding]:
    """A socket lies in /tmp, where systemd's PrivateTmp shows httpd a directory of its own: 503 (AH02454)."""
    for scope in server.scopes:
        for url, place in targets(scope):
            if _IN_TMP.match(url):
                message = f'"{url}" lies in /tmp, and systemd gives httpd a /tmp of its own'
                yield Finding(place.at("url"), message, "put the socket below /run")
