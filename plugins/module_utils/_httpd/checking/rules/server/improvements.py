"""What works, and could work better or surprises at the edge."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import ProxyPass, Scope, Server, VirtualHost
from ....vocabulary.address import Address
from ...rule import Finding, rule
from ..backends.worker_parameters import url_prefixes
from ..helpers.scopes import is_incomplete, last_value, named, sections, values
from ..helpers.written_rewrites import engine_is_on, rewrites
from ..routing.names_and_addresses import VHOSTS
from ..routing.rule_order import MOD_PROXY


@rule(
    "hint",
    source=f"{MOD_PROXY}#x-headers",
    bad="""
        Listen 443
        <VirtualHost *:443>
          ServerName shop.example.com
          SSLEngine on
          SSLCertificateFile /etc/ssl/shop.pem
          ProxyPass / http://10.0.0.1:8080/
        </VirtualHost>
    """,
    good="""
        Listen 443
        <VirtualHost *:443>
          ServerName shop.example.com
          SSLEngine on
          SSLCertificateFile /etc/ssl/shop.pem
          RequestHeader set X-Forwarded-Proto https
          ProxyPass / http://10.0.0.1:8080/
        </VirtualHost>
    """,
)
def forwarded_proto_missing(server: Server) -> Iterator[Finding]:
    """Clients speak TLS, and nothing tells the backend: httpd sets X-Forwarded-For and -Host, never X-Forwarded-Proto.

    Many applications then write `http://` into their links, and redirect to TLS for ever.
    """
    for vhost in server.vhosts:
        scope = vhost.scope
        first = next((one for one in scope.rules if _speaks_plain_http(one)), None)
        if not first or last_value(scope, "sslengine") != "on" or is_incomplete(server, scope):
            continue
        if not any(map(_mentions_scheme, (scope, server.main))):
            message = f'"{first.url}" isn\'t told that its clients speak TLS'
            fix = "add `RequestHeader set X-Forwarded-Proto https`"
            yield Finding(first.place, message, fix)


@rule(
    "hint",
    source=VHOSTS,
    bad="""
        Listen 80
        <VirtualHost 10.0.0.1:80>
          ServerName one.example.com
        </VirtualHost>
        <VirtualHost *:80>
          ServerName two.example.com
        </VirtualHost>
    """,
    good="""
        Listen 80
        <VirtualHost *:80>
          ServerName one.example.com
        </VirtualHost>
        <VirtualHost *:80>
          ServerName two.example.com
        </VirtualHost>
    """,
)
def address_before_name(server: Server) -> Iterator[Finding]:
    """Requests to one address never reach the virtual hosts of `*`: httpd chooses by address first, then by name.

    A name that only a virtual host of `*` has is answered, on that address, by the first virtual host of the address.
    """
    everywhere: dict[int, VirtualHost] = {}
    names: dict[Address, set[str]] = {}
    for vhost in server.vhosts:
        for address in vhost.addresses:
            names.setdefault(address, set()).add(vhost.server_name)
            if address.host == "*" and vhost.server_name:
                everywhere.setdefault(address.port, vhost)
    told: set[Address] = set()
    for vhost in server.vhosts:
        for address in vhost.addresses:
            other = everywhere.get(address.port)
            is_behind = other is not None and other.server_name not in names[address]
            if other and is_behind and not _is_apart(address) and address not in told:
                told.add(address)
                message = f"requests to {address} never reach {other.server_name} at {other.place}"
                yield Finding(vhost.place, message, "write the same addresses for both")


@rule(
    "hint",
    source=f"{MOD_PROXY}#workers",
    bad="""
        RewriteEngine On
        RewriteRule ^/api/(.*) http://10.0.0.1:8080/$1 [P]
    """,
    good="""
        RewriteEngine On
        RewriteRule ^/api/(.*) http://10.0.0.1:8080/$1 [P]
        <Proxy http://10.0.0.1:8080>
          ProxySet timeout=60
        </Proxy>
    """,
)
def rewrite_without_worker(server: Server) -> Iterator[Finding]:
    """A RewriteRule with [P] asks a backend that no worker is defined for: a new connection for each request.

    A <Proxy> section of that URL with a ProxySet in it, or a ProxyPass, defines one.
    """
    inherited = _workers(server.main)
    for scope in server.scopes:
        proxying = [one for one in rewrites(scope) if one.is_proxied and _asks_http(one.target)]
        if not proxying or not engine_is_on(server, scope):
            continue
        workers = inherited | _workers(scope)
        lengths = {len(one) for one in workers}
        for rewrite in proxying:
            if not any(one in workers for one in url_prefixes(rewrite.target, lengths)):
                message = f'"{rewrite.target}" gets a new connection for each request'
                yield Finding(
                    rewrite.place,
                    message,
                    "define its worker: write a ProxySet into a <Proxy> section of that URL",
                )


def _asks_http(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _workers(scope: Scope) -> set[str]:
    """Return the URLs for which a scope defines workers, in lower case."""
    found = {one.url.lower() for one in scope.rules if not one.is_match}
    for placed in named(scope, "proxyset"):
        around = sections(placed)
        words = (*around[-1][1:2], *values(placed)) if around else values(placed)
        found.add("".join(words[:1]).lower())
    return found | {url.rstrip("/") for url in found}


def _speaks_plain_http(proxy_pass: ProxyPass) -> bool:
    return proxy_pass.url.lower().startswith("http://")


def _mentions_scheme(scope: Scope) -> bool:
    """Tell whether a scope tells backends about the client's scheme, in whatever words."""
    names = ("x-forwarded-proto", "x-forwarded-protocol", "x-forwarded-ssl", "x-forwarded-scheme", "forwarded",
             "front-end-https", "x-scheme", "x-url-scheme")  # fmt: skip
    return any(
        word.lower().rstrip(":") in names
        for placed in named(scope, "requestheader")
        for word in values(placed)[:2]
    )


def _is_apart(address: Address) -> bool:
    """Tell whether an address is every one, or this machine's alone."""
    return address.is_wildcard or address.host.startswith(("127.", "[::1]", "_default_"))
