"""Whether TLS is spoken where a request comes to: the first virtual host of its address says so, for all of them.

Read in modules/ssl (ssl_hook_pre_connection, and ssl_init_server_check for what is on by itself) and server/listen.c.
"""

from __future__ import annotations

from ...reading.server import Scope, Server
from ...syntax.quoting import unquote
from ...syntax.tree import NOWHERE, Directive, Place
from ...vocabulary.depends import Depends
from ..request import Request

_HTTPS = 443


def refuse_other_transport(server: Server, first: Scope, request: Request) -> None:
    """Raise Depends where the request comes with TLS and none is spoken, or without and it is by itself."""
    speaks, place = speaks_tls(server, first, request.port)
    is_tls = request.scheme == "https"
    # Where SSLEngine stands, requests without TLS are open by that.
    if speaks is not None and speaks is not is_tls and (is_tls or not _engine(server, first)):
        what = "TLS is spoken by itself" if speaks else "no TLS is spoken"
        raise Depends("option", f"what becomes of it at port {request.port}, where {what}", place)


def speaks_tls(server: Server, first: Scope, port: int) -> tuple[bool | None, Place]:
    """Tell whether TLS is spoken at a port whose first virtual host is given, and what says so; None where that isn't known."""
    engine = _engine(server, first)
    if engine is None:
        return _by_itself(server, port)
    said = unquote(engine.args[0]).lower() if engine.args else ""
    return {"on": True, "off": False}.get(said), engine.place


def _engine(server: Server, first: Scope) -> Directive | None:
    return first.last("sslengine") or server.main.last("sslengine")


def _by_itself(server: Server, port: int) -> tuple[bool | None, Place]:
    """Tell whether TLS is on without a word: where Listen says `https`, or has its port and says nothing."""
    found = [
        (placed.values, placed.directive.place)
        for placed in server.main.named("listen")
        if placed.values and placed.values[0].rpartition(":")[2] == str(port)
    ]
    if not found:
        return (None if port == _HTTPS or not server.vhosts else False), NOWHERE
    has_ssl = server.modules is None or "ssl_module" in server.modules
    for values, place in found:
        protocol = values[1].lower() if len(values) > 1 else "https" if port == _HTTPS else "http"
        if protocol == "https" and has_ssl:
            # Where it isn't known whether mod_ssl is there, it isn't known what is spoken.
            return (None if server.modules is None else True), place
    return False, found[0][1]
