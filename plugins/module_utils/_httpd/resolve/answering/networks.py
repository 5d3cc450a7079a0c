"""Networks as Require ip and Allow from name them, and whether a client's address is in one."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from ..verdicts import Verdict

_PART = re.compile("[0-9]{1,15}")


def has_address(network: str, client: str) -> Verdict:
    """Tell whether a network has an address; None for a name, and for what only httpd can read."""
    found = _network(network)
    if found is None:
        return None
    first, mask, version = found
    address, own_version = _address(client)
    return version == own_version and address & mask == first


@lru_cache(maxsize=1024)
def _address(text: str) -> tuple[int, int]:
    """Return an address as a number, and its version."""
    found = ipaddress.ip_address(text)
    return int(found), found.version


@lru_cache(maxsize=1024)
def _network(text: str) -> tuple[int, int, int] | None:
    """Read `10`, `10.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.255`, `2001:db8::/32`: the first address, the mask and the version.

    A mask may have holes, and only parts of an address alone may begin with zeros: apr_ipsubnet_create.
    """
    address, slash, mask = text.partition("/")
    if ":" not in address and not slash:
        parts = address.removesuffix(".").split(".")
        if len(parts) > 4 or not all(_PART.fullmatch(part) for part in parts):
            return None
        address = ".".join([*(str(int(part)) for part in parts), *["0"] * (4 - len(parts))])
        mask = str(8 * len(parts))
    try:
        first = ipaddress.ip_address(address)
        if "." in mask:
            bits = int(ipaddress.IPv4Address(mask))
        else:
            written = f"{address}/{mask}" if slash or mask else address
            bits = int(ipaddress.ip_network(written, strict=False).netmask)
    except ValueError:
        return None
    return int(first) & bits, bits, first.version
