"""The expectations that are marked live, asked of the live server."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from ..._httpd.release.manifest import ExpectEntry
from ..._httpd.vocabulary.address import parse_address
from ..._httpd.vocabulary.reserved_names import ANSWER_HEADER, ASK_HEADER
from ..machine.progress import tell

TIMEOUT = 10.0  # seconds for a whole answer's head, however slowly it comes
# What a client writes as it is: all that may stand in a target, and what it has encoded already.
_UNREAD = (400, 414)
_PLAIN = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True)
class Answer:
    """What a live request got: empty `failure` where it was as expected."""

    entry: ExpectEntry
    failure: str


def ask(entries: tuple[ExpectEntry, ...], release: str) -> tuple[Answer, ...]:
    """Ask each expectation once, of the release in this directory."""
    if entries:
        tell("asking the server what is expected of it")
    return tuple(Answer(entry, _ask(entry, release)) for entry in entries)


def _ask(entry: ExpectEntry, release: str) -> str:
    """Return how the answer differs from what is expected."""
    address = parse_address(entry.address)
    host = {"*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(
        address.host, address.host.strip("[]")
    )
    method, _blank, target = entry.request.partition(" ")
    headers = {
        name: value.encode()
        for name, value in {**entry.headers, ASK_HEADER: release, "Host": entry.host}.items()
    }
    connection = _connection(entry, host, address.port)
    try:
        with _ended_after(TIMEOUT, connection) as is_over:
            connection.request(method, quote(target, safe=_PLAIN), headers=headers)
            # Of the body nothing is asked: an event stream has no end.
            response = connection.getresponse()
        if is_over():
            # What came of the head http.client takes for all of it.
            raise TimeoutError
    # A ValueError is a name that can't be written as a client writes it.
    except (OSError, http.client.HTTPException, ValueError) as error:
        said = f"nothing within {TIMEOUT:.0f} s" if is_over() else error or type(error).__name__
        return f"no answer ({said})"
    finally:
        connection.close()
    if not _is_of(entry, response):
        return f"status {response.status} of another virtual host or server"
    location = response.headers.get("Location", "")
    if entry.status is not None and response.status != entry.status:
        return f"status {response.status}, not {entry.status}"
    if entry.redirect and not _is_same_place(location, entry):
        return f"redirect to {location or 'nowhere'}, not {entry.redirect}"
    return ""


def _is_of(entry: ExpectEntry, response: http.client.HTTPResponse) -> bool:
    """Tell whether an answer is the virtual host's own, as far as it can say so."""
    # httpd answers what it can't read before it knows whose it is (asked: 2.4.71), and `*` is the whole server.
    is_nobodys = response.status in _UNREAD or entry.request.endswith(" *")
    return not entry.vhost or is_nobodys or response.headers[ANSWER_HEADER] == entry.vhost


@contextlib.contextmanager
def _ended_after(
    seconds: float, connection: http.client.HTTPConnection
) -> Iterator[Callable[[], bool]]:
    """End a connection that lasts longer: a socket's own timeout begins anew with each byte. Yields whether it did."""
    over = threading.Event()

    def end() -> None:
        over.set()
        if connection.sock:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield over.is_set
    finally:
        timer.cancel()


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
        # Known before it speaks TLS: a handshake can be ended too.
        self.sock = socket.create_connection((self.host, self.port), TIMEOUT)
        self.sock = self.tls.wrap_socket(self.sock, server_hostname=self.name)


def _is_same_place(location: str, entry: ExpectEntry) -> bool:
    """Compare a Location; a path alone is one of the same host."""
    if entry.redirect.startswith("/"):
        return (
            location.partition("://")[2].partition("/")[2] == entry.redirect[1:]
            or location == entry.redirect
        )
    return location == entry.redirect
