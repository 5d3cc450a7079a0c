"""What the authority says of a certificate is stapled, and its trouble is nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from containers import Container
from tls import ask

testinfra_hosts = ["ansible://proxies"]
STAPLED = "stapled.example.com"
# Takes connections and never answers.
SILENT = "import signal, socket; s = socket.create_server(('', 2560)); signal.pause()"


@pytest.fixture(scope="module")
def responder(proxy: Container) -> Container:
    """The host of the authority's OCSP responder: the proxy itself, so that no other proxy's tests stop it."""
    return proxy


def stapled(proxy: Container, name: str = STAPLED) -> str:
    """Return what a client that asks for it gets stapled."""
    options = f"-connect {proxy.address}:443 -servername {name} -status"
    return Container("ssl-client").run("sh", "-c", f"openssl s_client {options} </dev/null")


def forget(proxy: Container) -> None:
    """Have httpd forget what it was answered."""
    proxy.run("systemctl", "restart", "apache2")


def test_answer_is_stapled(proxy: Container) -> None:
    answer = stapled(proxy)
    assert "OCSP Response Status: successful" in answer
    assert "Cert Status: good" in answer


def test_nothing_is_stapled_where_nobody_asked_for_it(proxy: Container) -> None:
    assert "OCSP response: no response sent" in stapled(proxy, "files.example.com")


def test_what_was_answered_serves_on_without_the_responder(
    proxy: Container, responder: Container
) -> None:
    assert "Cert Status: good" in stapled(proxy)
    with responder.stopped("ocsp-responder"):
        assert "Cert Status: good" in stapled(proxy)


def test_client_hears_nothing_of_a_responder_that_is_gone(
    proxy: Container, responder: Container
) -> None:
    with responder.stopped("ocsp-responder"):
        forget(proxy)
        assert "OCSP response: no response sent" in stapled(proxy)
        assert ask(proxy, STAPLED).status == 200
    forget(proxy)
    assert "Cert Status: good" in stapled(proxy)


@contextmanager
def silent(responder: Container) -> Iterator[None]:
    """Have a responder that says nothing in the other's place."""
    with responder.stopped("ocsp-responder"):
        responder.run("systemd-run", "--unit=silent", "python3", "-c", SILENT)
        try:
            yield
        finally:
            responder.run("systemctl", "stop", "silent")


def test_silent_responder_keeps_nobody_waiting_for_long(
    proxy: Container, responder: Container
) -> None:
    with silent(responder):
        forget(proxy)
        command = (
            f"timeout 6 openssl s_client -connect {proxy.address}:443 -servername {STAPLED} -status"
        )
        answer = Container("ssl-client").run("sh", "-c", f"{command} </dev/null")
        assert "OCSP response: no response sent" in answer
        assert ask(proxy, STAPLED).status == 200
    forget(proxy)
