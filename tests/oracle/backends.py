"""Backends that say what they were asked: asyncio servers on loopback, in a thread of their own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator

MARK = "X-Oracle-Backend"
SAID = "X-Said"  # what the backend got, as JSON
LONGEST_HEADER = 7000


class _Echo(asyncio.Protocol):
    """Answers each request with its line and its headers as they came."""

    def __init__(self, port: int) -> None:
        self.port, self.received = port, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request; none of them has a body."""
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _blank, self.received = self.received.partition(b"\r\n\r\n")
            line, *headers = head.decode("latin-1").split("\r\n")
            seen: dict[str, str] = {}
            for name, _colon, value in (header.partition(":") for header in headers):
                before = seen.get(name.lower())
                seen[name.lower()] = f"{before}, {value.strip()}" if before else value.strip()
            said = {
                "port": self.port,
                "target": line.split(" ", 1)[1].rpartition(" ")[0],
                "seen": seen,
            }
            body = json.dumps(said)
            lines = ["HTTP/1.1 200 OK", f"{MARK}: {self.port}", f"Content-Length: {len(body)}"]
            if len(body) < LONGEST_HEADER:
                # A filter may change the body, and HEAD has none.
                lines.append(f"{SAID}: {body}")
            sent = "" if line.startswith("HEAD ") else body
            answer = "\r\n".join((*lines, "", sent))
            self.transport.write(answer.encode())  # type: ignore[attr-defined]


@contextlib.contextmanager
def backends(count: int) -> Iterator[list[int]]:
    """Yield the ports of so many backends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers = []
    for _number in range(count):
        started = asyncio.run_coroutine_threadsafe(_start(), loop)
        servers.append(started.result(timeout=10))
    try:
        yield [server.sockets[0].getsockname()[1] for server in servers]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)


async def _start() -> asyncio.Server:
    """Start one on a free port."""
    loop = asyncio.get_running_loop()
    protocols: list[int] = []
    server = await loop.create_server(lambda: _Echo(protocols[0]), "127.0.0.1", 0)
    protocols.append(server.sockets[0].getsockname()[1])
    return server
