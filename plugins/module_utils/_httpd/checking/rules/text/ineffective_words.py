"""Words that httpd takes otherwise than they were meant, or that do nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from ....reading.server import Server
from ....syntax.tree import Place
from ....variables.parameters import BALANCER, MEMBER, WORKER
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, scopes_with, shared
from ..routing.rule_order import MOD_PROXY

CORE = "https://httpd.apache.org/docs/2.4/mod/core.html"
HEALTH_CHECKS = ("hcmethod", "hcpasses", "hcfails", "hcinterval", "hcuri", "hcexpr", "hctemplate")
WORKER_NAMES = (*WORKER, *MEMBER, *HEALTH_CHECKS, "status", "flusher")
BALANCER_NAMES = (*BALANCER, "nonce")
_PARAMETER_NAMES = frozenset((*WORKER_NAMES, *BALANCER_NAMES))

# Names, paths and parameters: what a `#` can't begin. Patterns, headers and texts may.
_PLAIN = frozenset(
    {
        "proxypass",
        "proxypassreverse",
        "balancermember",
        "proxyset",
        "servername",
        "serveralias",
        "documentroot",
        "proxypreservehost",
        "proxyrequests",
        "proxytimeout",
        "require",
        "sslengine",
        "sslproxyengine",
        "sslcertificatefile",
        "sslcertificatekeyfile",
        "allowencodedslashes",
        "listen",
    }
)


@rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/configuring.html#syntax",
    bad="ProxyPass / http://10.0.0.1:8080/ # the application",
    good="""
        # the application
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def comment_at_line_end(server: Server) -> Iterator[Finding]:
    """A comment stands at the end of a line, where httpd has no comments: its words become arguments.

    Some directives refuse them (AH00526); others take them: `ServerAlias www # old` answers to the name `old`.
    """
    for directive in (one.directive for one in everywhere(server, *shared(server, _PLAIN))):
        found = [word for word in directive.args[1:] if word[:1] == "#"]
        if found:
            message = f"`{found[0]}` doesn't begin a comment here: httpd reads the rest of the line as arguments of {directive.name}"
            yield Finding(directive.place, message, "write the comment on a line of its own")


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://10.0.0.1:8080/ timout=30",
    good="ProxyPass / http://10.0.0.1:8080/ timeout=30",
)
def unknown_parameter(server: Server) -> Iterator[Finding]:
    """No worker and no balancer has this parameter: httpd refuses to start (AH00526)."""
    for parameters, place, known in _parameters(server):
        for name in parameters:
            if name not in _PARAMETER_NAMES:
                nearest = difflib.get_close_matches(name, known, n=1)
                message = f"`{name}={parameters[name]}` is no parameter that httpd knows"
                fix = f"write `{nearest[0]}=`" if nearest else "remove it"
                yield Finding(place.at(name), message, fix)


@rule(
    "warning",
    source=f"{CORE}#limitrequestbody",
    bad="""
        LimitRequestBody 1000000
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="ProxyPass / http://10.0.0.1:8080/",
)
def limit_request_body_without_effect(server: Server) -> Iterator[Finding]:
    """LimitRequestBody limits nothing that is proxied: let the backend limit it.

    Measured on httpd 2.4.71: a request of any size reaches the backend.
    """
    for scope in scopes_with(server, "limitrequestbody"):
        limit = scope.last("limitrequestbody")
        proxies = any(not proxy_pass.is_exclusion for proxy_pass in scope.rules)
        # 0 is no limit, which is what holds.
        if limit and proxies and "".join(limit.args) != "0":
            message = f"`LimitRequestBody {' '.join(limit.args)}` has no effect on what is proxied"
            yield Finding(limit.place, message, "limit it at the backend")


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypassreverse",
    bad="""
        ProxyPass / unix:/run/app.sock|http://app/
        ProxyPassReverse / unix:/run/app.sock|http://app/
    """,
    good="""
        ProxyPass / unix:/run/app.sock|http://app/
        ProxyPassReverse / http://app/
    """,
)
def reverse_names_socket(server: Server) -> Iterator[Finding]:
    """A ProxyPassReverse names a socket, which no backend writes into a redirect: redirects reach clients as they are."""
    for placed in everywhere(server, "proxypassreverse"):
        directive, url = placed.directive, "".join(placed.values[-1:])
        if url.lower().startswith("unix:"):
            message = f'"{url}" is in no Location header that a backend sends'
            _socket, _bar, rest = url.partition("|")
            yield Finding(directive.place, message, f'write "{rest or "http://NAME/"}"')


def _parameters(server: Server) -> Iterator[tuple[Mapping[str, str], Place, tuple[str, ...]]]:
    """Yield the parameters of every worker and balancer, with their place and the names that are known there."""
    for scope in server.scopes:
        for proxy_pass in scope.rules:
            is_balancer = proxy_pass.url.lower().startswith("balancer:")
            known = BALANCER_NAMES if is_balancer else WORKER_NAMES
            yield proxy_pass.parameters, proxy_pass.place, known
        for balancer in scope.balancers:
            yield balancer.parameters, balancer.place, BALANCER_NAMES
            for member in balancer.members:
                yield member.parameters, member.place, WORKER_NAMES
