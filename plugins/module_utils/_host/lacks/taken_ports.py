"""Ports that somebody else holds: httpd would die of them after `httpd -t` passed.

See docs/httpd.md#syntax-check.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..._httpd.reading.server import Server
from ..._httpd.release.problem_kinds import PORT_TAKEN
from ..._httpd.release.reachability import IsOurs
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place
from ..._httpd.vocabulary.address import Address
from ..draft.restart import new_addresses
from ..machine import processes
from .listen_places import places_to_open


def taken_problems(
    before: Server, after: Server, *, unit_pid: int, is_ours: IsOurs
) -> tuple[Problem, ...]:
    """Return an error for each new address that another process than the live server listens on."""
    wanted = opened_addresses(before, after, opens_all=not unit_pid)
    return tuple(_problems(wanted, after, unit_pid, is_ours))


def held_by_others(after: Server, *, unit_pid: int, is_ours: IsOurs) -> tuple[Problem, ...]:
    """Return an error for each address that httpd would open and another process than the live server listens on.

    Files may say it since somebody wrote them; what the live server has open by itself is no new one.
    """
    try:
        own = processes.sockets_of(unit_pid) if unit_pid else frozenset()
    except PermissionError:
        # What is the server's own can't be told from others'.
        return ()
    has_open = frozenset(socket.address for socket in processes.listening() if socket.inode in own)
    wanted = opened_addresses(after, after, opens_all=True)
    missing = frozenset(
        one for one in wanted if not any(_is_same(one, there) for there in has_open)
    )
    return tuple(_problems(missing, after, unit_pid, is_ours))


def _is_same(wanted: Address, there: Address) -> bool:
    """Tell whether a socket is what a Listen opens; the kernel writes an IPv4 wildcard as an address."""
    return wanted.port == there.port and (wanted.covers(there) or there.covers(wanted))


def opened_addresses(before: Server, after: Server, *, opens_all: bool) -> frozenset[Address]:
    """Return what httpd has to open; `opens_all` tells that it opens again what it has now."""
    return new_addresses(Server((), before.main, ()) if opens_all else before, after)


def _problems(
    wanted: frozenset[Address], after: Server, unit_pid: int, is_ours: IsOurs
) -> Iterator[Problem]:
    """Compare the addresses with the kernel's sockets."""
    conflicts = [
        (address, socket)
        for socket in processes.listening()
        for address in wanted
        if address.covers(socket.address) or socket.address.covers(address)
    ]
    holders = (
        processes.holders({socket.inode for _listen, socket in conflicts}) if conflicts else {}
    )
    for address, socket in conflicts:
        pid = holders.get(socket.inode, 0)
        if pid and (pid == unit_pid or pid in processes.children(unit_pid)):
            continue
        who = f"{processes.name_of(pid)} (process {pid})" if pid else "another process"
        message = f"{address} can't be opened: {who} listens on {socket.address}"
        fix = "stop it, or listen on another port"
        yield PORT_TAKEN.problem(_place(address, after, is_ours), message, fix)


def _place(address: Address, after: Server, is_ours: IsOurs) -> Place:
    places = places_to_open(address, after, is_ours)
    return places[0] if places else Place(f"Listen {address}", is_leaf=True)
