"""Certificates and private keys as facts: what a client would find, and what httpd would refuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PublicKey:
    """A key's public half; `bits` of an elliptic curve are its field's."""

    digest: str
    kind: str
    bits: int


@dataclass(frozen=True)
class Certificate:
    """One certificate. `names` are its DNS names and addresses, lower-case; times are aware.

    `issuer` and `subject` are the encoded names: what is compared where a chain is followed. `issuer_urls` say where a
    public authority publishes the certificate that signed this one.
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

    @property
    def is_self_issued(self) -> bool:
        """Tell whether it names itself as its issuer, as roots do."""
        return self.subject_id == self.issuer_id

    def covers(self, name: str) -> bool:
        """Tell whether it is for a host name: a `*` stands for one whole label, the first (RFC 6125)."""
        wanted = name.lower().rstrip(".")
        _label, dot, parent = wanted.partition(".")
        return wanted in self.names or (bool(dot and parent) and f"*.{parent}" in self.names)
