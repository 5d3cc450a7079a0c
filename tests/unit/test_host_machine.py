"""What the machine itself is asked: sockets, processes, locks, answers. All of them are real here."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from module_utils._host.asking import expects
from module_utils._host.asking.expects import ask
from module_utils._host.asking.proved_digest import digest_at
from module_utils._host.draft.ports import open_port_problems
from module_utils._host.lacks.taken_ports import taken_problems
from module_utils._host.machine import processes
from module_utils._host.machine.files import private_directory
from module_utils._host.machine.lock import HostError, locked
from module_utils._host.swap.proof import stranger_at
from module_utils._httpd.reading.server import Server
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.manifest import ExpectEntry
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.tree import Place
from module_utils._httpd.vocabulary.address import Address, parse_address


@pytest.fixture
def taken() -> Iterator[Address]:
    """An address on which this process listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield Address("127.0.0.1", listener.getsockname()[1])


def server(text: str) -> Server:
    """Return the server that a configuration makes."""
    return view(parse_tree(text, "x.conf")[0])


def is_ours(_place: Place) -> bool:
    """Tell whether a release has it; nothing here is."""
    return False


def test_a_listening_socket_is_seen_with_its_holder(taken: Address) -> None:
    (found,) = [each for each in processes.listening() if each.address == taken]
    assert processes.holders({found.inode}) == {found.inode: os.getpid()}


def test_a_socket_of_ipv6_is_read_as_httpd_writes_it() -> None:
    with socket.socket(socket.AF_INET6) as listener:
        listener.bind(("::1", 0))
        listener.listen()
        address = parse_address(f"[::1]:{listener.getsockname()[1]}")
        assert address in {each.address for each in processes.listening()}


def test_children_are_known_with_their_start() -> None:
    pid = os.fork()
    if pid == 0:
        signal.pause()
    try:
        assert processes.children(os.getpid())[pid] > 0
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@pytest.mark.parametrize("listen", ["127.0.0.1:{}", "{}", "0.0.0.0:{}"])
def test_a_port_that_another_process_holds_is_refused_with_its_name(
    taken: Address, listen: str
) -> None:
    after = server(f"Listen {listen.format(taken.port)}\n")
    (problem,) = taken_problems(server(""), after, unit_pid=0, is_ours=is_ours)
    assert f"(process {os.getpid()}) listens on {taken}" in problem.message
    assert str(problem.place) == "x.conf:1"


def test_a_port_of_another_address_is_free(taken: Address) -> None:
    after = server(f"Listen 127.0.0.2:{taken.port}\n")
    assert taken_problems(server(""), after, unit_pid=0, is_ours=is_ours) == ()


def test_the_live_servers_own_port_is_not_taken(taken: Address) -> None:
    after = server(f"Listen {taken}\n")
    assert taken_problems(server(""), after, unit_pid=os.getpid(), is_ours=is_ours) == ()


def test_a_second_commit_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    path = str(tmp_path / "run/lock")
    with locked(path), pytest.raises(HostError, match="another commit has held"), locked(
        path, patience=0.2
    ):  # fmt: skip
        pass
    with locked(path, patience=0):
        pass


