"""Addresses to listen on: `80`, `*:80`, `10.0.0.1:80`, `[::1]:80`."""

from __future__ import annotations

import ipaddress
import re

from ..syntax.quoting import Refused
from ..syntax.record import record

_ADDRESS = re.compile(r"(?:(?P<host>\[[^\]]+\]|[^\[\]:]+):)?(?P<port>[0-9]{1,9}|\*)")
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_NUMBER = re.compile(r"0x[0-9a-f]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9}")
# Names of private networks and of tests (RFC 2606, 6761, 6762, 8375, ICANN's .internal), and what people use for them
# though nobody keeps it free.
_PRIVATE = re.compile(
    r"(?:.*\.)?(?:local|internal|test|example|invalid|localhost|localdomain|lan|home\.arpa|home|corp|intranet|private)"
)
_A_NETWORK = "write 10.0.0.1 or 10.0.0.0/8"
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


def parse_directive_address(text: str) -> Address:
    """Read an address as httpd reads its own text, in which `10.1:80` is 10.0.0.1:80. Raises Refused."""
    host, colon, port = text.rpartition(":")
    return parse_address(f"{ipv4_of(host) or host}{colon}{port}")


def is_numeric(host: str) -> bool:
    """Tell whether a host has digits and dots only, which no name has."""
    return re.fullmatch(r"[0-9.]+", host) is not None


def is_private(name: str) -> bool:
    """Tell whether the public name system can't have a name: it is a private network's, has no dot, or is an address."""
    bare = name.lower().rstrip(".")
    return is_numeric(bare) or "." not in bare or _PRIVATE.fullmatch(bare) is not None


def is_broken_ipv4(host: str) -> bool:
    """Tell whether a host has digits and dots only, and isn't an IPv4 address all the same."""
    return is_numeric(host) and not re.fullmatch(IPV4, host)


def ipv4_of(host: str) -> str:
    """Return the IPv4 address that the C library makes of numbers (inet_aton), `127.1` or `2130706433`; empty for none."""
    # Nearly all hosts are names.
    if host[:1] not in "0123456789":
        return ""
    parts = host.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return ""
    *first, last = map(_number, parts)
    if last >= 256 ** (4 - len(first)) or any(number > 255 for number in first):
        return ""
    whole = sum(number << (24 - 8 * index) for index, number in enumerate(first)) + last
    return ".".join(str(whole >> shift & 255) for shift in (24, 16, 8, 0))


def _number(text: str) -> int:
    """Read a part of an address as C does: hexadecimal behind 0x, octal behind 0."""
    if text.startswith("0x"):
        return int(text, 16)
    return int(text, 8 if text.startswith("0") else 10)


def _normal_host(host: str, text: str) -> str:
    """Return one spelling for each address."""
    if host == "_default_":
        return "*"
    if is_broken_ipv4(host):
        message = f'"{text}" is no address: an IPv4 address is four numbers from 0 to 255'
        raise Refused(message, "write one such as 10.0.0.1:80")
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
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise Refused(f'"{text}" is no address and no network', _A_NETWORK) from None
    if text.endswith("/0"):
        message = f'"{text}" is every client, which could then forge its address; httpd refuses it'
        raise Refused(message, "write the addresses or networks of your own proxies")
    first = network.network_address
    if isinstance(first, ipaddress.IPv6Address) and (first.ipv4_mapped or "%" in text):
        raise Refused(f'"{text}" is no address that httpd reads', _A_NETWORK)
    return text
