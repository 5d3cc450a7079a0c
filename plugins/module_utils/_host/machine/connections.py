"""Which of httpd's children still take clients on, and which connections each of them holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import processes


@dataclass(frozen=True)
class Child:
    """A child, whether it listens, as none does that a reload has told to end, and the clients' connections that it holds.

    A connection is its inode: one that is there later is the same.
    """

    pid: int
    listens: bool
    connections: frozenset[str]

    @property
    def is_retiring(self) -> bool:
        """Tell whether it was told to end, and connections keep it."""
        return bool(self.connections) and not self.listens


@dataclass(frozen=True)
class Connections:
    """What clients keep open at a server's ports, and how many children it has.

    `children` says which of them holds what; it is None where this process may not look into others.
    """

    clients: frozenset[str] = frozenset()
    count: int = 0
    children: tuple[Child, ...] | None = ()


def connections_of(pid: int) -> Connections:
    """Return what clients and the children of httpd's main process hold; nothing where it has ended."""
    if not pid:
        return Connections()
    own = processes.sockets_of(pid)
    listeners = [socket for socket in processes.listening(pid) if socket.inode in own]
    listening = frozenset(socket.inode for socket in listeners)
    ports = {socket.address.port for socket in listeners}
    clients = frozenset(
        socket.inode for socket in processes.established(pid) if socket.address.port in ports
    )
    children = processes.children(pid)
    try:
        read = tuple(_read(children, listening, clients))
    except PermissionError:
        return Connections(clients, len(children), None)
    return Connections(clients, len(children), read)


def _read(
    pids: Iterable[int], listening: frozenset[str], clients: frozenset[str]
) -> Iterator[Child]:
    """Yield each child. Raises PermissionError."""
    for pid in pids:
        inodes = processes.sockets_of(pid)
        yield Child(pid, bool(inodes & listening), inodes & clients)
