"""What virtual hosts don't inherit, from the main server or from each other."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Balancer, Server, VirtualHost
from ....vocabulary.address import Address
from ...rule import Finding, rule
from ..helpers.scopes import has, last_value
from .names_and_addresses import VHOSTS

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
            yield Finding(vhost.place, message, "write it in the virtual host")


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
            yield Finding(vhost.place, message, fix)


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
    """A virtual host without a name comes after another on its address: only requests for the main server's name reach it."""
    first: dict[Address, VirtualHost] = {}
    for vhost in server.vhosts:
        is_behind = bool(vhost.addresses) and all(address in first for address in vhost.addresses)
        has_name = vhost.server_name or has(
            vhost.scope, "serveralias", "include", "includeoptional"
        )
        if is_behind and not has_name:
            address = vhost.addresses[0]
            message = (
                f"a virtual host without ServerName comes after {first[address].place} on {address}"
            )
            yield Finding(vhost.place, message, "add its ServerName")
        for address in vhost.addresses:
            first.setdefault(address, vhost)


@rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#balancerinherit (measured)",
    bad="""
        Listen 80
        <Proxy balancer://app>
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        <VirtualHost *:80>
          ServerName shop.example.com
          <Proxy balancer://app>
            BalancerMember http://10.0.0.9:8080
          </Proxy>
          ProxyPass / balancer://app/
        </VirtualHost>
    """,
    good="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
          <Proxy balancer://shop>
            BalancerMember http://10.0.0.9:8080
          </Proxy>
          ProxyPass / balancer://shop/
        </VirtualHost>
    """,
)
def balancer_replaced_by_main(server: Server) -> Iterator[Finding]:
    """A virtual host's balancer has the name of one of the main server's: its members are those of the main server.

    httpd copies the main server's balancer over the virtual host's own; only the parameters that the virtual host sets stay.
    """
    switches = ("balancerinherit", "proxypassinherit")
    inherited = {one.name: _urls(one) for one in server.main.balancers if one.members}
    for vhost in server.vhosts if inherited else ():
        values = [
            last_value(vhost.scope, name) or last_value(server.main, name) for name in switches
        ]
        # Only both of them together keep the main server's balancers out.
        if values == ["off", "off"]:
            continue
        for balancer in vhost.scope.balancers:
            others = inherited.get(balancer.name)
            # The same members, as after adopting a server that has them in its main part, are no harm.
            if others and balancer.members and others != _urls(balancer):
                message = f"the members of `{balancer.name}` here are replaced by those of the main server's `{balancer.name}`"
                yield Finding(balancer.place, message, "give it a name of its own")


@rule(
    "warning",
    source=f"{CORE}#allowencodedslashes (measured)",
    bad="""
        AllowEncodedSlashes NoDecode
        ProxyPass /repo http://10.0.0.1:8080/repo
        <Location /repo>
          Require ip 10.0.0.0/8
        </Location>
    """,
    good="""
        AllowEncodedSlashes NoDecode
        ProxyPass /repo http://10.0.0.1:8080/repo nocanon
        <Location /repo>
          Require ip 10.0.0.0/8
        </Location>
    """,
)
def encoded_slashes_reset(server: Server) -> Iterator[Finding]:
    """A <Location> sets NoDecode back: the backend gets `%252F` for `%2F`, unless the rule has `nocanon`.

    Each matching <Location> brings the default of AllowEncodedSlashes with it, and mod_proxy asks for it after that.
    """
    for scope in server.scopes:
        if last_value(scope, "allowencodedslashes") != "nodecode":
            continue
        sections = {
            parts[1]: placed.section_place
            for placed in scope.placed
            for parts in placed.around
            if parts[0] == "location" and len(parts) == 2
        }
        for rule_of_scope in scope.rules:
            if (
                rule_of_scope.is_match
                or rule_of_scope.is_exclusion
                or "nocanon" in rule_of_scope.flags
            ):
                continue
            path = rule_of_scope.path
            found = next(
                (at for at in sections if at.startswith(path) or path.startswith(at)), None
            )
            if found is not None:
                message = (
                    f"within <Location {found}> an encoded slash is encoded once more, `%252F`"
                )
                yield Finding(rule_of_scope.place, message, "add nocanon to the rule")


def _urls(balancer: Balancer) -> list[str]:
    return [member.url for member in balancer.members]


def _is_anything(address: Address) -> bool:
    """Tell whether an address is every host and every port."""
    return address.host == "*" and not address.port
