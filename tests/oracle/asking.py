"""Requests sent as they are, to the byte, and what came back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backends import MARK, SAID
from module_utils._httpd.resolve.request import Request


@dataclass(frozen=True)
class Answer:
    """What httpd answered; `backend` is the port that the request came out at, 0 where it didn't."""

    status: int
    location: str = ""
    backend: int = 0
    target: str = ""
    seen: dict[str, str] = field(default_factory=dict)


async def ask_all(requests: Sequence[Request], connections: int = 4) -> list[Answer]:
    """Ask every request over several connections; answers come in the requests' order."""
    answers: list[Any] = [None] * len(requests)
    waiting = iter(enumerate(requests))

    async def work() -> None:
        connection: _Connection | None = None
        for index, request in waiting:
            key = (request.address, request.port)
            if connection is None or connection.key != key or connection.is_closed:
                if connection:
                    connection.close()
                connection = await _Connection.open(key)
            answers[index] = await asyncio.wait_for(connection.ask(request), timeout=30)
        if connection:
            connection.close()

    await asyncio.gather(*(work() for _connection in range(connections)))
    return answers


class _Connection:
    """A connection to one address that is kept as long as httpd keeps it."""

    def __init__(
        self, key: tuple[str, int], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.key, self.reader, self.writer, self.is_closed = key, reader, writer, False

    @classmethod
    async def open(cls, key: tuple[str, int]) -> _Connection:
        """Connect."""
        return cls(key, *await asyncio.open_connection(key[0], key[1]))

    def close(self) -> None:
        """Hang up."""
        self.writer.close()

    async def ask(self, request: Request) -> Answer:
        """Send one request, read its answer."""
        headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        text = (
            f"{request.method} {request.target} HTTP/1.1\r\nHost: {request.host}\r\n{headers}\r\n"
        )
        self.writer.write(text.encode("latin-1"))
        try:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (asyncio.IncompleteReadError, ConnectionError):
            self.is_closed = True
            return Answer(0)
        if not head.startswith("HTTP/"):
            self.is_closed = True
            return Answer(0)
        line, *rest = head.rstrip().split("\r\n")
        fields: dict[str, str] = {}
        for name, _colon, value in (written.partition(":") for written in rest):
            before = fields.get(name.lower())
            fields[name.lower()] = f"{before}, {value.strip()}" if before else value.strip()
        status = int(line.split(" ")[1])
        has_body = request.method != "HEAD" and status not in (204, 304)
        body = await self._body(fields) if has_body else b""
        # What the request's body would be never comes.
        has_rest = "content-length" in request.headers
        self.is_closed = has_rest or fields.get("connection", "").lower() == "close"
        backend = int(fields.get(MARK.lower(), "0"))
        try:
            said = json.loads(fields.get(SAID.lower(), body)) if backend else {}
        except ValueError:
            # Too long for a header, and a filter has changed the body.
            return Answer(0)
        return Answer(
            status=status,
            location=fields.get("location", ""),
            backend=backend,
            target=said.get("target", ""),
            seen=said.get("seen", {}),
        )

    async def _body(self, fields: dict[str, str]) -> bytes:
        """Read a body by its length or its chunks."""
        if fields.get("transfer-encoding", "").lower() == "chunked":
            body = b""
            while True:
                size = int(await self.reader.readline(), 16)
                body += await self.reader.readexactly(size + 2)
                if size == 0:
                    return body
        return await self.reader.readexactly(int(fields.get("content-length", "0")))
