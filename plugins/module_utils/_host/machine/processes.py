"""Processes and sockets, read from /proc."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from ..._httpd.vocabulary.address import Address

_LISTENING, _ESTABLISHED = "0A", "01"
_MODULE = re.compile(r"/mod_(\w+)\.so$", re.MULTILINE)


@dataclass(frozen=True)
class Socket:
    """A TCP socket at its own address; `inode` names it among processes."""

    address: Address
    inode: str


def listening(pid: int | str = "self") -> tuple[Socket, ...]:
    """Return the sockets that listen in the network of a process."""
    return _in_state(_LISTENING, pid)


def established(pid: int | str = "self") -> tuple[Socket, ...]:
    """Return the sockets that are connected in the network of a process."""
    return _in_state(_ESTABLISHED, pid)


def sockets_of(pid: int) -> frozenset[str]:
    """Return the inodes of a process's sockets; none where it has ended. Raises PermissionError.

    Only who may trace a process sees them (CAP_SYS_PTRACE): root outside containers.
    """
    found = set()
    try:
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                found.add(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
    except (FileNotFoundError, ProcessLookupError):
        return frozenset()
    return frozenset(name[8:-1] for name in found if name.startswith("socket:["))


def holders(inodes: set[str]) -> dict[str, int]:
    """Return, for sockets by inode, a process that holds each."""
    found: dict[str, int] = {}
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        with contextlib.suppress(PermissionError):
            for inode in inodes & sockets_of(pid):
                found.setdefault(inode, pid)
    return found


def name_of(pid: int) -> str:
    """Return a process's name."""
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as stream:
            return stream.read().strip()
    except OSError:
        return "a process that has ended"


def children(pid: int) -> dict[int, float]:
    """Return a process's children, each with its start in seconds since boot."""
    found = {}
    for child in map(int, filter(str.isdigit, os.listdir("/proc"))):
        fields = _stat(child)
        if fields and int(fields[1]) == pid:
            found[child] = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return found


def loaded_modules(pid: int) -> frozenset[str]:
    """Return the modules of httpd that a process has in its memory, without `mod_` and `.so`; none where it has ended."""
    try:
        with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as stream:
            return frozenset(_MODULE.findall(stream.read()))
    except OSError:
        return frozenset()


def _stat(pid: int) -> list[str]:
    """Return the fields of a process's stat from its state on; none when it has ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stream:
            return stream.read().rpartition(")")[2].split()
    except OSError:
        return []


def _in_state(state: str, pid: int | str) -> tuple[Socket, ...]:
    """Return the sockets of a state in the network of a process."""
    return tuple(
        found for name in ("tcp", "tcp6") for found in _read_table(f"/proc/{pid}/net/{name}", state)
    )


def _read_table(path: str, state: str) -> Iterator[Socket]:
    """Yield the sockets of a state in one of the kernel's tables."""
    try:
        with open(path, encoding="ascii") as stream:
            rows = [line.split() for line in stream.readlines()[1:]]
    except OSError:
        return
    for row in rows:
        if row[3] == state:
            host, port = row[1].split(":")
            yield Socket(Address(_host(host), int(port, 16)), row[9])


def _host(hexadecimal: str) -> str:
    """Return an address as httpd writes it; the kernel prints words in its own byte order."""
    words = [hexadecimal[index : index + 8] for index in range(0, len(hexadecimal), 8)]
    packed = b"".join(int(word, 16).to_bytes(4, "little") for word in words)
    if len(packed) == 4:
        return socket.inet_ntop(socket.AF_INET, packed)
    # Linux takes IPv4 on the IPv6 wildcard too, which is how httpd binds a bare port.
    return "*" if not any(packed) else f"[{socket.inet_ntop(socket.AF_INET6, packed)}]"
