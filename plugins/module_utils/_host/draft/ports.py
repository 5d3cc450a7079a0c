"""Ports that somebody else holds: httpd would die of them after `httpd -t` passed.

See docs/httpd.md#syntax-check.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..._httpd.reading.server import Server
from ..._httpd.release.problem_kinds import PORT_TAKEN, PROOF_PORT_OPEN
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place
from ..._httpd.vocabulary.address import Address
from ..machine import processes
from .restart import new_addresses

UNPRIVILEGED = "/proc/sys/net/ipv4/ip_unprivileged_port_start"


def taken_problems(before: Server, after: Server, *, unit_pid: int) -> tuple[Problem, ...]:
    """Return an error for each new address that another process than the live server listens on."""
    wanted = opened_addresses(before, after, opens_all=not unit_pid)
    return tuple(_problems(wanted, unit_pid))


def opened_addresses(before: Server, after: Server, *, opens_all: bool) -> frozenset[Address]:
    """Return what httpd has to open; `opens_all` tells that it opens again what it has now."""
    return new_addresses(Server((), before.main, ()) if opens_all else before, after)


def open_port_problems(port: int, *, path: str = UNPRIVILEGED) -> tuple[Problem, ...]:
    """Return a warning where any process may open the port on which the server answers for its release."""
    try:
        with open(path, encoding="ascii") as stream:
            first = int(stream.read())
    except (OSError, ValueError):
        return ()
    if port < first:
        return ()
    message = f"any process may open {port}: ports from {first} on are nobody's on this host"
    fix = f"leave it out, or set the kernel's net.ipv4.ip_unprivileged_port_start above {port}"
    return (PROOF_PORT_OPEN.problem(Place("apache_proof_port", is_leaf=True), message, fix),)


def _problems(wanted: frozenset[Address], unit_pid: int) -> Iterator[Problem]:
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
        yield PORT_TAKEN.problem(Place(f"Listen {address}", is_leaf=True), message, fix)
