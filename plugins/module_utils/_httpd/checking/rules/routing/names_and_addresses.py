"""Virtual hosts, their names and addresses."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Listen, Server
from ....syntax.tree import Place
from ....vocabulary.address import WILDCARDS, Address
from ...rule import Finding, rule
from ..helpers.scopes import is_incomplete

VHOSTS = "https://httpd.apache.org/docs/2.4/vhosts/details.html"


@rule(
    "error",
    source=VHOSTS,
    bad="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
        </VirtualHost>
        <VirtualHost *:80>
          ServerName www.example.com
          ServerAlias shop.example.com
        </VirtualHost>
    """,
    good="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
        </VirtualHost>
        <VirtualHost *:80>
          ServerName www.example.com
        </VirtualHost>
    """,
)
def duplicate_server_name(server: Server) -> Iterator[Finding]:
    """Two virtual hosts have one name on one address: the first gets every request, the second none, silently."""
    seen: dict[tuple[Address, str], Place] = {}
    for vhost in server.vhosts:
        for name in dict.fromkeys((vhost.server_name, *vhost.server_aliases)):
            for address in vhost.addresses:
                earlier = seen.setdefault((address, name), vhost.place)
                if name and earlier is not vhost.place:
                    key = "server_name" if name == vhost.server_name else "server_aliases"
                    message = f'"{name}" on {address} belongs to {earlier} already'
                    yield Finding(vhost.place.at(key), message, "remove it from one of the two")


@rule(
    "error",
    source=VHOSTS,
    bad="""
        Listen 80
        <VirtualHost *:8080>
          ServerName shop.example.com
        </VirtualHost>
    """,
    good="""
        Listen 8080
        <VirtualHost *:8080>
          ServerName shop.example.com
        </VirtualHost>
    """,
)
def listen_missing(server: Server) -> Iterator[Finding]:
    """A virtual host stands on a port that nothing listens on: httpd starts, and no request ever reaches it.

    A text without any Listen isn't reported: it is part of a server whose Listen stands elsewhere.
    """
    ports = {listen.address.port for listen in server.listens}
    is_whole = not is_incomplete(server, server.main)
    for vhost in server.vhosts if ports and is_whole else ():
        for address in vhost.addresses:
            if address.port and address.port not in ports:
                message = f"{address} is served, but nothing listens on port {address.port}"
                yield Finding(vhost.place.at("listen"), message, f"add `Listen {address.port}`")


@rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/mod/mpm_common.html#listen",
    bad="""
        Listen 80
        Listen 127.0.0.1:80
    """,
    good="""
        Listen 80
        Listen 127.0.0.1:8080
    """,
)
def overlapping_listen(server: Server) -> Iterator[Finding]:
    """Two listeners take one address: the second can't be bound and httpd doesn't start (AH00072)."""
    by_port: dict[int, dict[str, Listen]] = {}
    for listen in server.listens:
        if listen.conditions:
            continue
        # By host: only what is every address, or the same, can overlap, whatever else there is.
        earlier = by_port.setdefault(listen.address.port, {})
        hosts = (*sorted(WILDCARDS), listen.address.host)
        near = earlier if listen.address.is_wildcard else dict.fromkeys(hosts)
        for other in [earlier[host] for host in near if host in earlier]:
            address = other.address
            if address == listen.address or address.overlaps(listen.address):
                message = f"Listen {listen.address} overlaps Listen {address} at {other.place}"
                yield Finding(listen.place, message, "remove one of the two")
        earlier.setdefault(listen.address.host, listen)
