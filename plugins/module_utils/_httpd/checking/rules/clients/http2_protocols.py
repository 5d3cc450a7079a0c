"""HTTP/2: who speaks it with whom, and what ends it (each tried with httpd 2.4.71, curl and nghttp)."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.environment import Environment
from ....reading.server import PlacedDirective, Scope, Server
from ....vocabulary.address import Address
from ...rule import Finding, environment_rule, rule
from ..helpers.scopes import (
    everywhere,
    has,
    inherited_value,
    is_incomplete,
    last_value,
    named,
    values,
)
from ..server.mpm_limits import DEFAULTS

MOD_HTTP2 = "https://httpd.apache.org/docs/2.4/mod/mod_http2.html"
PROTOCOLS = "https://httpd.apache.org/docs/2.4/mod/core.html#protocols"
_KNOWN = frozenset({"h2", "h2c", "http/1.1", "acme-tls/1"})
_HTTP2 = ("h2", "h2c")
FEW_WORKERS = 16  # of a child


@environment_rule(
    "error",
    source=f"{MOD_HTTP2}#h2maxworkers",
    bad="""
        ThreadsPerChild 25
        H2MaxWorkers 10
    """,
    good="""
        ThreadsPerChild 25
        H2MinWorkers 10
        H2MaxWorkers 20
    """,
    examples_in=Environment(),
)
def http2_workers_inverted(server: Server, environment: Environment) -> Iterator[Finding]:
    """H2MaxWorkers is below H2MinWorkers: httpd starts, and every HTTP/2 request fails (AH02911, "workers not initialized").

    Without H2MinWorkers, ThreadsPerChild counts, which is 25 by default: a small H2MaxWorkers alone is enough.
    """
    most, least = _number(server, "h2maxworkers"), _number(server, "h2minworkers")
    name = "H2MinWorkers"
    if most and not least and (environment.closed or has(server.main, "threadsperchild")):
        least = _number(server, "threadsperchild") or DEFAULTS["threadsperchild"]
        name = "H2MinWorkers (ThreadsPerChild without it)"
    if most and least and most < least:
        place = named(server.main, "h2maxworkers")[-1].directive.place
        message = f"H2MaxWorkers {most} is below {name} {least}: no HTTP/2 request is answered"
        yield Finding(place, message, f"write at least {least}, or lower H2MinWorkers too")


@rule(
    "warning",
    source=f"{MOD_HTTP2}#h2maxworkers",
    bad="""
        H2MinWorkers 4
        H2MaxWorkers 4
    """,
    good="""
        H2MinWorkers 16
        H2MaxWorkers 16
    """,
)
def http2_few_workers(server: Server) -> Iterator[Finding]:
    """A child has so few workers for HTTP/2 that requests of several connections may wait for good.

    A worker that looks at a connection without work goes idle although another one has some, and nothing wakes it: the fewer
    workers, the more often (httpd 2.4.71); with sixteen nobody has seen it. A browser then waits until its own patience
    ends. Without H2MaxWorkers half as many more as H2MinWorkers count, 8 at least.
    """
    most, least = _number(server, "h2maxworkers"), _number(server, "h2minworkers")
    # As mod_http2 reckons.
    workers = most or (max(least * 3 // 2, 8) if least else FEW_WORKERS)
    if workers < FEW_WORKERS:
        name = "h2maxworkers" if most else "h2minworkers"
        place = named(server.main, name)[-1].directive.place
        message = f"{workers} HTTP/2 workers a child can leave requests of several connections without an answer"
        yield Finding(
            place, message, f"let H2MaxWorkers be {FEW_WORKERS} at least, or leave it out"
        )


@rule(
    "warning",
    source=PROTOCOLS,
    bad="Protocols http2 http/1.1",
    good="Protocols h2 http/1.1",
)
def protocol_unknown(server: Server) -> Iterator[Finding]:
    """Protocols names one that nothing speaks: httpd says nothing, and clients get HTTP/1.1.

    The names are `h2`, `h2c`, `http/1.1` and, for mod_md, `acme-tls/1`; letter case counts, and blanks stand between them.
    """
    for placed in everywhere(server, "protocols"):
        for word in values(placed):
            if word not in _KNOWN:
                message = f'"{word}" is no protocol that httpd knows'
                fix = "write h2 (over TLS), h2c (without) or http/1.1, with blanks between them"
                yield Finding(placed.directive.place, message, fix)


@rule(
    "warning",
    source="https://httpd.apache.org/docs/2.4/mod/core.html#protocolshonororder",
    bad="Protocols http/1.1 h2",
    good="Protocols h2 http/1.1",
)
def http2_never_chosen(server: Server) -> Iterator[Finding]:
    """HTTP/1.1 stands before HTTP/2, and the server's order counts: no browser ever gets HTTP/2.

    `ProtocolsHonorOrder Off` would let clients choose.
    """
    for scope, placed in _first_protocols(server):
        words = _spoken_in(scope)
        behind = words[words.index("http/1.1") :] if "http/1.1" in words else ()
        late = [word for word in _HTTP2 if word in behind]
        if late and inherited_value(server, scope, "protocolshonororder") != "off":
            message = f"`Protocols {' '.join(words)}`: clients that speak both get HTTP/1.1"
            yield Finding(placed.directive.place, message, f"write {late[0]} before http/1.1")


@rule(
    "warning",
    source=PROTOCOLS,
    bad="""
        <VirtualHost *:80>
          ServerName shop.example.com
          Protocols h2 http/1.1
        </VirtualHost>
    """,
    good="""
        <VirtualHost *:80>
          ServerName shop.example.com
          Protocols h2c http/1.1
        </VirtualHost>
    """,
)
def http2_of_other_transport(server: Server) -> Iterator[Finding]:
    """A virtual host asks for the HTTP/2 of the other transport, so that it speaks HTTP/1.1: `h2` is over TLS, `h2c` without.

    Browsers speak HTTP/2 over TLS only.
    """
    for vhost in server.vhosts:
        words = _spoken_in(vhost.scope)
        if not words or is_incomplete(server, vhost.scope):
            continue
        right, wrong = ("h2", "h2c") if is_tls(server, vhost.scope) else ("h2c", "h2")
        if wrong in words and right not in words:
            state = "has TLS" if right == "h2" else "has no TLS"
            place = named(vhost.scope, "protocols")[0].directive.place
            message = f"`{wrong}` does nothing here: the virtual host {state}"
            yield Finding(place, message, f"write {right}, or leave {wrong} out")


@rule(
    "warning",
    source=f"{MOD_HTTP2}#h2direct",
    bad="""
        <VirtualHost *:80>
          ServerName first.example.com
        </VirtualHost>
        <VirtualHost *:80>
          ServerName shop.example.com
          Protocols h2c http/1.1
        </VirtualHost>
    """,
    good="""
        <VirtualHost *:80>
          ServerName first.example.com
          Protocols h2c http/1.1
        </VirtualHost>
        <VirtualHost *:80>
          ServerName shop.example.com
          Protocols h2c http/1.1
        </VirtualHost>
    """,
)
def h2c_not_heard(server: Server) -> Iterator[Finding]:
    """A virtual host speaks h2c, and the first one of its address doesn't: clients that begin with HTTP/2 get nothing.

    No name is known yet when a connection begins, so the first virtual host decides. Load balancers and gRPC begin
    that way; a client that asks for an upgrade first is served. Over TLS each name decides for itself.
    """
    firsts: dict[Address, Scope] = {}
    for vhost in server.vhosts:
        for address in vhost.addresses:
            first = firsts.setdefault(address, vhost.scope)
            if "h2c" in _spoken_in(vhost.scope) and "h2c" not in spoken(server, first):
                place = named(vhost.scope, "protocols")[0].directive.place
                message = f"the first virtual host of {address} doesn't speak h2c, so nobody gets it by beginning with HTTP/2"
                yield Finding(place, message, "write `Protocols h2c http/1.1` there too")


@rule(
    "hint",
    source=f"{MOD_HTTP2}#h2push",
    bad="H2Push on",
    good="H2Push off",
)
def push_obsolete(server: Server) -> Iterator[Finding]:
    """The server pushes, and no browser takes it any more: Chromium since 106, Firefox since 132.

    Early hints (103) took its place.
    """
    for placed in everywhere(server, "h2push", "h2pushresource"):
        words = " ".join(values(placed))
        if words.lower() != "off":
            message = f"`{placed.directive.name} {words}` pushes what no browser takes any more"
            yield Finding(placed.directive.place, message, "write `H2Push off`")


def _number(server: Server, name: str) -> int:
    """Return a limit of the main server, whose alone count; 0 where there is none."""
    word = last_value(server.main, name)
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else 0


def _first_protocols(server: Server) -> Iterator[tuple[Scope, PlacedDirective]]:
    """Yield the first Protocols of each scope; those after it add to it."""
    for scope in server.scopes:
        if has(scope, "protocols"):
            yield scope, named(scope, "protocols")[0]


def _spoken_in(scope: Scope) -> tuple[str, ...]:
    """Return what a scope itself says of Protocols; lines add up."""
    return tuple(word for placed in named(scope, "protocols") for word in values(placed))


def spoken(server: Server, scope: Scope) -> tuple[str, ...]:
    """Return what holds in a scope."""
    return _spoken_in(scope) or _spoken_in(server.main)


def is_tls(server: Server, scope: Scope) -> bool:
    """Tell whether TLS is on."""
    return inherited_value(server, scope, "sslengine") in ("on", "optional")
