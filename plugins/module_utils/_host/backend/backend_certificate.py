"""A backend's certificate, be it believed or not, and whether it has a name as httpd compares them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from ..machine.x509 import read_der


@dataclass(frozen=True)
class Certificate:
    """What is told of a certificate; `names` are its DNS names, `addresses` its IP addresses, which httpd ignores."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    subject: str = ""
    issuer: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None

    def has_name(self, name: str) -> bool:
        """Tell whether httpd takes it for that name: by a DNS name or the common name, `*` for one label.

        Read in modules/ssl/ssl_util_ssl.c (modssl_X509_match_name).
        """
        wanted = name.lower()
        return any(_matches(one.lower(), wanted) for one in (*self.names, self.subject))

    def fault_at(self, now: datetime) -> str:
        """Return why it doesn't hold at an aware time; empty where it does."""
        if self.not_after and now > self.not_after:
            return "expired"
        return "not_yet_valid" if self.not_before and now < self.not_before else ""

    @property
    def shown_names(self) -> str:
        """The names in a message."""
        names = tuple(dict.fromkeys((*self.names, *self.addresses))) or (self.subject,)
        return ", ".join(names) if any(names) else "no name"


def read_certificate(der: bytes) -> Certificate:
    """Read a certificate, be it believed or not. Raises Unreadable."""
    read = read_der(der)
    addresses = tuple(name for name in read.names if is_address(name))
    return Certificate(
        names=tuple(name for name in read.names if name not in addresses),
        addresses=addresses,
        subject=read.common_name or read.subject,
        issuer=read.issuer_common_name or read.issuer,
        not_before=read.not_before,
        not_after=read.not_after,
    )


def _matches(pattern: str, name: str) -> bool:
    if pattern.startswith("*."):
        label, _dot, rest = name.partition(".")
        return bool(label) and rest == pattern[2:]
    return bool(pattern) and pattern == name


def is_address(name: str) -> bool:
    """Tell whether a name is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
