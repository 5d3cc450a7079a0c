"""The expectations that are marked live, asked of the live server."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass

from ..._httpd.release.manifest import ExpectEntry
from ..._httpd.vocabulary.address import parse_address

TIMEOUT = 10.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What a live request got: empty `failure` where it was as expected."""

    entry: ExpectEntry
    failure: str


def ask(entries: tuple[ExpectEntry, ...]) -> tuple[Answer, ...]:
    """Ask each expectation once."""
    return tuple(Answer(entry, _ask(entry)) for entry in entries)


def _ask(entry: ExpectEntry) -> str:
    """Return how the answer differs from what is expected."""
    address = parse_address(entry.address)
    host = {"*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(
        address.host, address.host.strip("[]")
    )
    method, _blank, target = entry.request.partition(" ")
    connection = _connection(entry, host, address.port)
    try:
        connection.request(method, target, headers={**entry.headers, "Host": entry.host})
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({error or type(error).__name__})"
    finally:
        connection.close()
    location = response.headers.get("Location", "")
    if entry.status is not None and response.status != entry.status:
        return f"status {response.status}, not {entry.status}"
    if entry.redirect and not _is_same_place(location, entry):
        return f"redirect to {location or 'nowhere'}, not {entry.redirect}"
    return ""


def _connection(entry: ExpectEntry, host: str, port: int) -> http.client.HTTPConnection:
    """Return a connection to the server itself, which asks for the expectation's host by SNI where it speaks TLS."""
    if not entry.tls:
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    # Whether clients take the certificate is judged elsewhere; one that a managed host still waits for is none yet.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _NamedConnection(host, port, entry.host, context)


class _NamedConnection(http.client.HTTPSConnection):
    """A connection to an address, for a name."""

    def __init__(self, host: str, port: int, name: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=TIMEOUT, context=context)
        self.name, self.tls = name, context

    def connect(self) -> None:
        """Connect, and name the host that is asked for."""
        raw = socket.create_connection((self.host, self.port), TIMEOUT)
        self.sock = self.tls.wrap_socket(raw, server_hostname=self.name)


def _is_same_place(location: str, entry: ExpectEntry) -> bool:
    """Compare a Location; a path alone is one of the same host."""
    if entry.redirect.startswith("/"):
        return (
            location.partition("://")[2].partition("/")[2] == entry.redirect[1:]
            or location == entry.redirect
        )
    return location == entry.redirect
