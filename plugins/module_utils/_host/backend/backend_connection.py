"""A connection to a backend, and one request over it."""

from __future__ import annotations

import errno
import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..._httpd.vocabulary.reserved_names import NO_LOOP
from ..._httpd.vocabulary.url import Url
from . import backend_tls
from .backend_certificate import Certificate
from .backend_query import TLS_SCHEMES, BackendFailure, BackendQuery, bare

_NO_FAMILY = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ENETUNREACH)
_WEBSOCKET_SCHEMES = frozenset({"ws", "wss"})
_WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "R2F0ZWhvdXNlLW9yaWdpbg==",
}
# What servers answer to plain HTTP at a port of theirs that speaks TLS.
_WANTS_TLS = re.compile(rb"plain HTTP|HTTP request to an HTTPS|HTTPS (port|server)")


# Of mod_proxy's page, where NO_LOOP ended it.
_CAME_ROUND = b"Max-Forwards has reached zero"


@contextmanager
def connected(url: Url, timeout: float) -> Iterator[socket.socket]:
    """Connect to the first address that takes it. Raises Failed."""
    try:
        connection = connect(url, timeout)
    except socket.gaierror as error:
        raise BackendFailure("dns", error.strerror or error) from error
    except socket.timeout as error:
        raise BackendFailure("connect_timeout") from error
    except ConnectionRefusedError as error:
        raise BackendFailure("refused") from error
    except OSError as error:
        raise BackendFailure("unreachable", error.strerror or error) from error
    with connection:
        yield connection


def connect(url: Url, timeout: float) -> socket.socket:
    """Connect to the first address that takes it. Raises OSError, the first address's."""
    if url.socket:
        return _connect(socket.AF_UNIX, url.socket, timeout)
    first: OSError | None = None
    found = socket.getaddrinfo(bare(url), url.effective_port, type=socket.SOCK_STREAM)
    for family, _type, _protocol, _name, address in found:
        try:
            return _connect(family, address, timeout)
        except OSError as error:
            # An address of a family that this host doesn't have says nothing of the backend.
            if first is None or first.errno in _NO_FAMILY:
                first = error
    raise first or OSError("no address")


def _connect(family: int, address: Any, timeout: float) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def speaks_plain(url: Url, timeout: float) -> bool:
    """Tell whether a port that doesn't shake hands answers plain HTTP."""
    try:
        with connected(url, timeout) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return plain.recv(5) == b"HTTP/"
    except (BackendFailure, OSError):
        return False


def ask(connection: socket.socket, url: Url, asking: BackendQuery) -> int:
    """Ask by HTTP; return the status. Raises Failed."""
    asked = http.client.HTTPConnection(url.host, timeout=asking.timeout)
    asked.sock = connection
    headers = {"Host": asking.host_header(url), "User-Agent": "gatehouse backend_info", **NO_LOOP}
    headers.update(_WEBSOCKET if url.scheme in _WEBSOCKET_SCHEMES else {})
    try:
        asked.request("GET", url.path or "/", headers=headers)
        response = asked.getresponse()
        body = response.read(500) if response.status == 400 else b""
    except socket.timeout as error:
        raise BackendFailure("read_timeout") from error
    except ssl.SSLError as error:
        raise BackendFailure(*backend_tls.explain(error)) from error
    except (http.client.RemoteDisconnected, ConnectionError) as error:
        raise BackendFailure(_without_answer(url, asking), "without an answer") from error
    except http.client.HTTPException as error:
        # What TLS says to plain HTTP is no status line either.
        cause = _without_answer(url, asking).replace("closed", "not_http")
        raise BackendFailure(cause, _printable(error)) from error
    except OSError as error:
        raise BackendFailure("closed", error.strerror or error) from error
    if _CAME_ROUND in body:
        raise BackendFailure("loop")
    if url.scheme not in TLS_SCHEMES and _WANTS_TLS.search(body):
        raise BackendFailure("tls_on_plain_port", status=response.status)
    return response.status


def _without_answer(url: Url, asking: BackendQuery) -> str:
    """Tell whether what doesn't answer plain HTTP speaks TLS."""
    if url.scheme in TLS_SCHEMES or url.socket:
        return "closed"
    found = backend_tls.look(lambda: connect(url, asking.timeout), asking.name(url))
    return "closed" if found == Certificate() else "tls_on_plain_port"


def _printable(error: Exception) -> str:
    """Return what was answered, short and without control characters."""
    return re.sub(r"[^ -~]+", "?", str(error))[:80]
