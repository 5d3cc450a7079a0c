"""A ws:// URL is enough: messages pass both ways, and a connection lives as long as was asked for."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
from containers import Container
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

testinfra_hosts = ["ansible://proxies"]


def open_websocket(
    proxy: Container, host_name: str, path: str
) -> AbstractContextManager[ClientConnection]:
    """Open a WebSocket through the proxy, without pings that would keep it busy."""
    connection = socket.create_connection((proxy.address, 80))
    return connect(f"ws://{host_name}{path}", sock=connection, ping_interval=None)


def say(websocket: Any, message: str) -> dict[str, str]:
    """Send a message and return the origin's answer."""
    websocket.send(message)
    answer: dict[str, str] = json.loads(websocket.recv(timeout=30))
    return answer


@pytest.mark.parametrize(
    ("host_name", "path", "origin_path"),
    [
        pytest.param("chat.example.com", "/ws/room?id=1", "/room?id=1", id="rule"),
        pytest.param("all.example.com", "/room", "/room", id="proxy_to"),
        pytest.param("pool.example.com", "/room", "/room", id="balancer"),
    ],
)
def test_messages_pass_both_ways(
    proxy: Container, host_name: str, path: str, origin_path: str
) -> None:
    with open_websocket(proxy, host_name, path) as websocket:
        for message in ("hello", "x" * 100_000, "ünïcode"):
            answer = say(websocket, message)
            assert (answer["name"], answer["path"]) == ("ws", origin_path)
            assert answer["message"] == message


def test_plain_requests_beside_a_websocket_reach_the_application(proxy: Container) -> None:
    assert proxy.ask("chat.example.com", "/page").echo["name"] == "one"


def test_plain_request_to_a_websocket_path_is_answered_by_its_origin(proxy: Container) -> None:
    assert proxy.ask("chat.example.com", "/ws/").status == 426


@pytest.mark.parametrize(
    ("host_name", "path"),
    [("chat.example.com", "/long/"), ("all.example.com", "/")],
    ids=["worker-timeout", "proxy_timeout"],
)
def test_idle_connection_stays_open_within_the_timeout_asked_for(
    proxy: Container, host_name: str, path: str
) -> None:
    with open_websocket(proxy, host_name, path) as websocket:
        say(websocket, "before")
        time.sleep(8)
        assert say(websocket, "after")["message"] == "after"


def test_idle_connection_is_closed_after_the_timeout_asked_for(proxy: Container) -> None:
    with open_websocket(proxy, "chat.example.com", "/short/") as websocket:
        say(websocket, "before")
        began = time.monotonic()
        with pytest.raises(ConnectionClosed):
            websocket.recv(timeout=30)
        assert 1 < time.monotonic() - began < 10


def test_many_connections_at_once_keep_apart(proxy: Container) -> None:
    def talk(number: int) -> str:
        with open_websocket(proxy, "chat.example.com", f"/ws/{number}") as websocket:
            return say(websocket, f"sleep 0.{number % 5}")["path"]

    with ThreadPoolExecutor(30) as pool:
        assert list(pool.map(talk, range(30))) == [f"/{number}" for number in range(30)]
