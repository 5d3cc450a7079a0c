"""Asks a server over HTTP under any host name, each request on a connection of its own."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

import docker


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: str

    @property
    def echo(self) -> dict[str, Any]:
        """What the origin says that it received (molecule/shared/origins/http_echo.py)."""
        received: dict[str, Any] = json.loads(self.body)
        return received

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the answer sets, without their attributes."""
        pairs = (text.partition(";")[0] for text in self.headers.get_all("Set-Cookie", []))
        return dict(pair.split("=", 1) for pair in pairs)


def ask(
    address: tuple[str, int],
    host: str,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> Answer:
    """Ask for `path` of `host`; raises OSError where nothing answers."""
    connection = http.client.HTTPConnection(*address, timeout=30)
    try:
        connection.request(method, path, body=body, headers={"Host": host, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
    finally:
        connection.close()


@dataclass(frozen=True)
class Container:
    """A container of the tests, by name."""

    name: str
    address: str = field(init=False)

    def __post_init__(self) -> None:
        """Look its address up."""
        container = docker.from_env().containers.get(self.name)
        networks = container.attrs["NetworkSettings"]["Networks"]
        object.__setattr__(self, "address", networks["gatehouse"]["IPAddress"])

    def ask(self, host: str, path: str, *, port: int = 80, **request: Any) -> Answer:
        """Ask this container; see `ask`."""
        return ask((self.address, port), host, path, **request)

    @contextmanager
    def stopped(self, *services: str) -> Iterator[None]:
        """Stop services for a while: their ports refuse connections."""
        self.run("systemctl", "stop", *services)
        try:
            yield
        finally:
            self.run("systemctl", "start", *services)

    def run(self, *command: str) -> str:
        """Run a command inside and return what it prints; raises CalledProcessError where it fails."""
        argv = ("docker", "exec", self.name, *command)
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout
