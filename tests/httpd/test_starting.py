"""What httpd starts with, and what its syntax check and its exit status don't tell of that."""

from __future__ import annotations

import http.client
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import BINARY, free_ports, refusals, running, whole_configuration

BALANCER = (
    'ProxyPass / balancer://b/\n<Proxy "balancer://b">\nBalancerMember http://127.0.0.1:9\n</Proxy>'
)
PROXY = ("proxy", "proxy_http", "proxy_balancer")
TLS = ("ssl", "socache_shmcb")


@pytest.fixture(scope="module")
def another_key(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A key that no certificate here belongs to."""
    file = tmp_path_factory.mktemp("key") / "another.pem"
    words = ["openssl", "genpkey", "-algorithm", "RSA", "-out", str(file)]
    subprocess.run(words, check=True, capture_output=True)
    return str(file)


def requires_more_than_syntax(text: str, *modules: str, code: str) -> None:
    """Show that `httpd -t` passes a text that httpd doesn't start with, for which it logs a code."""
    (port,) = free_ports(1)
    whole = f"Listen 127.0.0.1:{port}\n{text}"
    assert refusals(whole, *modules) == ""
    with running(whole, *modules, port=port) as refusal:
        assert code in refusal


def test_syntax_check_passes_a_balancer_without_its_shared_memory() -> None:
    requires_more_than_syntax(BALANCER, *PROXY, "lbmethod_byrequests", code="AH01177")


def test_syntax_check_passes_a_log_that_is_a_directory(tmp_path: Path) -> None:
    requires_more_than_syntax(
        f"<VirtualHost *:80>\nErrorLog {tmp_path}\n</VirtualHost>", code="AH00091"
    )


def test_syntax_check_passes_an_address_that_the_host_does_not_have() -> None:
    requires_more_than_syntax("Listen 192.0.2.1:8085", code="AH00072")


def test_syntax_check_passes_a_balancer_without_its_method() -> None:
    requires_more_than_syntax(BALANCER, *PROXY, "slotmem_shm", code="AH02432")


def test_balancer_starts_with_shared_memory_and_method() -> None:
    (port,) = free_ports(1)
    modules = (*PROXY, "slotmem_shm", "lbmethod_byrequests")
    with running(f"Listen 127.0.0.1:{port}\n{BALANCER}", *modules, port=port) as refusal:
        assert refusal == ""


def test_syntax_check_passes_a_redirect_of_which_children_die() -> None:
    (port,) = free_ports(1)
    for words, is_alive in (("gone /x", True), ("gone", False), ("410", False)):
        text = f"Listen 127.0.0.1:{port}\nRedirect {words}"
        assert refusals(text, "alias") == ""
        with running(text, "alias", port=port) as refusal:
            assert refusal == ""
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            if is_alive:
                client.request("GET", "/x")
                assert client.getresponse().status == http.HTTPStatus.GONE
                continue
            client.request("GET", "/")
            with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
                client.getresponse()


@pytest.mark.parametrize(
    ("main", "own", "is_alive"),
    [("", "failonstatus=503", False), ("failonstatus=500", "failonstatus=503", True), ("failonstatus=503", "", True)],
)  # fmt: skip
def test_httpd_dies_of_what_one_balancer_of_two_has(
    main: str, own: str, tmp_path: Path, *, is_alive: bool
) -> None:
    text = '<Proxy "balancer://b">\nBalancerMember http://127.0.0.1:9\n{}\n</Proxy>'
    balancers = [text.format(f"ProxySet {words}" if words else "") for words in (main, own)]
    whole = "{}\n<VirtualHost *:9>\n{}\n</VirtualHost>".format(*balancers)
    file = tmp_path / "httpd.conf"
    modules = (*PROXY, "slotmem_shm", "lbmethod_byrequests")
    file.write_text(whole_configuration(tmp_path, whole, *modules))
    done = subprocess.run([BINARY, "-t", "-f", str(file)], capture_output=True, check=False)
    assert done.returncode == (0 if is_alive else -signal.SIGSEGV)
    assert is_alive or done.stderr == b""


def test_syntax_check_passes_tls_without_a_certificate() -> None:
    requires_more_than_syntax("SSLEngine on", *TLS, code="AH02572")


def test_syntax_check_passes_a_key_of_another_certificate(
    pems: dict[str, str], another_key: str
) -> None:
    text = f"SSLEngine on\nSSLCertificateFile {pems['certificate']}\nSSLCertificateKeyFile {another_key}"
    requires_more_than_syntax(text, *TLS, code="AH02565")


def test_syntax_check_passes_a_port_that_another_process_holds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        text = f"Listen 127.0.0.1:{holder.getsockname()[1]}"
        requires_more_than_syntax(text, code="AH00072")


def test_optional_include_of_nothing_is_no_mistake_and_a_strict_one_is() -> None:
    assert refusals("Listen 127.0.0.1:9\nIncludeOptional /nowhere/site.conf") == ""
    assert "/nowhere/site.conf" in refusals("Listen 127.0.0.1:9\nInclude /nowhere/site.conf")


def test_variable_that_nobody_defines_stays_as_it_is_written() -> None:
    (port,) = free_ports(1)
    text = f"Listen 127.0.0.1:{port}\nHeader always set X-Value ${{NOBODY_DEFINES_IT}}"
    assert refusals(text) == ""
    with running(text, port=port) as refusal:
        assert refusal == ""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().headers["X-Value"] == "${NOBODY_DEFINES_IT}"


DEADLY = {
    "another MPM": ("mpm_event", "mpm_worker"),
    "an overlapping Listen": ("Listen 127.0.0.1:", "Listen "),
    "a key of another certificate": ("key.pem", "another.pem"),
}


@pytest.mark.parametrize(("before", "after"), DEADLY.values(), ids=DEADLY)
def test_graceful_reload_succeeds_and_the_server_ends(
    server: Server, before: str, after: str
) -> None:
    assert server.reload(before, after) == 0
    assert server.process.wait(20) != 0


def test_graceful_reload_of_what_is_right_has_new_children(server: Server) -> None:
    former = server.children
    assert server.reload("MinSpareThreads 1", "MinSpareThreads 2") == 0
    wait_until(lambda: server.children and not former & server.children)
    assert server.process.poll() is None


@dataclass(frozen=True)
class Server:
    """A server that runs, and its file."""

    process: subprocess.Popen[bytes]
    configuration: Path

    @property
    def children(self) -> frozenset[str]:
        """Its children now."""
        file = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return frozenset(file.read_text().split())

    def reload(self, before: str, after: str) -> int:
        """Write something else in a word's place, and return the exit status of a graceful reload."""
        text = self.configuration.read_text()
        assert before in text
        self.configuration.write_text(text.replace(before, after))
        command = [BINARY, "-f", str(self.configuration), "-k", "graceful"]
        return subprocess.run(command, check=False).returncode


@pytest.fixture
def server(tmp_path: Path, pems: dict[str, str], another_key: str) -> Iterator[Server]:
    """A server that has made its children."""
    for file in (pems["key"], another_key):
        shutil.copy(file, tmp_path)
    (port,) = free_ports(1)
    text = f"""
        Listen 127.0.0.1:{port}
        SSLEngine on
        SSLCertificateFile {pems["certificate"]}
        SSLCertificateKeyFile {tmp_path}/key.pem
    """
    configuration = tmp_path / "httpd.conf"
    configuration.write_text(whole_configuration(tmp_path, text, *TLS))
    command = [BINARY, "-f", str(configuration), "-DFOREGROUND"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        found = Server(process, configuration)
        try:
            wait_until(lambda: (tmp_path / "pid").exists() and found.children)
            yield found
        finally:
            process.kill()


def wait_until(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
