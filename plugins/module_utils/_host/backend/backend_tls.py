"""The handshake with a backend, as httpd makes it, and why it fails."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable

from ..machine.lock import HostError
from ..machine.x509 import Unreadable
from .backend_certificate import Certificate, is_address, read_certificate
from .backend_query import BackendFailure, BackendQuery

_MOMENT = 0.3  # seconds
# Causes that the certificate itself explains, and those that a port without TLS has too.
OF_CERTIFICATES = frozenset(
    {"self_signed", "unknown_authority", "expired", "not_yet_valid", "unverified"}
)
MAYBE_PLAIN = frozenset({"handshake", "protocol"})

# OpenSSL's reasons (X509_V_ERR_…) for not believing a certificate.
_VERIFICATION = {
    2: "unknown_authority", 9: "not_yet_valid", 10: "expired", 18: "self_signed", 19: "unknown_authority",
    20: "unknown_authority", 21: "unknown_authority",
}  # fmt: skip
# What a backend's alerts say, by OpenSSL's names. The first three are of TLS 1.2, and have other causes too.
_CLIENT_CERTIFICATE = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        "TLSV1_ALERT_UNKNOWN_CA",
        "TLSV1_ALERT_ACCESS_DENIED",
    }
)
_PROTOCOL = frozenset(
    {"TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE"}
)


def context_for(asking: BackendQuery, *, protocols: tuple[str, ...] = ()) -> ssl.SSLContext:
    """Return how to shake hands. Names are compared elsewhere, since httpd does that its own way. Raises HostError."""
    context = _believing_anybody()
    try:
        if asking.verify:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(asking.ca_file)
    except OSError as error:
        raise HostError(
            f"{asking.ca_file} has no authorities: {error.strerror or error}"
        ) from error
    try:
        if asking.client_certificate:
            context.load_cert_chain(asking.client_certificate, password=_no_passphrase)
    except (OSError, ValueError) as error:
        message = f"{asking.client_certificate} is no certificate with its key: {error}"
        raise HostError(message) from error
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def secure(context: ssl.SSLContext, connection: socket.socket, name: str) -> ssl.SSLSocket:
    """Shake hands; SNI takes no addresses. Raises OSError (SSLError is one) and ValueError."""
    return context.wrap_socket(connection, server_hostname=None if is_address(name) else name)


def _believing_anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def await_refusal(secured: ssl.SSLSocket, timeout: float) -> None:
    """Wait a moment for what TLS 1.3 says after the handshake: that the certificate, or none, won't do. Raises Failed.

    A request that is sent meanwhile would meet a closed connection, and the reason be lost.
    """
    if secured.version() != "TLSv1.3":
        return
    secured.settimeout(min(_MOMENT, timeout))
    try:
        if not secured.recv(1):
            raise BackendFailure("closed", "right after the handshake")
    except socket.timeout:
        secured.settimeout(timeout)
    except OSError as error:
        raise BackendFailure(*explain(error)) from error


def explain(error: Exception) -> tuple[str, str]:
    """Return the cause, and the words for it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERIFICATION.get(error.verify_code, "unverified"), error.verify_message
    reason = getattr(error, "reason", None) or ""
    words = reason.replace("_", " ").lower() or str(error) or type(error).__name__
    if reason in _CLIENT_CERTIFICATE:
        return "client_certificate", words
    return "protocol" if reason in _PROTOCOL else "handshake", words


def certificate_of(secured: ssl.SSLSocket) -> Certificate:
    """Read the certificate of the other side; one that can't be read is empty, which has no name."""
    der = secured.getpeercert(binary_form=True)
    try:
        return read_certificate(der) if der else Certificate()
    except Unreadable:
        return Certificate()


def look(connect: Callable[[], socket.socket], name: str) -> Certificate:
    """Connect again, believing anybody, to read the certificate; an empty one where there is none."""
    with (
        contextlib.suppress(OSError, ValueError),
        connect() as plain,
        secure(_believing_anybody(), plain, name) as secured,
    ):
        return certificate_of(secured)
    return Certificate()


def _no_passphrase() -> bytes:
    """Answer for a key that asks; httpd isn't asked either."""
    raise ValueError("the key has a passphrase, with which httpd doesn't start (AH02252)")
