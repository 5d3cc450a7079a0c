"""What virtual hosts don't inherit, from the main server or from each other."""

from __future__ import annotations

from collections.abc import Iterator

from ..address import Address
from ..rule import Finding, rule
from ..server import Server, VirtualHost
from .places import has, last_value
from .vhosts import VHOSTS

CORE = "https://httpd.apache.org/docs/2.4/mod/core.html"
# What serves, in contrast to what only sets.
_SERVING = (
    "proxypass", "proxypassmatch", "rewriterule", "redirect", "redirectmatch", "redirectpermanent", "redirecttemp",
    "documentroot", "alias", "aliasmatch", "scriptalias", "sethandler", "include", "includeoptional",
)  # fmt: skip


@rule(
    "warning",
    source=f"{CORE}#allowencodedslashes",
    bad="""
        Listen 80
        AllowEncodedSlashes NoDecode
        <VirtualHost *:80>
          ServerName shop.example.com
          ProxyPass / http://10.0.0.1:8080/ nocanon
        </VirtualHost>
    """,
    good="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
          AllowEncodedSlashes NoDecode
          ProxyPass / http://10.0.0.1:8080/ nocanon
        </VirtualHost>
    """,
)
def encoded_slashes_not_inherited(server: Server) -> Iterator[Finding]:
    """AllowEncodedSlashes of the main server holds in no virtual host: a path with `%2F` is a 404 there."""
    value = last_value(server.main, "allowencodedslashes")
    if value in ("", "off"):
        return
    for vhost in server.vhosts:
        if vhost.scope.rules and not has(vhost.scope, "allowencodedslashes"):
            message = f"`AllowEncodedSlashes {value}` of the main server doesn't hold in {vhost.server_name or 'this virtual host'}"
            yield Finding(vhost.origin, message, "write it in the virtual host")


@rule(
    "warning",
    source=VHOSTS,
    bad="""
        Listen 443
        <VirtualHost *:*>
          RequestHeader set X-Forwarded-Proto https
        </VirtualHost>
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
def virtual_host_as_defaults(server: Server) -> Iterator[Finding]:
    """A virtual host for all addresses has settings and serves nothing: the others inherit none of them.

    Virtual hosts inherit from the main server only. One of `*:*` gets the requests that no other's address takes.
    """
    for vhost in server.vhosts:
        is_catch_all = bool(vhost.addresses) and all(map(_is_anything, vhost.addresses))
        settings = vhost.scope.names - {"servername", "serveralias", "serveradmin"}
        if is_catch_all and len(server.vhosts) > 1 and settings:
            if has(vhost.scope, *_SERVING):
                continue
            message = f"no other virtual host inherits `{vhost.scope.named(min(settings))[0].directive.name}` from this one"
            fix = "write it in the virtual hosts that it is for, or in the main server"
            yield Finding(vhost.origin, message, fix)


@rule(
    "warning",
    source=VHOSTS,
    bad="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
        </VirtualHost>
        <VirtualHost *:80>
          ProxyPass / http://10.0.0.1:8080/
        </VirtualHost>
    """,
    good="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
        </VirtualHost>
        <VirtualHost *:80>
          ServerName app.example.com
          ProxyPass / http://10.0.0.1:8080/
        </VirtualHost>
    """,
)
def server_name_missing(server: Server) -> Iterator[Finding]:
    """A virtual host without a name is behind another on its address: only requests for the main server's name reach it."""
    first: dict[Address, VirtualHost] = {}
    for vhost in server.vhosts:
        is_behind = bool(vhost.addresses) and all(address in first for address in vhost.addresses)
        has_name = vhost.server_name or has(
            vhost.scope, "serveralias", "include", "includeoptional"
        )
        if is_behind and not has_name:
            address = vhost.addresses[0]
            message = f"a virtual host without ServerName comes after {first[address].origin} on {address}"
            yield Finding(vhost.origin, message, "add its ServerName")
        for address in vhost.addresses:
            first.setdefault(address, vhost)


def _is_anything(address: Address) -> bool:
    """Tell whether an address is every host and every port."""
    return address.host == "*" and not address.port
