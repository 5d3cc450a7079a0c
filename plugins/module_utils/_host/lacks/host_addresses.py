"""Addresses that a host doesn't have, and names that it can't look up: httpd dies of the ones, and passes over the others.

`httpd -t` and the shadow, which may bind every address, know neither.
"""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from ..._httpd.reading.server import Server
from ..._httpd.release.problem_kinds import ADDRESS_MISSING, NAME_UNRESOLVED
from ..._httpd.release.reachability import IsOurs
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place
from ..._httpd.vocabulary.address import Address
from ..._httpd.vocabulary.reserved_names import GATEHOUSE_HOSTS
from .listen_places import place_of_address, told_others

_NOT_HERE = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ENODEV})


@dataclass(frozen=True)
class _Lookup:
    """What a host makes of an address's host: `missing` of the `found` ones it can't bind; `failure` says why none is."""

    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failure: str = ""

    @property
    def is_absent(self) -> bool:
        """Tell whether nothing of it is here."""
        return self.missing == self.found


class HostAddresses:
    """The hosts of addresses, each looked up once: no name server is asked twice."""

    def __init__(self) -> None:
        self._lookups: dict[str, _Lookup] = {}

    def lookup(self, host: str) -> _Lookup:
        """Return what a host of an address comes to here."""
        if host not in self._lookups:
            self._lookups[host] = _look_up(host.strip("[]"))
        return self._lookups[host]

    def is_absent(self, host: str) -> bool:
        """Tell whether this host doesn't have it, so that nobody reaches a virtual host there."""
        return self.lookup(host).is_absent


def address_problems(
    before: Server,
    after: Server,
    addresses: HostAddresses,
    *,
    opened: Set[Address],
    is_ours: IsOurs,
) -> Iterator[Problem]:
    """Yield an error for each address of ours, or that is to be `opened`, that httpd would die of or pass over.

    A warning for one that isn't to be opened, which nobody reaches, and for a name that can't be looked up any more.
    """
    live = {address for vhost in before.vhosts for address in vhost.addresses}
    for address, places in _places(after, opened, is_ours).items():
        lookup = addresses.lookup(address.host)
        if lookup.failure:
            problem = _unresolved(address, places, lookup.failure)
            yield problem if address in opened or address not in live else _milder(problem)
        elif address in opened and lookup.missing:
            yield _unopenable(address, places, lookup.missing)
        elif lookup.is_absent:
            yield _milder(_unreached(address, places))


def _places(server: Server, opened: Set[Address], is_ours: IsOurs) -> dict[Address, list[Place]]:
    """Return where each address of ours is written, and each that is to be opened."""
    places: dict[Address, list[Place]] = {}
    for vhost in server.vhosts:
        if is_ours(vhost.place) and vhost.server_name not in GATEHOUSE_HOSTS:
            for address in dict.fromkeys(vhost.addresses):
                places.setdefault(address, []).append(place_of_address(vhost, address))
    for listen in server.listens:
        if listen.address in opened:
            places.setdefault(listen.address, [listen.place])
    return {address: found for address, found in places.items() if not address.is_wildcard}


def _look_up(host: str) -> _Lookup:
    """Look a host up as httpd does, and ask the kernel for each address that it has."""
    try:
        answers = _answers(host)
    except (OSError, UnicodeError) as error:
        return _Lookup(failure=getattr(error, "strerror", None) or str(error))
    missing = [str(where[0]) for family, *_kind, where in answers if not _can_bind(family, where)]
    return _Lookup(tuple(str(where[0]) for *_kind, where in answers), tuple(missing))


def _answers(host: str) -> list[tuple[Any, ...]]:
    """Return what an address or a name stands for. Raises OSError, UnicodeError."""
    with contextlib.suppress(socket.gaierror):
        flags = socket.AI_NUMERICHOST
        return [*socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=flags)]
    # As APR does: without the families that the host has no address of.
    flags = socket.AI_ADDRCONFIG
    return [*socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=flags)]


def _can_bind(family: int, where: tuple[Any, ...]) -> bool:
    """Tell whether the kernel lets a process have this address; ip_nonlocal_bind lets it have any."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as opened:
            opened.bind(where)
    except OSError as error:
        return error.errno not in _NOT_HERE
    return True


def _unresolved(address: Address, places: Sequence[Place], failure: str) -> Problem:
    what = f"{address} has a name that this host can't look up ({failure})"
    message = f"{what}, and httpd passes over what it can't look up{told_others(places)}"
    fix = "write the address itself, or make the host know the name (DNS, /etc/hosts)"
    return NAME_UNRESOLVED.problem(places[0], message, fix)


def _unopenable(address: Address, places: Sequence[Place], missing: Sequence[str]) -> Problem:
    message = f"{address} can't be opened: this host doesn't have {' and '.join(missing)}{told_others(places)}"
    fix = f"correct the address, or give it to the host first; where it comes and goes, {_kernel(missing[0])}"
    return ADDRESS_MISSING.problem(places[0], message, fix)


def _unreached(address: Address, places: Sequence[Place]) -> Problem:
    message = (
        f"nobody reaches {address} now: this host doesn't have that address{told_others(places)}"
    )
    fix = f"correct it, or give it to the host; where it comes and goes, {_kernel(address.host)}"
    return ADDRESS_MISSING.problem(places[0], message, fix)


def _kernel(host: str) -> str:
    family = "ipv6" if ":" in host else "ipv4"
    return f"set the kernel's net.{family}.ip_nonlocal_bind to 1"


def _milder(problem: Problem) -> Problem:
    return replace(problem, severity="warning")
