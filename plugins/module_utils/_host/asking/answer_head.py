"""The head of one answer of the host's own server, within a bound."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ..._httpd.vocabulary.reserved_names import NO_LOOP

# What a client writes as it is: all that may stand in a target, and what it has encoded already.
_PLAIN = "".join(map(chr, range(0x21, 0x7F)))
_OWN = {"*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "::1", "::": "::1"}


class NoAnswer(Exception):
    """There was none; the message says why."""


@dataclass(frozen=True)
class Question:
    """A request (`GET /health`) to an address of the host, as the configuration writes it, for a virtual host's name."""

    host: str
    port: int
    name: str
    request: str
    tls: bool = False

    @property
    def asked(self) -> str:
        """The address to connect to."""
        return _OWN.get(self.host, self.host.strip("[]"))


def ask_head(
    question: Question, headers: Mapping[str, str], *, seconds: float
) -> http.client.HTTPResponse:
    """Return status and headers, which must have come after so many seconds. Raises NoAnswer.

    Of the body nothing is read: an event stream has no end.
    """
    method, _blank, target = question.request.partition(" ")
    asked = {**NO_LOOP, **headers, "Host": question.name}
    encoded = {name: value.encode() for name, value in asked.items()}
    connection = _connection(question, seconds)
    try:
        with _ended_after(seconds, connection) as is_over:
            connection.request(method, quote(target, safe=_PLAIN), headers=encoded)
            response = connection.getresponse()
        if is_over():
            # What came of the head http.client takes for all of it.
            raise TimeoutError
    # A ValueError is a name that can't be written as a client writes it.
    except (OSError, http.client.HTTPException, ValueError) as error:
        said = f"nothing within {seconds:.0f} s" if is_over() else error or type(error).__name__
        raise NoAnswer(f"no answer ({said})") from error
    finally:
        connection.close()
    return response


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


def _connection(question: Question, seconds: float) -> http.client.HTTPConnection:
    """Return a connection to the server itself, which asks for the virtual host by SNI where it speaks TLS."""
    if not question.tls:
        return http.client.HTTPConnection(question.asked, question.port, timeout=seconds)
    context = ssl.create_default_context()
    # Whether clients take the certificate is judged elsewhere; one that a managed host still waits for is none yet.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _NamedConnection(question, seconds, context)


class _NamedConnection(http.client.HTTPSConnection):
    """A connection to an address, for a name."""

    def __init__(self, question: Question, seconds: float, context: ssl.SSLContext) -> None:
        super().__init__(question.asked, question.port, timeout=seconds, context=context)
        self.name, self.tls, self.seconds = question.name, context, seconds

    def connect(self) -> None:
        """Connect, and name the host that is asked for."""
        # Known before it speaks TLS: a handshake can be ended too.
        self.sock = socket.create_connection((self.host, self.port), self.seconds)
        self.sock = self.tls.wrap_socket(self.sock, server_hostname=self.name)
