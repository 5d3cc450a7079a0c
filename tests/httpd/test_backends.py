"""What is said beforehand of a backend, the real httpd answers: its status, and the codes in its log."""

from __future__ import annotations

import contextlib
import re
import socket
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import free_ports, running
from http_echo import Origin
from module_utils._host.backend.backend import reach
from module_utils._host.backend.backend_query import BackendQuery
from module_utils._host.backend.backend_report import to_plain
from module_utils._httpd.vocabulary.url import parse_url
from pki import make_all

MODULES = ("proxy", "proxy_http", "proxy_http2", "http2", "ssl", "socache_shmcb", "setenvif")


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Authorities and certificates for `localhost`."""
    directory = tmp_path_factory.mktemp("pki")
    make_all(directory, ("localhost",))
    return directory


@contextlib.contextmanager
def backend(pki: Path, name: str) -> Iterator[int]:
    """Run a backend with the certificate of that name, none for `plain`; yield its port."""
    (port,) = free_ports(1)
    clients = pki / f"{name}.clients.pem"
    server = Origin(
        name,
        str(port),
        has_sessions=False,
        certificate="" if name == "plain" else str(pki / f"{name}.pem"),
        clients=str(clients) if clients.exists() else "",
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield port
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def answering(reply: bytes | None) -> Iterator[int]:
    """Run a backend that answers each request with these bytes; None answers nothing and stays."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            kept = []
            with contextlib.suppress(OSError):
                while True:
                    connection = listener.accept()[0]
                    connection.recv(9999)
                    if reply is None:
                        kept.append(connection)
                        continue
                    with connection:
                        connection.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def answered(url: str, asking: BackendQuery) -> tuple[int, set[str]]:
    """Ask a real httpd that proxies to the URL; return its answer's status, and the codes in its log."""
    (port,) = free_ports(1)
    certificate = f"SSLProxyMachineCertificateFile {asking.client_certificate}\n"
    text = (
        f"Listen 127.0.0.1:{port}\nSSLProxyEngine On\nSSLProxyVerify {'require' if asking.verify else 'none'}\n"
        f"SSLProxyCACertificateFile {asking.ca_file}\nProxyTimeout {asking.timeout:g}\nLogLevel info\n"
        f"{certificate if asking.client_certificate else ''}"
        f"ProxyPreserveHost {'On' if asking.host else 'Off'}\n"
        f"SSLProxyCheckPeerName {'On' if asking.check_name else 'Off'}\n"
        f"SSLProxyCheckPeerExpire {'On' if asking.check_expire else 'Off'}\nProxyPass / {url}\n"
    )
    with (
        tempfile.NamedTemporaryFile("r") as log,
        running(f"{text}ErrorLog {log.name}\n", *MODULES, port=port) as refusal,
    ):
        assert refusal == "", text
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/", headers={"Host": asking.host or "shop.example.com"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                status = response.status
        except urllib.error.HTTPError as error:
            status = error.code
        return status, set(re.findall(r"AH\d{5}", log.read()))


def require_same(url: str, asking: BackendQuery, cause: str) -> None:
    """Compare what is said beforehand with what httpd does."""
    read = parse_url(url)
    said = to_plain(reach(read, asking), read, asking)
    status, codes = answered(url, asking)
    assert said["cause"] == cause, said
    assert said["httpd"]["status"] == status, (said, codes)
    assert {*said["httpd"]["codes"], *said["httpd"]["codes_at_info"]} <= codes, (said, codes)
    assert said["reachable"] is (cause == "ok")


OF_CERTIFICATES = [
    ("good", "ok"), ("self_signed", "self_signed"), ("unknown", "unknown_authority"), ("expired", "expired"),
    ("not_yet_valid", "not_yet_valid"), ("wrong_name", "wrong_name"), ("mutual", "client_certificate"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "cause"), OF_CERTIFICATES)
def test_a_certificate(pki: Path, name: str, cause: str) -> None:
    with backend(pki, name) as port:
        require_same(f"https://localhost:{port}/", asking(pki), cause)


def asking(pki: Path) -> BackendQuery:
    """Return how backends are asked by default."""
    return BackendQuery(ca_file=str(pki / "ca.pem"), timeout=2)


