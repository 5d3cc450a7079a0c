"""Clients resume sessions out of the server's memory for as long as is said, and bring no tickets."""

from __future__ import annotations

import socket
import ssl
import time

import pytest
from containers import Container

testinfra_hosts = ["ansible://proxies"]
REMEMBERED, FORGOTTEN = "files.example.com", "forgetful.example.com"


class Client:
    """Connects by one name and version of TLS, resuming its last session."""

    def __init__(self, proxy: Container, name: str, version: ssl.TLSVersion) -> None:
        self.proxy, self.name = proxy, name
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.context.minimum_version = self.context.maximum_version = version
        self.session: ssl.SSLSession | None = None

    def is_resumed(self) -> bool:
        """Ask once; tell whether the session was the last one."""
        with (
            socket.create_connection((self.proxy.address, 443), timeout=30) as plain,
            self.context.wrap_socket(
                plain, server_hostname=self.name, session=self.session
            ) as secured,
        ):
            # With TLS 1.3 a session comes after the handshake, with the first answer.
            secured.sendall(f"GET / HTTP/1.1\r\nHost: {self.name}\r\n\r\n".encode())
            assert secured.recv(100).startswith(b"HTTP/1.1 200 ")
            self.session = secured.session
            return bool(secured.session_reused)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_session_is_resumed_until_it_is_forgotten(
    proxy: Container, version: ssl.TLSVersion
) -> None:
    clients = [Client(proxy, name, version) for name in (REMEMBERED, FORGOTTEN)]
    assert not any(client.is_resumed() for client in clients)
    time.sleep(3)
    assert [client.is_resumed() for client in clients] == [True, False]


def test_client_without_tickets_has_a_session_too(proxy: Container) -> None:
    client = Client(proxy, REMEMBERED, ssl.TLSVersion.TLSv1_2)
    client.is_resumed()
    assert client.session
    assert not client.session.has_ticket
