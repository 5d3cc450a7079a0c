"""PEM as facts, read by the library `cryptography`; no message shows what a key says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from functools import cache
from typing import Any

from ..._httpd.tls.certificate import Certificate, PublicKey, RevocationList

try:
    import cryptography
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )
    from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID, NameOID

    HAS_CRYPTOGRAPHY = True
    # Nothing is done with a key but that its public half is compared. Checking the primes of RSA takes 40 ms each, which
    # versions before 39 can't be kept from.
    _CAN_SKIP = int(cryptography.__version__.partition(".")[0]) >= 39
    _UNCHECKED = {"unsafe_skip_rsa_key_validation": True} if _CAN_SKIP else {}
except ImportError:
    HAS_CRYPTOGRAPHY = False

LACKS_LIBRARY = "the Python that runs modules lacks `cryptography` (Debian: python3-cryptography)"
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_LIST = re.compile(r"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)
_KEY_BEGIN = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_KEY = re.compile(rf"{_KEY_BEGIN.pattern}.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
# Of PKCS #8, and of the traditional form.
_PASSPHRASE = re.compile(r"BEGIN ENCRYPTED|4,ENCRYPTED")


class Unreadable(ValueError):
    """PEM that can't be read; the message says why, as what follows the file's name."""


def read_chain(pem: str) -> tuple[Certificate, ...]:
    """Return the certificates of a file in order. Raises Unreadable, where there is none too."""
    _require_library()
    parts = pem.split(_BEGIN)[1:]
    if not parts:
        raise Unreadable("has no certificate in PEM")
    return tuple(_certificate_block(number, part) for number, part in enumerate(parts, 1))


def read_lists(pem: str) -> tuple[RevocationList, ...]:
    """Return the lists of revoked certificates of a file. Raises Unreadable, where there is none too."""
    _require_library()
    texts = _LIST.findall(pem)
    if not texts:
        raise Unreadable("has no list of revoked certificates in PEM (X509 CRL)")
    try:
        return tuple(_list(x509.load_pem_x509_crl(text.encode(errors="replace"))) for text in texts)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Unreadable("has a list of revoked certificates that can't be read") from None


def read_der(der: bytes) -> Certificate:
    """Return a certificate as TLS hands it over. Raises Unreadable."""
    _require_library()
    return _certificate(1, der, x509.load_der_x509_certificate)


@cache
def read_key(pem: str) -> PublicKey:
    """Return the public half of the private key in a file. Raises Unreadable."""
    _require_library()
    if not has_key(pem):
        raise Unreadable("has no private key in PEM")
    found = _KEY.search(pem)
    if found and _PASSPHRASE.search(found[0]):
        raise Unreadable("has a passphrase, which httpd would ask for at each start")
    try:
        text = found[0] if found else ""
        key = load_pem_private_key(text.encode(errors="replace"), None, **_UNCHECKED)
        return _public(key.public_key())
    # cryptography's own words may repeat what it couldn't read.
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Unreadable("has a private key that can't be read") from None


def has_key(pem: str) -> bool:
    """Tell whether a file has a private key beside its certificate."""
    return bool(_KEY_BEGIN.search(pem))


def has_certificate(pem: str) -> bool:
    """Tell whether a file has a certificate, be it a broken one."""
    return _BEGIN in pem


def has_list(pem: str) -> bool:
    """Tell whether a file has a list of revoked certificates."""
    return bool(_LIST.search(pem))


def without_keys(pem: str) -> str:
    """Return a file's text but for its private keys."""
    return _KEY.sub("", pem)


def subjects(pem: str) -> frozenset[str]:
    """Return the encoded names of a bundle's authorities; one that can't be read is passed over."""
    found = set()
    for part in pem.split(_BEGIN)[1:]:
        try:
            found |= {one.subject_id for one in read_chain(_BEGIN + part)}
        except Unreadable:
            continue
    return frozenset(found)


def _require_library() -> None:
    if not HAS_CRYPTOGRAPHY:
        raise Unreadable(f"can't be read: {LACKS_LIBRARY}")


def _certificate_block(number: int, text: str) -> Certificate:
    """Read what follows a block's first line; OpenSSL refuses a whole file for a block without its last one."""
    body, end, _rest = text.partition(_END)
    if not end:
        raise Unreadable(f"has a certificate, number {number}, without its end")
    pem = f"{_BEGIN}{body}{_END}\n"
    return _certificate(number, pem.encode(errors="replace"), x509.load_pem_x509_certificate)


def _list(read: Any) -> RevocationList:
    # A list need not say when the next one comes. Before version 42 the library has no aware times.
    ends: datetime | None = getattr(read, "next_update_utc", None) or read.next_update
    return RevocationList(read.issuer.rfc4514_string(), ends and ends.replace(tzinfo=timezone.utc))


def _certificate(number: int, encoded: bytes, load: Callable[[bytes], Any]) -> Certificate:
    """Read the certificate that stands at a number, from 1."""
    try:
        read = load(encoded)
        return Certificate(
            subject=read.subject.rfc4514_string(),
            subject_id=read.subject.public_bytes().hex(),
            issuer=read.issuer.rfc4514_string(),
            issuer_id=read.issuer.public_bytes().hex(),
            names=tuple(_names(read)),
            not_before=_time(read, "not_valid_before"),
            not_after=_time(read, "not_valid_after"),
            key=_public(read.public_key()),
            signature=_signature(read),
            is_authority=_is_authority(read),
            ocsp_urls=_access_urls(read, AuthorityInformationAccessOID.OCSP),
            issuer_urls=_access_urls(read, AuthorityInformationAccessOID.CA_ISSUERS),
            key_id=_key_id(read, ExtensionOID.SUBJECT_KEY_IDENTIFIER, "digest"),
            issuer_key_id=_key_id(read, ExtensionOID.AUTHORITY_KEY_IDENTIFIER, "key_identifier"),
            common_name=_common_name(read.subject),
            issuer_common_name=_common_name(read.issuer),
        )
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Unreadable(f"has a certificate, number {number}, that can't be read") from error


def _names(read: Any) -> Iterable[str]:
    extension = _extension(read, ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    if extension is None:
        return []
    hosts = [name.lower() for name in extension.get_values_for_type(x509.DNSName)]
    return [*hosts, *map(str, extension.get_values_for_type(x509.IPAddress))]


def _common_name(name: Any) -> str:
    """Return the first common name; empty where there is none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _extension(read: Any, oid: Any) -> Any:
    """Return an extension's value; None where there is none."""
    try:
        return read.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return None


def _key_id(read: Any, oid: Any, attribute: str) -> str:
    """Return a key's identifier as hexadecimal; empty where the certificate says none."""
    identifier = getattr(_extension(read, oid), attribute, None)
    return identifier.hex() if identifier else ""


def _is_authority(read: Any) -> bool:
    constraints = _extension(read, ExtensionOID.BASIC_CONSTRAINTS)
    return bool(constraints and constraints.ca)


def _access_urls(read: Any, method: Any) -> tuple[str, ...]:
    described = _extension(read, ExtensionOID.AUTHORITY_INFORMATION_ACCESS) or ()
    return tuple(
        one.access_location.value
        for one in described
        if one.access_method == method
        and isinstance(one.access_location, x509.UniformResourceIdentifier)
    )


def _signature(read: Any) -> str:
    """Name the hash that was signed; empty for algorithms that have none of their own."""
    try:
        return read.signature_hash_algorithm.name if read.signature_hash_algorithm else ""
    except UnsupportedAlgorithm:
        return "unknown"


def _time(read: Any, name: str) -> datetime:
    """Return a time; before version 42 the library has no aware ones."""
    aware: datetime | None = getattr(read, f"{name}_utc", None)
    return aware or getattr(read, name).replace(tzinfo=timezone.utc)


def _public(key: Any) -> PublicKey:
    """Describe a public key. Raises ValueError for one that httpd can't use."""
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = hashlib.sha256(encoded).hexdigest()
    if isinstance(key, rsa.RSAPublicKey):
        return PublicKey(digest, "RSA", key.key_size)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return PublicKey(digest, "EC", key.key_size)
    if isinstance(key, dsa.DSAPublicKey):
        return PublicKey(digest, "DSA", key.key_size)
    if isinstance(key, (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)):
        return PublicKey(digest, "EdDSA", 256)
    raise ValueError
