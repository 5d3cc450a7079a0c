"""What a host must know of the TLS of its virtual hosts: plain data in a release's manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ...tls.entries import CertificateEntry
from ..contract import Facts, plain_facts

NAME = "ssl"


@dataclass(frozen=True)
class VhostTls:
    """A virtual host's addresses and whether it speaks TLS there; `curves` are a word of the configuration.

    `wait` is how long (seconds) a commit waits for its managed certificate.
    """

    addresses: tuple[str, ...]
    speaks_tls: bool = False
    curves: str = ""
    certificate: CertificateEntry | None = None
    wait: int = 0

    def to_plain(self) -> dict[str, Any]:
        """Return plain data, what is at its default left out."""
        plain = {
            **vars(self),
            "certificate": self.certificate and plain_facts(vars(self.certificate)),
        }
        return {name: value for name, value in plain_facts(plain).items() if value}


def read_tls(facts: Iterable[Facts]) -> tuple[VhostTls, ...]:
    """Return the TLS of every virtual host, from the facts of a release's parts."""
    return tuple(
        _from_plain(plain) for one in facts for plain in one.get(NAME, {}).get("vhosts", ())
    )


def read_certificates(facts: Iterable[Facts]) -> tuple[CertificateEntry, ...]:
    """Return every certificate."""
    return tuple(one.certificate for one in read_tls(facts) if one.certificate)


def _from_plain(plain: Mapping[str, Any]) -> VhostTls:
    """Read what `to_plain` returned; what a newer version adds is left out."""
    certificate = plain.get("certificate")
    return VhostTls(
        addresses=tuple(plain.get("addresses", ())),
        speaks_tls=plain.get("speaks_tls", False),
        curves=plain.get("curves", ""),
        certificate=certificate_from_plain(certificate) if certificate else None,
        wait=plain.get("wait", 0),
    )


def certificate_from_plain(plain: Mapping[str, Any]) -> CertificateEntry:
    """Read an entry, tuples for JSON's lists."""
    known = {field.name for field in fields(CertificateEntry)}
    values = {name: plain[name] for name in known & plain.keys()}
    for name in ("names", "key_kinds"):
        if name in values:
            values[name] = tuple(values[name])
    return CertificateEntry(**values)
