"""Asks every route of the demo through both proxies, and prints a table of what answered from where."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass

from containers import Answer, ask
from websockets.sync.client import connect

PROXIES = {"demo-proxy1": 8081, "demo-proxy2": 8082}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    proxy: str
    asked: str
    status: str
    answered: str
    browser: str = ""


def main() -> None:
    """Print the table."""
    heading = Row("PROXY", "ASKED", "STATUS", "ANSWERED", "IN A BROWSER")
    rows = [heading, *(row for proxy, port in PROXIES.items() for row in _ask_all(proxy, port))]
    widths = [max(map(len, column)) for column in zip(*map(astuple, rows))]
    print()
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(astuple(row), widths))
        print("  ".join(cells).rstrip())
    print("\n`make demo-down` removes it all.")
    sys.exit(any(row.status >= "500" for row in rows[1:]))


def _ask_all(proxy: str, port: int) -> Iterator[Row]:
    """Yield a row for each route of one proxy."""
    address = ("127.0.0.1", port)

    def row(host: str, path: str, headers: dict[str, str] | None = None) -> tuple[Row, Answer]:
        answer = ask(address, f"{host}:{port}", path, headers=headers)
        browser = "" if headers else f"http://{host}:{port}{path}"
        return Row(proxy, host + path, str(answer.status), _who(answer), browser), answer

    yield row("shop.localhost", "/")[0]
    yield row("shop.localhost", "/old")[0]
    yield row("chat.localhost", "/")[0]
    yield Row(proxy, "ws://chat.localhost/ws/room", "101", _talk(address))
    for host in ("cart.localhost", "news.localhost"):
        first, answer = row(host, "/")
        yield first
        cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        again = row(host, "/again", {"Cookie": cookie})[0]
        yield Row(proxy, f"{host}/again (with its cookie)", again.status, again.answered)
    yield row("unknown.localhost", "/")[0]


def _who(answer: Answer) -> str:
    """Return which origin answered, or what the proxy itself said."""
    if "application/json" in answer.headers.get("Content-Type", ""):
        echo = answer.echo
        visits = f", visit {echo['visits']} of its session" if "visits" in echo else ""
        return f"origin {echo['name']}{visits}"
    if "Location" in answer.headers:
        return f"the proxy: go to {answer.headers['Location']}"
    return f"the proxy: {answer.body.strip()}"


def _talk(address: tuple[str, int]) -> str:
    """Say hello over a WebSocket and return who said it back."""
    stream = socket.create_connection(address)
    with connect("ws://chat.localhost/ws/room", sock=stream) as websocket:
        websocket.send("hello")
        echo = json.loads(websocket.recv(timeout=10))
    return f'origin {echo["name"]}, said "{echo["message"]}" again'


if __name__ == "__main__":
    main()
