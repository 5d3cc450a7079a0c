"""Whom the server believes: forwarded addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Union

from ....reading.server import PlacedDirective, Scope, Server
from ...rule import Finding, rule
from ..helpers.scopes import is_incomplete, named, scopes_with, values

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
MOD_REMOTEIP = "https://httpd.apache.org/docs/2.4/mod/mod_remoteip.html"
_NAMING = ("remoteipinternalproxy", "remoteiptrustedproxy")
_TRUSTING = frozenset(
    {
        "remoteipinternalproxy",
        "remoteipinternalproxylist",
        "remoteiptrustedproxy",
        "remoteiptrustedproxylist",
    }
)


@rule(
    "error",
    source=f"{MOD_REMOTEIP}#remoteipheader",
    bad="RemoteIPHeader X-Forwarded-For",
    good="""
        RemoteIPHeader X-Forwarded-For
        RemoteIPInternalProxy 10.0.0.0/8
    """,
)
def remote_ip_trusts_everyone(server: Server) -> Iterator[Finding]:
    """The client's address is taken from a header that anybody can write.

    Without a list of proxies mod_remoteip believes every client, and takes the left-most, forged, address: access rules
    by address and logs are the client's to choose.
    """
    inherited = _has(server.main, _TRUSTING)
    for scope in server.scopes:
        header = scope.last("remoteipheader")
        is_told = _has(scope, _TRUSTING) or is_incomplete(server, scope)
        if header and not inherited and not is_told:
            message = f"`RemoteIPHeader {' '.join(header.args)}` believes every client"
            yield Finding(header.place, message, "add RemoteIPInternalProxy with your proxies")


@rule(
    "error",
    source=f"{MOD_REMOTEIP}#remoteipinternalproxy",
    bad="""
        RemoteIPHeader X-Forwarded-For
        RemoteIPInternalProxy 0.0.0.0/0.0.0.0
    """,
    good="""
        RemoteIPHeader X-Forwarded-For
        RemoteIPInternalProxy 10.0.0.0/8
    """,
)
def every_client_trusted(server: Server) -> Iterator[Finding]:
    """Every address is a trusted proxy, so each client may forge X-Forwarded-For, and with it its own address.

    Access rules by address, and logs, are the client's to choose then. httpd itself refuses the short form, `0.0.0.0/0` and
    `::/0` (AH00526). Where a firewall lets nobody but your proxies in, silence this with that reason.
    """
    for scope in scopes_with(server, *_NAMING):
        trusted = named(scope, *_NAMING)
        networks = [network for placed in trusted for network in _networks(placed)]
        if _has_everybody(networks):
            shown = " and ".join(map(str, networks))
            message = f"{shown} is every client, which may then forge X-Forwarded-For"
            fix = "write the addresses or networks of your own proxies, such as 10.0.0.0/8"
            yield Finding(trusted[0].directive.place, message, fix)


def _networks(placed: PlacedDirective) -> Iterator[Network]:
    """Yield the networks that a directive names; a name of a host isn't one."""
    for word in values(placed):
        try:
            yield ipaddress.ip_network(word, strict=False)
        except ValueError:
            continue


def _has_everybody(networks: list[Network]) -> bool:
    """Tell whether networks have every address of IPv4, or of IPv6, between them."""
    old = [network for network in networks if isinstance(network, ipaddress.IPv4Network)]
    new = [network for network in networks if isinstance(network, ipaddress.IPv6Network)]
    return any(network.prefixlen == 0 for network in ipaddress.collapse_addresses(old)) or any(
        network.prefixlen == 0 for network in ipaddress.collapse_addresses(new)
    )


def _has(scope: Scope, names: frozenset[str]) -> bool:
    return not names.isdisjoint(scope.names)
