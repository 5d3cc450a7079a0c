"""The requests that are asked before and after, and what of an answer must be the same."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# What adoption reports to be otherwise: whose forwarded headers count.
FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip")
# What an origin's own time or process makes.
_RANDOM = re.compile(r"(JSESSIONID=)[0-9a-f]{16}\.node\d")


@dataclass(frozen=True)
class Request:
    """One request; `path` goes out as it stands, whatever HTTP clients think of it."""

    host: str
    path: str
    port: int = 80
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = field(default=())

    def __str__(self) -> str:
        """Say it as in a log."""
        said = " ".join(f"[{name}: {value}]" for name, value in self.headers)
        return f"{self.method} {self.host}:{self.port}{self.path} {said}".rstrip()


def ask(address: str, request: Request) -> dict[str, Any]:
    """Return what must be the same of an answer; TLS, with the host's name as SNI, on ports that end so."""
    connection = http.client.HTTPConnection(address, request.port, timeout=30)
    if request.port % 1000 == 443:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection((address, request.port), timeout=30)
        connection.sock = context.wrap_socket(plain, server_hostname=request.host)
    try:
        connection.request(
            request.method, request.path, headers={"Host": request.host, **dict(request.headers)}
        )
        response = connection.getresponse()
        body = "" if response.status == 101 else response.read().decode("latin-1")
    finally:
        connection.close()
    return _answer(request, response, body)


def _answer(request: Request, response: http.client.HTTPResponse, body: str) -> dict[str, Any]:
    """Keep what doesn't depend on the moment."""
    headers = sorted(
        (name.lower(), _RANDOM.sub(r"\1SESSION.NODE", value))
        for name, value in response.getheaders()
        if name.lower()
        not in ("date", "content-length", "last-modified", "etag", "sec-websocket-accept")
    )
    answer = {"status": response.status, "headers": headers, "body": body}
    if response.headers.get_content_type() == "application/json":
        answer["body"] = _received(json.loads(body), request)
    return answer


def _received(echo: dict[str, Any], request: Request) -> dict[str, Any]:
    """Keep what the origin received, and who it is; of members with sessions, where the request names one."""
    headers = {
        name: value for name, value in echo["headers"].items() if not name.startswith(FORWARDED)
    }
    is_free = echo["name"].startswith("node") and ".node" not in f"{request.headers}{request.path}"
    if is_free and "host" in headers:
        headers["host"] = re.sub(r":809\d$", ":809x", headers["host"])
    name = "any member" if is_free else echo["name"]
    return {"name": name, **{key: echo[key] for key in ("method", "path")}, "headers": headers}


def spelled(prefixes: tuple[str, ...]) -> Iterator[str]:
    """Yield each prefix as clients may spell it."""
    for prefix in prefixes:
        bare = prefix.rstrip("/")
        yield from (bare or "/", f"{bare}/", f"{bare}/a.html?x=1&y=%2F", f"{bare or '/'}x")
        yield f"{bare}/../other"
        yield f"/{bare}//b/./c"
        yield f"{bare[:-1]}%{ord(bare[-1]):02x}/d%20e" if bare else "/d%20e;f=g"
        yield f"{bare}/d%2Fe"


def product(
    hosts: tuple[str, ...], ports: tuple[int, ...], prefixes: tuple[str, ...]
) -> list[Request]:
    """Return the requests for every spelling of every prefix, of every host at every port."""
    return [
        Request(host, path, port)
        for host, port, path in itertools.product(hosts, ports, dict.fromkeys(spelled(prefixes)))
    ]
