"""Which hosts of URLs are this host itself: a proxy that asks them asks itself."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable

PATIENCE = 10.0  # seconds for all names together: one that nobody answers for takes five
_DISCARD = 9  # any port will do: nothing is sent


def own_addresses(patience: float = PATIENCE) -> Callable[[str], str]:
    """Return what tells this host's own address that a name or an address leads to, empty for another host's.

    Each is looked up once; a name that can't be looked up, or not in time, is nobody's.
    """
    known: dict[str, str] = {}
    deadline = time.monotonic() + patience

    def own_address(host: str) -> str:
        if host not in known:
            known[host] = _own_address(host) if time.monotonic() < deadline else ""
        return known[host]

    return own_address


def _own_address(host: str) -> str:
    """Look a host up, and return the first of its addresses that is this host's."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), _DISCARD, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return ""
    return next((str(where[0]) for family, *_kind, where in found if _is_own(family, where)), "")


def _is_own(family: int, where: tuple[object, ...]) -> bool:
    """Tell whether the kernel reaches an address from that very address; it may let a process bind others.

    Every loopback address is the host's: Debian's /etc/hosts has the host's name at 127.0.1.1, which is reached from 127.0.0.1.
    """
    if ipaddress.ip_address(str(where[0]).partition("%")[0]).is_loopback:
        return True
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect(where)
            return bool(asked.getsockname()[0] == where[0])
    except OSError:
        return False
