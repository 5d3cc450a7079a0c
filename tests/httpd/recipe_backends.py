"""The backends of a recipe, played on loopback: HTTP, TLS, WebSockets and FastCGI, each of which says who it is and what it was asked."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socketserver
import struct
import threading
from collections.abc import Iterator
from typing import Any

from http_echo import Handler, Origin

_BEGIN, _END, _PARAMETERS, _INPUT, _OUTPUT = 1, 3, 4, 5, 6


class RecipeHandler(Handler):
    """Answers as the tests' origins do, with headers that a recipe has it say; a WebSocket is opened, told the same and closed."""

    server: RecipeOrigin

    def answer(self) -> None:
        """Switch protocols where that is asked."""
        if self.headers.get("Upgrade", "").lower() != "websocket":
            super().answer()
            return
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        content = {"name": self.server.name, "path": self.path, "headers": {}, "is_socket": True}
        self.wfile.write(json.dumps(content).encode() + b"\n")
        self.close_connection = True

    do_GET = do_POST = answer  # noqa: N815 (http.server asks for these names)

    def end_headers(self) -> None:
        """Say what the recipe has the backend say."""
        for name, value in self.server.says:
            self.send_header(name, value)
        super().end_headers()


class RecipeOrigin(Origin):
    """An origin whose answers have further headers."""

    says: tuple[tuple[str, str], ...] = ()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Answer with this module's handler."""
        RecipeHandler(request, client_address, self)


class FastCgiHandler(socketserver.StreamRequestHandler):
    """Answers one request with its script and its headers, as PHP-FPM would name them."""

    server: FastCgi

    def handle(self) -> None:
        """Read the request's records, and answer."""
        parameters = b""
        while True:
            _version, kind, number, length, padding, _reserved = struct.unpack(
                ">BBHHBB", self.rfile.read(8)
            )
            content = self.rfile.read(length + padding)[:length]
            if kind == _PARAMETERS:
                parameters += content
            if kind == _INPUT and not content:
                break
        script = re.sub(r"^proxy:fcgi://[^/]*", "", _pairs(parameters)["SCRIPT_FILENAME"])
        said = json.dumps({"name": self.server.name, "path": script, "headers": {}})
        body = f"Status: 200\r\nContent-Type: application/json\r\n\r\n{said}".encode()
        for kind, content in ((_OUTPUT, body), (_OUTPUT, b""), (_END, bytes(8))):
            self.wfile.write(struct.pack(">BBHHBB", 1, kind, number, len(content), 0, 0) + content)


def _pairs(text: bytes) -> dict[str, str]:
    """Read FastCGI's names and values, each with the length of both before it."""
    found, at = {}, 0
    while at < len(text):
        lengths = []
        for _one in ("name", "value"):
            if text[at] < 128:
                lengths.append(text[at])
                at += 1
            else:
                lengths.append(struct.unpack(">I", text[at : at + 4])[0] & 0x7FFFFFFF)
                at += 4
        name, value = text[at : at + lengths[0]], text[at + lengths[0] : at + sum(lengths)]
        found[name.decode()] = value.decode()
        at += sum(lengths)
    return found


class FastCgi(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A FastCGI application on a socket."""

    daemon_threads = True
    name = ""


@contextlib.contextmanager
def playing(
    name: str, address: str, certificate: str, says: list[tuple[str, str]]
) -> Iterator[None]:
    """Run a backend at a port or socket; it says that it is called `name`, and some headers."""
    server = RecipeOrigin(name, address, has_sessions=False, certificate=certificate)
    server.says = tuple(says)
    with _serving(server):
        yield


@contextlib.contextmanager
def playing_fastcgi(name: str, address: str) -> Iterator[None]:
    """Run a FastCGI application on a socket; it says that it is called `name`."""
    server = FastCgi(address, FastCgiHandler)
    server.name = name
    os.chmod(address, 0o666)
    with _serving(server):
        yield


@contextlib.contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    # It looks for its end so often; by default twice a second.
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
