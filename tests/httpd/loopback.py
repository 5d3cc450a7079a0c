"""Backends on loopback, and a client that asks httpd."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

from http_echo import Origin


@dataclass(frozen=True)
class Answer:
    """What httpd answered."""

    status: int
    headers: Message
    body: str

    @property
    def echo(self) -> dict[str, Any]:
        """What the backend was asked, where it has answered."""
        found: dict[str, Any] = json.loads(self.body)
        return found


def ask(port: int, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask for a path."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """Run a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextlib.contextmanager
def echo(name: str, address: str) -> Iterator[None]:
    """Run a backend that answers with its name."""
    server = Origin(name, address, has_sessions=False, certificate="")
    # It looks for its end so often; by default twice a second.
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