UNVERIFIED = [
    ("self_signed", "ok"),
    ("unknown", "ok"),
    ("expired", "expired"),
    ("not_yet_valid", "not_yet_valid"),
]


@pytest.mark.parametrize(("name", "cause"), UNVERIFIED)
def test_a_certificate_that_nobody_verifies(pki: Path, name: str, cause: str) -> None:
    with backend(pki, name) as port:
        require_same(f"https://localhost:{port}/", replace(asking(pki), verify=False), cause)


@pytest.mark.parametrize("name", ["expired", "not_yet_valid"])
def test_an_end_that_nobody_looks_at(pki: Path, name: str) -> None:
    unverified = replace(asking(pki), verify=False, check_expire=False)
    with backend(pki, name) as port:
        require_same(f"https://localhost:{port}/", unverified, "ok")


def test_a_wrong_name_that_nobody_verifies(pki: Path) -> None:
    unverified = replace(asking(pki), verify=False)
    with backend(pki, "wrong_name") as port:
        require_same(f"https://localhost:{port}/", unverified, "wrong_name")
        unnamed = replace(unverified, check_name=False)
        require_same(f"https://localhost:{port}/", unnamed, "ok")


@pytest.mark.parametrize(
    ("host", "cause"), [("other.example.com", "ok"), ("x.example.com", "wrong_name")]
)
def test_the_clients_name(pki: Path, host: str, cause: str) -> None:
    with backend(pki, "wrong_name") as port:
        require_same(f"https://localhost:{port}/", replace(asking(pki), host=host), cause)


@pytest.mark.parametrize(("name", "cause"), [("client", "ok"), ("stranger", "client_certificate")])
def test_a_certificate_of_the_proxy(pki: Path, name: str, cause: str) -> None:
    shown = replace(asking(pki), client_certificate=str(pki / f"{name}.pem"))
    with backend(pki, "mutual") as port:
        require_same(f"https://localhost:{port}/", shown, cause)


def test_an_address_is_no_name(pki: Path) -> None:
    with backend(pki, "good") as port:
        require_same(f"https://127.0.0.1:{port}/", asking(pki), "wrong_name")


SCHEMES = [("plain", "https", "plain_on_tls_port"), ("good", "http", "tls_on_plain_port"),
           ("plain", "http", "ok"), ("good", "h2", "no_h2")]  # fmt: skip


@pytest.mark.parametrize(("name", "scheme", "cause"), SCHEMES)
def test_a_scheme(pki: Path, name: str, scheme: str, cause: str) -> None:
    with backend(pki, name) as port:
        require_same(f"{scheme}://localhost:{port}/", asking(pki), cause)


def test_a_port_that_nobody_has(pki: Path) -> None:
    require_same(f"http://localhost:{free_ports(1)[0]}/", asking(pki), "refused")


def test_a_name_that_nobody_has(pki: Path) -> None:
    require_same("http://nobody.invalid/", asking(pki), "dns")


ANSWERS = [(None, "read_timeout"), (b"", "closed"), (b"220 mail ready\r\n", "not_http"),
           (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "ok")]  # fmt: skip


@pytest.mark.parametrize(("reply", "cause"), ANSWERS)
def test_an_answer(pki: Path, reply: bytes | None, cause: str) -> None:
    with answering(reply) as port:
        require_same(f"http://localhost:{port}/", asking(pki), cause)


def test_a_server_that_asks_itself(pki: Path) -> None:
    (port,) = free_ports(1)
    enough = "ThreadsPerChild 16\nMaxRequestWorkers 16\nMaxSpareThreads 16\n"
    text = f"{enough}Listen 127.0.0.1:{port}\nProxyPass / http://127.0.0.1:{port}/\n"
    read, asked = parse_url(f"http://127.0.0.1:{port}/"), asking(pki)
    with running(text, "proxy", "proxy_http", port=port) as refusal:
        assert refusal == ""
        assert to_plain(reach(read, asked), read, asked)["cause"] == "loop"
        # It goes on: the question went round as often as it may.
        assert to_plain(reach(read, asked), read, asked)["cause"] == "loop"