class Site(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        """Redirect /old, answer the rest."""
        self.send_response({"/old": 302, "/unread": 400}.get(self.path, 200))
        if self.headers["X-Gatehouse-Ask"] == "/releases/x":
            self.send_header("X-Gatehouse-Vhost", self.headers["Host"])
        if self.path == "/old":
            self.send_header("Location", "http://shop.example.com/new")
        text = f"gatehouse {self.headers['Host']}".encode()
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a site that answers."""
    with HTTPServer(("127.0.0.1", 0), Site) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.01,))
        thread.start()
        yield site.server_port
        site.shutdown()
        thread.join()


ANSWERS = [
    pytest.param("GET /", 200, "", "", id="as expected"),
    pytest.param("GET /", 404, "", "status 200, not 404", id="another status"),
    pytest.param("GET /old", None, "/new", "", id="redirect by path"),
    pytest.param("GET /old", None, "http://shop.example.com/new", "", id="redirect by URL"),
    pytest.param(
        "GET /old", None, "/other", "redirect to http://shop.example.com/new, not /other", id="elsewhere"
    ),
    pytest.param("GET /", None, "/new", "redirect to nowhere, not /new", id="no redirect"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "status", "redirect", "failure"), ANSWERS)
def test_a_live_expectation_says_how_the_answer_differs(
    port: int, request_: str, status: int | None, redirect: str, failure: str
) -> None:
    entry = ExpectEntry("x", "shop.example.com", f"*:{port}", request_, status, redirect)
    assert [answer.failure for answer in ask((entry,), "/releases/x")] == [failure]


@pytest.mark.parametrize(
    ("vhost", "release", "request_", "status", "failure"),
    [
        pytest.param("shop.example.com", "/releases/x", "GET /", 200, "", id="its own"),
        pytest.param("www.example.com", "/releases/x", "GET /", 200, "status 200 of another", id="another virtual host"),
        pytest.param("shop.example.com", "/releases/y", "GET /", 200, "status 200 of another", id="another release"),
        pytest.param("shop.example.com", "/releases/y", "GET /unread", 400, "", id="before it is known whose"),
        pytest.param("", "/releases/y", "GET /", 200, "", id="an older version's"),
    ],
)  # fmt: skip
def test_a_live_expectation_recognises_whose_answer_it_got(
    port: int, vhost: str, release: str, request_: str, status: int, failure: str
) -> None:
    entry = ExpectEntry("x", "shop.example.com", f"*:{port}", request_, status, "", vhost=vhost)
    (answer,) = ask((entry,), release)
    assert answer.failure.startswith(failure)
    assert bool(answer.failure) is bool(failure)


def test_no_answer_is_a_failure() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        # Bound, but nobody listens.
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        entry = ExpectEntry("x", "h", address, "GET /", 200, "", {"Accept": "*/*"})
        # A commit compares what failed before with what fails after, in sets.
        assert len({entry, replace(entry)}) == 1
        assert "no answer" in ask((entry,), "/releases/x")[0].failure


def test_the_digest_is_what_the_proof_port_answers(port: int) -> None:
    assert digest_at(port) == f"127.0.0.1:{port}"


def test_live_request_is_written_as_a_client_writes_it(port: int) -> None:
    entry = ExpectEntry(
        "x", "shop.example.com", f"*:{port}", "GET /ü?q=€", 200, "", {"X-Town": "Łódź"}
    )
    assert [answer.failure for answer in ask((entry,), "/releases/x")] == [""]


@pytest.fixture
def trickle() -> Iterator[int]:
    """The port of a server whose head never ends: a line every tenth of a second."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip() -> None:
            listener.settimeout(30)
            connection, _address = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.1):
                    connection.sendall(b"X-More: 1\r\n")

        thread = threading.Thread(target=drip)
        thread.start()
        yield listener.getsockname()[1]
        stop.set()
        thread.join()


def test_answer_that_never_ends_is_none(trickle: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expects, "TIMEOUT", 1.0)
    entry = ExpectEntry("x", "shop.example.com", f"*:{trickle}", "GET /", 200, "")
    assert [answer.failure for answer in ask((entry,), "/releases/x")] == [
        "no answer (nothing within 1 s)"
    ]


def test_stranger_on_the_proof_port_has_a_name(port: int) -> None:
    assert stranger_at(port, os.getpid()) == ""
    pid = os.fork()
    if pid == 0:
        signal.pause()
    try:
        # A child that was forked while it listened has the socket too; a process of another kind has none of it.
        assert stranger_at(port, pid) == ""
        found = stranger_at(port, os.getppid())
        assert any(f"(process {holder})" in found for holder in (pid, os.getpid()))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_private_directory_is_taken_back_from_everybody(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    directory.mkdir(mode=0o777)
    directory.chmod(0o777)
    assert private_directory(str(directory)) == str(directory)
    assert directory.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("first", "is_open"), [("1024\n", False), ("0\n", True), ("897\n", True), ("", False)]
)
def test_port_that_anybody_may_open_is_told(tmp_path: Path, first: str, is_open: bool) -> None:
    setting = tmp_path / "ip_unprivileged_port_start"
    setting.write_text(first)
    assert bool(open_port_problems(897, path=str(setting))) is is_open
    assert open_port_problems(897, path=str(tmp_path / "none")) == ()
