"""Where each virtual host is served, and for which addresses it takes unknown hosts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ...reading.server import Server, VirtualHost
from ...vocabulary.address import Address
from .vhost_body import Plain

DEFAULT_PORT = 80


@dataclass(frozen=True)
class ServedAddresses:
    """Addresses on which a virtual host is, or isn't, the first: httpd gives unknown hosts to the first."""

    addresses: tuple[Address, ...]
    default: bool

    def to_plain(self) -> Plain:
        """Write the addresses as operators do."""
        texts = [one.port if one.host == "*" else str(one) for one in self.addresses]
        listen = {} if texts == [80] else {"listen": texts}
        return {**listen, **({"default": True} if self.default else {})}


def served(server: Server) -> list[tuple[ServedAddresses, ...]]:
    """Return for each virtual host its addresses, in two parts where it is the first on some of them only."""
    named = {address for vhost in server.vhosts for address in vhost.addresses}
    listens = tuple(listen.address for listen in server.listens)
    addresses = [tuple(dict.fromkeys(_reached(vhost, listens, named))) for vhost in server.vhosts]
    first: dict[Address, int] = {}
    for index, own in enumerate(addresses):
        for address in own:
            first.setdefault(address, index)
    return [tuple(_parts(own, index, first)) for index, own in enumerate(addresses)]


def _parts(
    own: Sequence[Address], index: int, first: dict[Address, int]
) -> Iterator[ServedAddresses]:
    for default in (True, False):
        some = tuple(address for address in own if (first[address] == index) is default)
        if some:
            yield ServedAddresses(some, default)


def _reached(
    vhost: VirtualHost, listens: Sequence[Address], named: Collection[Address]
) -> Iterator[Address]:
    """Yield the addresses with a port of their own, as far as they are listened on where that is known.

    Where only single addresses are listened on, `*` stands for those of them that no virtual host names: naming `*`
    would open more.
    """
    for address in vhost.addresses:
        if address.port and (not listens or any(one.covers(address) for one in listens)):
            yield address
            continue
        reached = []
        for one in listens:
            wanted = Address(address.host, one.port)
            if address.port in (0, one.port) and one.covers(wanted):
                reached.append(wanted)
            elif address.port in (0, one.port) and wanted.covers(one) and one not in named:
                reached.append(one)
        yield from reached or [Address(address.host, address.port or DEFAULT_PORT)]
