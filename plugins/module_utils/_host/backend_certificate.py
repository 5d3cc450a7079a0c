"""An origin's certificate, be it believed or not, and whether it has a name as httpd compares them."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Certificate:
    """What is told of a certificate; `names` are its DNS names, `addresses` its IP addresses, which httpd ignores."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    subject: str = ""
    issuer: str = ""
    not_before: str = ""
    not_after: str = ""

    def has_name(self, name: str) -> bool:
        """Tell whether httpd takes it for that name: by a DNS name or the common name, `*` for one label.

        Read in modules/ssl/ssl_util_ssl.c (modssl_X509_match_name).
        """
        wanted = name.lower()
        return any(_matches(one.lower(), wanted) for one in (*self.names, self.subject))

    def fault_at(self, now: float) -> str:
        """Return why it doesn't hold at a time in seconds since 1970; empty where it does."""
        if self.not_after and now > ssl.cert_time_to_seconds(self.not_after):
            return "expired"
        is_early = self.not_before and now < ssl.cert_time_to_seconds(self.not_before)
        return "not_yet_valid" if is_early else ""

    @property
    def shown_names(self) -> str:
        """The names in a message."""
        names = tuple(dict.fromkeys((*self.names, *self.addresses))) or (self.subject,)
        return ", ".join(names) if any(names) else "no name"


def read_certificate(der: bytes) -> Certificate:
    """Read a certificate that no authority vouches for, which the public part of `ssl` doesn't show."""
    handle, path = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(ssl.DER_cert_to_PEM_cert(der))
        return _certificate(ssl._ssl._test_decode_cert(path))  # type: ignore[attr-defined]
    except ssl.SSLError:
        return Certificate()
    finally:
        os.unlink(path)


def _certificate(read: Mapping[str, Any]) -> Certificate:
    """Take what is told out of what Python reads."""
    alternatives = read.get("subjectAltName", ())
    return Certificate(
        names=tuple(value for kind, value in alternatives if kind == "DNS"),
        addresses=tuple(value for kind, value in alternatives if kind == "IP Address"),
        subject=_common_name(read.get("subject", ())),
        issuer=_common_name(read.get("issuer", ())),
        not_before=read.get("notBefore", ""),
        not_after=read.get("notAfter", ""),
    )


def _common_name(parts: Any) -> str:
    """Return the common name, or all parts where there is none."""
    pairs = [pair for part in parts for pair in part]
    common = [value for name, value in pairs if name == "commonName"]
    return common[0] if common else ", ".join(f"{name}={value}" for name, value in pairs)


def _matches(pattern: str, name: str) -> bool:
    if pattern.startswith("*."):
        label, _dot, rest = name.partition(".")
        return bool(label) and rest == pattern[2:]
    return bool(pattern) and pattern == name
