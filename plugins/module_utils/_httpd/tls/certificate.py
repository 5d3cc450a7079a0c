"""Certificates and private keys as facts: what a client would find, and what httpd would refuse."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

# What a directory of a certificate that Gatehouse signs itself has: itself, and its key.
SELF_SIGNED_FILES = ("certificate.pem", "key.pem")


@dataclass(frozen=True)
class PublicKey:
    """A key's public half; `bits` of an elliptic curve are its field's."""

    digest: str
    kind: str
    bits: int


@dataclass(frozen=True)
class RevocationList:
    """A list of certificates that their issuer took back, and until when (aware) it holds; None is for ever."""

    issuer: str
    not_after: datetime | None


@dataclass(frozen=True)
class Certificate:
    """One certificate. `names` are its DNS names and addresses, lower-case; times are aware.

    `issuer_id` and `subject_id` are the encoded names: what is compared where a chain is followed, with the ids of the
    keys, which old certificates lack. `issuer_urls` say where a public authority publishes the certificate that
    signed this one.
    """

    subject: str
    subject_id: str
    issuer: str
    issuer_id: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    key: PublicKey
    signature: str
    is_authority: bool
    ocsp_urls: tuple[str, ...] = ()
    issuer_urls: tuple[str, ...] = ()
    key_id: str = ""
    issuer_key_id: str = ""
    common_name: str = ""
    issuer_common_name: str = ""

    @property
    def is_self_issued(self) -> bool:
        """Tell whether it names itself as its issuer, as roots do."""
        return self.subject_id == self.issuer_id

    def is_signed_by(self, other: Certificate) -> bool:
        """Tell whether another names itself as this one's issuer names itself; an authority may have had several keys."""
        has_same_key = (
            "" in (self.issuer_key_id, other.key_id) or self.issuer_key_id == other.key_id
        )
        return self.issuer_id == other.subject_id and has_same_key

    def covers(self, name: str) -> bool:
        """Tell whether it is for a host name or an address: a `*` stands for one whole label, the first (RFC 6125)."""
        wanted = name.lower().rstrip(".")
        try:
            return str(ipaddress.ip_address(wanted.strip("[]"))) in self.names
        except ValueError:
            pass
        _label, dot, parent = wanted.partition(".")
        return wanted in self.names or (bool(dot and parent) and f"*.{parent}" in self.names)
