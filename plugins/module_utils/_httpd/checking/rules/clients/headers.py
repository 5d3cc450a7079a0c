"""Headers and cookies between clients, httpd and backends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import PlacedDirective, Scope, Server
from ...rule import Finding, rule
from ..backends.sticky_sessions import MOD_BALANCER
from ..helpers.scopes import everywhere, is_outside, named, sections, values, with_scopes, written
from ..routing.rule_order import MOD_PROXY

MOD_HEADERS = "https://httpd.apache.org/docs/2.4/mod/mod_headers.html"
_IDENTITY = re.compile(
    r"%\{REMOTE_USER\}|%\{SSL_CLIENT_|%\{OIDC_|%\{MELLON_|%\{AUTHENTICATE_", re.IGNORECASE
)
_ROUTE_COOKIE = re.compile(r"^\s*([^=;\s]+)=([^;]*?)%\{BALANCER_WORKER_ROUTE\}e")


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxyaddheaders",
    bad="""
        ProxyAddHeaders Off
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="""
        ProxyAddHeaders Off
        RequestHeader unset X-Forwarded-For
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def forged_headers_pass(server: Server) -> Iterator[Finding]:
    """With `ProxyAddHeaders Off`, the X-Forwarded-For that a client wrote reaches the backend as it is."""
    for scope, placed in with_scopes(server, "proxyaddheaders"):
        is_off = " ".join(values(placed)).lower() == "off"
        if is_off and not _is_written(server, scope, "x-forwarded-for"):
            message = "`ProxyAddHeaders Off` passes on whatever X-Forwarded-For a client writes"
            fix = "add `RequestHeader unset X-Forwarded-For`, or set it"
            yield Finding(placed.directive.place, message, fix)


@rule(
    "warning",
    source=f"{MOD_HEADERS}#requestheader",
    bad="""
        ProxyPass / http://10.0.0.1:8080/
        <Location /admin>
          Require valid-user
          RequestHeader set X-Remote-User expr=%{REMOTE_USER}
        </Location>
    """,
    good="""
        RequestHeader unset X-Remote-User
        ProxyPass / http://10.0.0.1:8080/ mapping=servlet
        <Location /admin>
          Require valid-user
          RequestHeader set X-Remote-User expr=%{REMOTE_USER}
        </Location>
    """,
)
def identity_header_not_cleared(server: Server) -> Iterator[Finding]:
    """A header says who the user is, and is set for some paths only: on the others clients write it themselves.

    Take it off every request first (`RequestHeader unset` in the virtual host), then set it where users are known.
    """
    for scope in server.scopes:
        told: set[str] = set()
        for placed in named(scope, "requestheader"):
            words = values(placed)
            is_set = len(words) > 2 and words[0].lower() in ("set", "setifempty", "add", "append")
            header = words[1].lower() if is_set else ""
            if not header or is_outside(placed) or not _IDENTITY.search(" ".join(words[2:])):
                continue
            if header not in told and not _is_written(server, scope, header):
                told.add(header)
                message = f"{words[1]} is set in <{' '.join(sections(placed)[-1])}> only, so clients can write it elsewhere"
                fix = f"add `RequestHeader unset {words[1]}` to the virtual host"
                yield Finding(placed.directive.place, message, fix)


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypassreversecookiepath",
    bad="""
        ProxyPass /app/ http://10.0.0.1:8080/
        ProxyPassReverseCookiePath / http://10.0.0.1:8080/
    """,
    good="""
        ProxyPass /app/ http://10.0.0.1:8080/
        ProxyPassReverseCookiePath / /app/
    """,
)
def cookie_rewrite_with_url(server: Server) -> Iterator[Finding]:
    """A cookie's path or domain is rewritten from or to a URL, which no cookie has: sessions get lost.

    The arguments are what the backend says and what clients get: two paths, or two domains.
    """
    for placed in everywhere(server, "proxypassreversecookiepath", "proxypassreversecookiedomain"):
        kind = "path" if placed.name.endswith("path") else "domain"
        wrong = [word for word in values(placed) if _is_no(kind, word)]
        if wrong:
            message = f'"{wrong[0]}" is no {kind} that a cookie has'
            fix = f"write `{placed.directive.name} INTERNAL PUBLIC`, two {kind}s"
            yield Finding(placed.directive.place, message, fix)


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypassreverse",
    bad="""
        <LocationMatch ^/app/(one|two)/>
          ProxyPassMatch http://10.0.0.1:8080
          ProxyPassReverse http://10.0.0.1:8080
        </LocationMatch>
    """,
    good="""
        <LocationMatch ^/app/(one|two)/>
          ProxyPassMatch http://10.0.0.1:8080
        </LocationMatch>
        ProxyPassReverse / http://10.0.0.1:8080/
    """,
)
def reverse_in_location_match(server: Server) -> Iterator[Finding]:
    """A ProxyPassReverse stands in a section whose path is a pattern, and writes the pattern into redirects."""
    for placed in everywhere(server, "proxypassreverse"):
        around = sections(placed)
        kind, *words = around[-1] if around else ("",)
        is_pattern = kind == "locationmatch" or (kind == "location" and words[:1] == ["~"])
        if is_pattern and words:
            message = (
                f'`{written(placed)}` writes the pattern "{words[-1]}" itself into Location headers'
            )
            yield Finding(placed.directive.place, message, "write it outside, with a path")


@rule(
    "error",
    source=f"{MOD_BALANCER}#stickyness",
    bad="""
        Header add Set-Cookie "ROUTEID=%{BALANCER_WORKER_ROUTE}e; path=/" env=BALANCER_ROUTE_CHANGED
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 route=r1
          BalancerMember http://10.0.0.2:8080 route=r2
          ProxySet stickysession=ROUTEID
        </Proxy>
        ProxyPass / balancer://shop/
    """,
    good="""
        Header add Set-Cookie "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; path=/" env=BALANCER_ROUTE_CHANGED
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 route=r1
          BalancerMember http://10.0.0.2:8080 route=r2
          ProxySet stickysession=ROUTEID
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def sticky_cookie_without_separator(server: Server) -> Iterator[Finding]:
    """A sticky cookie doesn't have the separator before the route by which httpd finds it: no session sticks.

    The route is what follows the first `.` (`stickysessionsep`) of the value; with `stickysessionsep=Off` all of it is.
    """
    for scope, placed in with_scopes(server, "header"):
        cookie = next(filter(None, map(_ROUTE_COOKIE.match, values(placed))), None)
        for balancer in scope.balancers if cookie else ():
            separator = balancer.parameters.get("stickysessionsep", ".")
            wanted = "" if separator.lower() == "off" else separator
            names = balancer.parameters.get("stickysession", "").split("|")
            if cookie and cookie[1] in names and not _separates(cookie[2], wanted):
                name = cookie[1]
                message = f'the cookie {name} has "{cookie[2]}" before the route, where `{balancer.name}` wants "{wanted}": no session sticks'
                fix = f"write `{name}={wanted}%{{BALANCER_WORKER_ROUTE}}e`"
                yield Finding(placed.directive.place, message, fix)


