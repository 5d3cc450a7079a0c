"""Certificates that nobody else signs: for names inside a network, and for unknown ones."""

from __future__ import annotations

import ipaddress
import os
from datetime import datetime, timedelta

from ..._httpd.tls.certificate import SELF_SIGNED_FILES, Certificate

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError:
    pass  # reading certificates says so

# The most that Apple's clients take; browsers warn of the signature anyway.
DAYS = 820
# A clock that is a little behind mustn't refuse it.
_EARLIER = timedelta(hours=1)


def make_self_signed(
    names: tuple[str, ...], *, now: datetime, kind: str = "EC", days: int = DAYS
) -> tuple[str, str]:
    """Return a certificate for host names and addresses, and its key of a kind (`EC`, `RSA`), both as PEM."""
    key = _new_key(kind)
    # A common name has at most 64 characters; nobody reads it where other names are given.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([*map(_name, names)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM).decode(), private.decode()


def make_beside(
    link: str, names: tuple[str, ...], *, kind: str, now: datetime
) -> tuple[str, dict[str, str]]:
    """Return where a link of the store is to lead, and the texts to be there, by path: a new certificate and its key."""
    target = f"{os.path.basename(link)}.{now:%Y%m%d%H%M%S}"
    directory = os.path.join(os.path.dirname(link), target)
    texts = make_self_signed(names, now=now, kind=kind)
    return target, {f"{directory}/{name}": text for name, text in zip(SELF_SIGNED_FILES, texts)}


def is_due(certificate: Certificate, now: datetime) -> bool:
    """Tell whether less than a third of a certificate's life is left."""
    return certificate.not_after - now < (certificate.not_after - certificate.not_before) / 3


def _new_key(kind: str) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    """Make a key of the least size that every client of today takes."""
    if kind == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
