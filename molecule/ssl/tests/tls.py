"""Asks a server over TLS, by any name, and sees what it shows."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from containers import Answer, Container
from cryptography import x509

PKI = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "pki"


@dataclass(frozen=True)
class Connection:
    """An open connection, and the certificate that it was opened with."""

    socket: ssl.SSLSocket
    certificate: x509.Certificate

    @property
    def names(self) -> list[str]:
        """The names of the server's certificate."""
        kind = x509.SubjectAlternativeName
        extension = self.certificate.extensions.get_extension_for_class(kind)
        return extension.value.get_values_for_type(x509.DNSName)

    def ask(
        self,
        host: str,
        path: str = "/",
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask on this connection."""
        client = http.client.HTTPConnection("unused")
        client.sock = self.socket
        client.request(method, path, headers={"Host": host, **(headers or {})})
        response = client.getresponse()
        return Answer(response.status, response.headers, response.read().decode())


@contextmanager
def connected(
    proxy: Container,
    sni: str | None,
    *,
    port: int = 443,
    client: str = "",
    trusted: bool = False,
) -> Iterator[Connection]:
    """Connect as a client that names `sni`; `trusted` verifies as browsers do. Raises ssl.SSLError."""
    context = ssl.create_default_context(cafile=str(PKI / "roots.pem"))
    if not trusted:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if client:
        context.load_cert_chain(PKI / f"{client}.pem", PKI / f"{client}.key")
    with (
        socket.create_connection((proxy.address, port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname=sni) as over_tls,
    ):
        shown = x509.load_der_x509_certificate(over_tls.getpeercert(binary_form=True) or b"")
        yield Connection(over_tls, shown)


def ask(
    proxy: Container,
    host: str,
    path: str = "/",
    *,
    client: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask for a host over a connection of its own name."""
    with connected(proxy, host, client=client) as connection:
        return connection.ask(host, path, headers=headers)


def serial(proxy: Container, host: str) -> int:
    """Return what identifies the certificate that a host shows."""
    with connected(proxy, host) as connection:
        return connection.certificate.serial_number


def serial_of(pem: str) -> int:
    """Return the same of a certificate in PEM."""
    return x509.load_pem_x509_certificate(pem.encode()).serial_number
