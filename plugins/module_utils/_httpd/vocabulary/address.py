"""Addresses to listen on: `80`, `*:80`, `10.0.0.1:80`, `[::1]:80`."""

from __future__ import annotations

import ipaddress
import re

from ..syntax.quoting import Refused
from ..syntax.record import record

_ADDRESS = re.compile(r"(?:(?P<host>\[[^\]]+\]|[^\[\]:]+):)?(?P<port>[0-9]{1,9}|\*)")
WILDCARDS = frozenset({"*", "0.0.0.0", "[::]"})


@record(frozen=True)
class Address:
    """A host as httpd writes it (`*`, `10.0.0.1`, `[::1]`, a name) and a port; port 0 is any (`*`)."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port or '*'}"

    @property
    def is_wildcard(self) -> bool:
        """Tell whether this is every address of a family."""
        return self.host in WILDCARDS

    def covers(self, other: Address) -> bool:
        """Tell whether a socket here takes what is sent to `other`."""
        if self.port and self.port != other.port:
            return False
        if self.host in ("*", other.host):
            return True
        is_ipv6 = other.host.startswith("[")
        return (self.host == "[::]" and is_ipv6) or (
            self.host == "0.0.0.0" and not is_ipv6 and other.host != "*"
        )

    def overlaps(self, other: Address) -> bool:
        """Tell whether both can't be bound at once, though they aren't the same."""
        return self != other and (self.covers(other) or other.covers(self))


def parse_address(text: str) -> Address:
    """Read an address of Listen or <VirtualHost>; a port alone is every address. Raises Refused."""
    match = _ADDRESS.fullmatch(text)
    if not match:
        raise Refused(f'"{text}" is no address', "write 80, 10.0.0.1:80 or [2001:db8::1]:80")
    host = match.group("host") or "*"
    port = 0 if match.group("port") == "*" else int(match.group("port"))
    if port > 65535 or match.group("port") == "0":
        raise Refused(f'"{text}" has no port between 1 and 65535', "write a port from 1 to 65535")
    return Address(_normal_host(host, text), port)


def _normal_host(host: str, text: str) -> str:
    """Return one spelling for each address."""
    if host == "_default_":
        return "*"
    if not host.startswith("["):
        return host.lower()
    try:
        return f"[{ipaddress.IPv6Address(host[1:-1])}]"
    except ValueError as error:
        message = f'"{text}" has no IPv6 address in its brackets'
        raise Refused(message, "write an address such as [2001:db8::1]:80") from error


def read_network(text: str) -> str:
    """Return an address or a network as it is written. Raises Refused for what is neither."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise Refused(
            f'"{text}" is no address and no network', "write 10.0.0.1 or 10.0.0.0/8"
        ) from None
    return text
