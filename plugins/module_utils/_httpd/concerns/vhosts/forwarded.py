"""Forwarded headers: what clients forge is dropped, what trusted proxies say is kept, and the backend learns the rest.

With RemoteIPHeader httpd takes a trusted proxy's word for the client's address and removes it from the header; what
is left in the header afterwards was never vouched for (docs/httpd.md#forwarded-headers).
"""

from __future__ import annotations

from ...syntax.quoting import quote, quote_expression_string
from ...syntax.tree import Directive, Place, Tree
from ..write import block, directive

# What a backend is told of a client's certificate, by the variable of mod_ssl.
CLIENT_HEADERS = {
    "X-SSL-Client-Verify": "SSL_CLIENT_VERIFY",
    "X-SSL-Client-S-DN": "SSL_CLIENT_S_DN",
    "X-SSL-Client-I-DN": "SSL_CLIENT_I_DN",
    "X-SSL-Client-Serial": "SSL_CLIENT_M_SERIAL",
}
# The same to a backend that reads `_` as `-`, as CGI and WSGI do.
_LOOK_ALIKES = "^X(?:_SSL|-SSL_|-SSL-Client.*_)"
# mod_proxy appends to X-Forwarded-For, -Host and -Server; the others it passes on as they came.
ALWAYS_DROPPED = ("X-Forwarded-For", "X-Forwarded-Server", "X-Real-IP", "Forwarded")
KEPT_IF_TRUSTED = ("X-Forwarded-Host", "X-Forwarded-Port", *CLIENT_HEADERS)


def compile_forwarded(
    trusted_proxies: tuple[str, ...], vhost_place: Place, *, tells_client: bool = False
) -> Tree:
    """Write what makes forwarded headers trustworthy in one virtual host; `tells_client`: of the client's certificate."""
    place = Place("apache_trusted_proxies") if trusted_proxies else vhost_place
    untrusted = _untrusted(trusted_proxies)
    nodes: list[Directive] = []
    if trusted_proxies:
        nodes.append(directive("RemoteIPHeader", "X-Forwarded-For", place=place))
        nodes.extend(
            directive("RemoteIPInternalProxy", proxy, place=place) for proxy in trusted_proxies
        )
    nodes.extend(_unset(header, "", place) for header in ALWAYS_DROPPED)
    nodes.extend(
        _unset(header, untrusted, place) for header in (*KEPT_IF_TRUSTED, "X-Forwarded-Proto")
    )
    unless_kept = ("\"expr=-z req_novary('X-Forwarded-Proto')\"",) if trusted_proxies else ()
    scheme = ("set", "X-Forwarded-Proto", '"expr=%{REQUEST_SCHEME}"', *unless_kept)
    nodes.append(Directive("RequestHeader", scheme, place))
    for header, variable in CLIENT_HEADERS.items() if tells_client else ():
        nodes.append(Directive("RequestHeader", ("set", header, f'"expr=%{{{variable}}}"'), place))
    return block(place, *nodes, title="forwarded headers")


def compile_look_alikes(place: Place) -> Tree:
    """Refuse headers that a backend may take for ours of a client's certificate; mod_headers drops known names only."""
    forged = "gatehouse_forged"
    return block(
        place,
        Directive("SetEnvIfNoCase", (quote(_LOOK_ALIKES), ".", forged), place),
        directive("RewriteEngine", "On", place=place),
        Directive("RewriteCond", (f"%{{ENV:{forged}}}", "."), place),
        Directive("RewriteRule", ("^", "-", "[R=400,L]"), place),
        title="headers that look like those of a client's certificate",
    )


def _unset(header: str, condition: str, place: Place) -> Directive:
    """Write the removal of a request header, under a condition where there is one."""
    words = ("unset", header, quote(f"expr={condition}")) if condition else ("unset", header)
    return Directive("RequestHeader", words, place)


def _untrusted(trusted_proxies: tuple[str, ...]) -> str:
    """Return the expression that holds where the connection doesn't come from a trusted proxy."""
    tests = [
        f"%{{CONN_REMOTE_ADDR}} -ipmatch {quote_expression_string(proxy)}"
        for proxy in trusted_proxies
    ]
    return f"! ( {' || '.join(tests)} )" if tests else ""
