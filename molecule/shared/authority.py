"""Certificate authorities of the tests' own, and what they sign."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

NOW = datetime.now(timezone.utc).replace(microsecond=0)
_MAKERS = {
    "EC": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EC-224": lambda: ec.generate_private_key(ec.SECP224R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "RSA-1024": lambda: rsa.generate_private_key(65537, 1024),
    "DSA": lambda: dsa.generate_private_key(2048),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "X25519": x25519.X25519PrivateKey.generate,
}


@dataclass(frozen=True)
class Pair:
    """A certificate with its key, and those who signed it, up to the root."""

    certificate: x509.Certificate
    key: Any
    above: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> str:
        """The certificate alone."""
        return as_pem([self.certificate])

    @property
    def chain(self) -> str:
        """What a server shows: everything but the root."""
        return as_pem([self.certificate, *self.above[:-1]])

    @property
    def key_pem(self) -> str:
        """The key as operators have it."""
        return self.written_key()

    def written_key(
        self, form: PrivateFormat = PrivateFormat.PKCS8, *, passphrase: bytes = b""
    ) -> str:
        """Return the key in another form."""
        way = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
        written: bytes = self.key.private_bytes(Encoding.PEM, form, way)
        return written.decode()

    def sign(
        self,
        *names: str,
        kind: str = "EC",
        common_name: str = "",
        days: float = 60,
        since: float = 1,
        is_authority: bool = False,
        ocsp_url: str = "",
        issuer_url: str = "",
    ) -> Pair:
        """Sign a certificate that began `since` days ago and ends in `days`; DSA and EdDSA are kinds too."""
        key = _MAKERS[kind]()
        subject = _name(common_name or names[0])
        signed = _signed(
            _builder(subject, self.certificate.subject, key, days=days, since=since),
            self.key,
            names,
            is_authority=is_authority,
            urls=((AuthorityInformationAccessOID.OCSP, ocsp_url), (_ISSUERS, issuer_url)),
        )
        return Pair(signed, key, (self.certificate, *self.above))

    def revoke(self, *pairs: Pair, days: float = 30) -> str:
        """Sign a list of what this authority took back, as PEM; it ends in `days`, and began a day before that or now."""
        begin = NOW - timedelta(days=max(0, -days) + 1)
        built = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        built = built.last_update(begin).next_update(NOW + timedelta(days=days))
        for pair in pairs:
            taken_back = x509.RevokedCertificateBuilder().revocation_date(begin)
            number = pair.certificate.serial_number
            built = built.add_revoked_certificate(taken_back.serial_number(number).build())
        signed = built.sign(self.key, hashes.SHA256())
        return signed.public_bytes(Encoding.PEM).decode()


_SIGNS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
_REVOKED = x509.CRLDistributionPoints(
    [
        x509.DistributionPoint(
            full_name=[x509.UniformResourceIdentifier("http://authority.example.com/revoked.crl")],
            relative_name=None,
            reasons=None,
            crl_issuer=None,
        )
    ]
)
_ISSUERS = AuthorityInformationAccessOID.CA_ISSUERS


def make_root(name: str = "Test root", *, kind: str = "EC", **options: Any) -> Pair:
    """Make an authority that signs itself; `days` and `since` can be other than usual."""
    key = _MAKERS[kind]()
    names = options.pop("names", ())
    is_authority = options.pop("is_authority", True)
    built = _builder(_name(name), _name(name), key, **{"days": 300, "since": 1, **options})
    return Pair(_signed(built, key, names, is_authority=is_authority), key)


def as_pem(certificates: Iterable[x509.Certificate]) -> str:
    """Write certificates one after the other."""
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in certificates)


def write(directory: Path, name: str, pair: Pair) -> None:
    """Write a chain and its key, NAME.pem and NAME.key."""
    (directory / f"{name}.pem").write_text(pair.chain)
    (directory / f"{name}.key").write_text(pair.key_pem)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Any, *, days: float, since: float
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=since))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(identifier, critical=False)
    )


def _signed(
    built: x509.CertificateBuilder,
    key: Any,
    names: Iterable[str],
    *,
    is_authority: bool,
    urls: Iterable[tuple[x509.ObjectIdentifier, str]] = (),
) -> x509.Certificate:
    """Add what is asked for, and sign."""
    basic = x509.BasicConstraints(ca=is_authority, path_length=None)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    built = built.add_extension(basic, critical=True).add_extension(issuer, critical=False)
    if is_authority:
        built = built.add_extension(_SIGNS, critical=True)
    if names:
        alternative = x509.SubjectAlternativeName([*map(_alternative, names)])
        built = built.add_extension(alternative, critical=False)
    access = [
        x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
        for method, url in urls
        if url
    ]
    if not is_authority:
        built = built.add_extension(_REVOKED, critical=False)
    if access:
        built = built.add_extension(x509.AuthorityInformationAccess(access), critical=False)
    is_edwards = isinstance(key, ed25519.Ed25519PrivateKey)
    return built.sign(key, None if is_edwards else hashes.SHA256())


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