@rule(
    "hint",
    source=f"{MOD_HEADERS}#header",
    bad='Header add Strict-Transport-Security: "max-age=63072000"',
    good='Header always set Strict-Transport-Security "max-age=63072000"',
)
def security_header_added(server: Server) -> Iterator[Finding]:
    """Strict-Transport-Security is added, not set: a backend's own makes it two, and clients may drop both.

    Without `always`, httpd's own errors and redirects go without it.
    """
    for placed in everywhere(server, "header"):
        words = [word.lower().rstrip(":") for word in values(placed)]
        if "strict-transport-security" in words[1:3] and {"add", "append"} & set(words[:2]):
            message = f"`{written(placed)}` sends this header twice where the backend sends it too"
            yield Finding(placed.directive.place, message, "write `Header always set`")


def _separates(before: str, wanted: str) -> bool:
    """Tell whether httpd finds the route behind what stands before it."""
    return before.endswith(wanted) and before.count(wanted) == 1 if wanted else not before


def _is_no(kind: str, word: str) -> bool:
    """Tell whether a word is no path, or no domain, of a cookie."""
    return "://" in word or (kind == "domain" and word.startswith("/"))


def _is_written(server: Server, scope: Scope, header: str) -> bool:
    """Tell whether a request header is set or unset for every request of a scope."""
    return any(
        is_outside(placed) and _writes(placed, header)
        for one in (scope, server.main)
        for placed in named(one, "requestheader")
    )


def _writes(placed: PlacedDirective, header: str) -> bool:
    words = values(placed)
    return (
        len(words) > 1
        and words[0].lower() in ("set", "unset")
        and words[1].lower().rstrip(":") == header
    )
