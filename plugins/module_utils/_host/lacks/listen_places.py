"""Where an address that httpd is to open was written, which is what operators know of it."""

from __future__ import annotations

from collections.abc import Sequence

from ..._httpd.reading.server import Server, VirtualHost
from ..._httpd.release.reachability import IsOurs
from ..._httpd.syntax.tree import Place
from ..._httpd.vocabulary.address import Address
from ..._httpd.vocabulary.reserved_names import GATEHOUSE_HOSTS, PROOF_HOST_NAME
from ..store.line_variables import key_at

# What a virtual host has without `listen`.
_DEFAULT_PORTS = (80, 443)


def place_of_address(vhost: VirtualHost, address: Address) -> Place:
    """Return where a virtual host of ours has its address: in `listen`, which may be left out."""
    is_default = vhost.addresses == (Address("*", address.port),) and address.port in _DEFAULT_PORTS
    index = vhost.addresses.index(address)
    return key_at(vhost.place, "listen" if is_default else f"listen[{index}]")


def places_to_open(address: Address, server: Server, is_ours: IsOurs) -> tuple[Place, ...]:
    """Return where an address to listen on was written: by virtual hosts of ours, else as the directive itself."""
    if any(
        vhost.server_name == PROOF_HOST_NAME and address in vhost.addresses
        for vhost in server.vhosts
    ):
        return (Place("apache_proof_port", is_leaf=True),)
    # One socket of every address takes what is sent to each.
    written = [
        (served != address, place_of_address(vhost, served))
        for vhost in server.vhosts
        if is_ours(vhost.place) and vhost.server_name not in GATEHOUSE_HOSTS
        for served in vhost.addresses
        if served.port and address.covers(served)
    ]
    places = tuple(place for _is_other, place in sorted(written, key=lambda one: one[0]))
    return places or tuple(listen.place for listen in server.listens if listen.address == address)


def told_others(places: Sequence[Place]) -> str:
    """Say how many other virtual hosts have the same address."""
    others = len(set(places)) - 1
    return f" ({others} more virtual host{'s have' if others > 1 else ' has'} it)" if others else ""
