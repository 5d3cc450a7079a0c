"""Makes two authorities, and certificates of the first as origins and proxies have them: pki.py DIRECTORY NAME…

The NAMEs are those that each certificate is for, but for `wrong_name`'s; each file has a certificate and its key.
"""

from __future__ import annotations

import argparse
import datetime
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def write(self, path: Path) -> None:
        """Write both into one file."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.touch(0o600)
        path.write_bytes(key + self.pem)

    @property
    def pem(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def make(
    common_name: str,
    names: tuple[str, ...] = (),
    *,
    signer: Pair | None = None,
    days: tuple[int, int] = (-1, 365),
) -> Pair:
    """Make a certificate that holds within `days` from now; one without names is an authority's."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.certificate.subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + days[0] * DAY)
        .not_valid_after(NOW + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    )
    if names:
        alternatives = [x509.DNSName(name) for name in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return Pair(builder.sign(signer.key if signer else key, hashes.SHA256()), key)


def make_list(signer: Pair) -> bytes:
    """Make a list of certificates taken back, which has none."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(signer.certificate.subject)
        .last_update(NOW - DAY)
        .next_update(NOW + DAY)
    )
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def make_all(directory: Path, names: tuple[str, ...]) -> None:
    """Write every file; those that are there stay, so that proxies and origins keep what they share."""
    if (directory / "ca.pem").exists():
        return
    directory.mkdir(parents=True, exist_ok=True)
    authority, stranger = make("Test authority"), make("Another authority")
    pairs = {
        "good": make("good", names, signer=authority),
        "self_signed": make("self_signed", names),
        "unknown": make("unknown", names, signer=stranger),
        "expired": make("expired", names, signer=authority, days=(-30, -1)),
        "not_yet_valid": make("not_yet_valid", names, signer=authority, days=(1, 30)),
        "wrong_name": make("wrong_name", ("other.example.com",), signer=authority),
        "mutual": make("mutual", names, signer=authority),
        "client": make("proxy", ("proxy.example.com",), signer=authority),
        "stranger": make("stranger", ("proxy.example.com",), signer=stranger),
    }
    for name, pair in pairs.items():
        pair.write(directory / f"{name}.pem")
    (directory / "crl.pem").write_bytes(make_list(authority))
    (directory / "mutual.clients.pem").write_bytes(authority.pem)
    (directory / "ca.pem").write_bytes(authority.pem)


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    os.umask(0o077)
    make_all(options.directory, tuple(options.names))


if __name__ == "__main__":
    main()
