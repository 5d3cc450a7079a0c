"""What a host serves: backends that are asked at once and not for long, and certificates that end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from authority import make_root
from hosts import Host, parts_of, vhost
from module_utils._host.commit.outcome import Outcome
from module_utils._host.commit.transaction import explain, refuse_loops
from module_utils._host.deployment import backend_round
from module_utils._host.deployment.backend_round import ask_all
from module_utils._host.deployment.deployed_state import (
    deployed_state,
    read_server,
    server_within,
    state_of,
)
from module_utils._host.store.release import Release
from module_utils._httpd.deployment.deployed_host import host_from_plain
from module_utils._httpd.deployment.host_words import host_words
from module_utils._httpd.deployment.serving import Backend
from module_utils._httpd.vocabulary.layout import DEBIAN

NOW = datetime.now(timezone.utc)


class Origin(BaseHTTPRequestHandler):
    """Answers each path that is a number with that status, and counts who asks."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append((self.path, self.headers["Host"]))
        self.send_response(int(self.path.strip("/") or 200))
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """One that lets all connect at once: who finds the queue full comes again after a second."""

    request_queue_size = 128


@pytest.fixture
def origin() -> Iterator[int]:
    """The port of an origin."""
    Origin.asked.clear()
    server = Server(("127.0.0.1", 0), Origin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_backend_answers_with_its_status(origin: int) -> None:
    (answer,) = ask_all(
        [Backend(f"http://127.0.0.1:{origin}/404", host="shop.example.com")], DEBIAN
    )
    assert (answer["status"], answer["message"], answer["clients_get"]) == (404, "", 0)
    assert Origin.asked == [("/404", "shop.example.com")]


def test_a_backend_that_refuses_is_told_with_what_clients_get() -> None:
    with silent_port() as port:
        pass
    (answer,) = ask_all([Backend(f"http://127.0.0.1:{port}/")], DEBIAN)
    assert answer["message"] == f"127.0.0.1:{port} refuses the connection"
    assert answer["clients_get"] == 503


def test_more_backends_than_threads_are_all_asked_in_order(origin: int) -> None:
    numbers = range(backend_round.AT_ONCE + 20)
    backends = [Backend(f"http://127.0.0.1:{origin}/{200 + number}") for number in numbers]
    assert [one["status"] for one in ask_all(backends, DEBIAN, patience=60)] == [
        200 + one for one in numbers
    ]


def test_no_silence_lasts_longer_than_the_patience_for_all(origin: int) -> None:
    with silent_port() as port:
        silent = [Backend(f"http://127.0.0.1:{port}/{number}") for number in range(100)]
        began = time.monotonic()
        answers = ask_all([Backend(f"http://127.0.0.1:{origin}/"), *silent], DEBIAN, patience=0.5)
    assert time.monotonic() - began < 1.5
    assert answers[0]["status"] == 200
    assert {answer["message"] for answer in answers[1:]} == {"no answer within 0.5 s"}


@pytest.mark.parametrize(
    "backend",
    [
        pytest.param(Backend("https://127.0.0.1:1/", ca_file="/nowhere.pem", verify=True), id="CA"),
        pytest.param(Backend("https://127.0.0.1:1/", client_certificate="/nowhere"), id="key"),
    ],
)
def test_what_cant_be_asked_says_why(backend: Backend) -> None:
    (answer,) = ask_all([backend], DEBIAN)
    assert answer["message"].startswith("not asked: /nowhere")


def test_a_host_without_a_release_serves_nothing(tmp_path: Path) -> None:
    assert deployed_state(Host(tmp_path).layout, NOW) == {
        "release": "", "previous": "", "differs_by": "", "sites": (), "backends": [], "certificates": [], "is_stopped": True,
        "warning": "",
    }  # fmt: skip


def committed(tmp_path: Path, *vhosts: dict[str, Any]) -> Host:
    """A host that serves these virtual hosts."""
    host = Host(tmp_path)
    host.make(host.draft(parts_of(*vhosts)))
    return host


def test_a_host_tells_of_the_release_that_was_proved(tmp_path: Path, origin: int) -> None:
    host = committed(tmp_path, vhost(proxy_to=f"http://127.0.0.1:{origin}/201/"))
    found = deployed_state(host.layout, NOW)
    assert found["release"] == host.store.proved
    assert [site["names"] for site in found["sites"]] == [("shop.example.com",)]
    assert [backend["status"] for backend in found["backends"]] == [201]


def test_a_commit_that_is_open_leaves_unknown_which_release_serves(tmp_path: Path) -> None:
    host = committed(tmp_path, vhost())
    assert deployed_state(host.layout, NOW)["warning"] == ""
    Path(host.store.journal).write_text("{}")
    found = deployed_state(host.layout, NOW)
    assert found["warning"].startswith("a commit is open: it is under way, or was cut off")
    told = host_from_plain({**found, "failure": "x", "told": ["look at this"]})
    assert told.is_unsettled
    assert told.warnings == (found["warning"], "look at this")


def test_of_a_server_that_is_stopped_clients_get_nothing(tmp_path: Path) -> None:
    host = committed(tmp_path, vhost(proxy_to="http://127.0.0.1:1"))
    found = deployed_state(host.layout, NOW)
    assert found["is_stopped"]
    assert found["backends"][0]["clients_get"] == 503
    (answer,) = host_from_plain(found).answers
    assert answer.words == "127.0.0.1:1 refuses the connection"


def test_a_backend_that_leads_back_fails_the_run() -> None:
    loop = {"message": "10.0.0.1:80 leads back to itself", "is_loop": True}
    outcome = Outcome(deployed={"backends": [{"message": "silent", "is_loop": False}, loop]})
    refuse_loops(outcome)
    assert outcome.failure == loop["message"]


def test_figures_that_follow_from_the_host_are_explained_where_they_change(tmp_path: Path) -> None:
    host = Host(tmp_path)
    draft = host.draft(parts_of(vhost(), apache_mpm_event={}))
    for proved, is_told in ((Release("", "", ()), True), (draft.release, False)):
        outcome = Outcome(changed=True, deployed={"release": draft.release.digest})
        explain(draft, proved, outcome)
        told = host_from_plain({**deployed_state(host.layout, NOW), **outcome.deployed})
        assert (host_words("a", told, command="x")[1:2] != []) is is_told
        assert (
            any(
                note.startswith("MPM: ") and "requests at once: 512 a core" in note
                for note in told.notes
            )
            is is_told
        )
    unchanged = Outcome()
    explain(draft, Release("", "", ()), unchanged)
    assert unchanged.deployed == {}


def test_a_rollback_goes_to_the_release_before(tmp_path: Path) -> None:
    host = committed(tmp_path, vhost(proxy_to="http://127.0.0.1:1"))
    first = host.store.proved
    host.make(host.draft(parts_of(vhost(proxy_to="http://127.0.0.1:2"))))
    assert deployed_state(host.layout, NOW)["previous"] == first


def test_a_release_that_differs_by_a_file_of_the_hosts_has_no_way_back(tmp_path: Path) -> None:
    file = tmp_path / "t.pem"
    file.write_text("one")
    tls = vhost(ssl={"certificate_file": str(file)}, proxy_to="http://127.0.0.1:1")
    host = committed(tmp_path, tls)
    first = host.store.proved
    file.write_text("two")
    host.make(host.draft(parts_of(tls)))
    found = deployed_state(host.layout, NOW)
    assert found["previous"] == first
    assert found["differs_by"] == f"{first} differs only by {file}, which is the host's own"
    # What somebody goes forward to again is another one.
    host.make(host.draft(parts_of(vhost(proxy_to="http://127.0.0.1:2"))))
    release = host.store.read(host.store.proved)
    server = read_server(release, host.store)
    assert state_of(release, server, host.store, host.layout, NOW, left=first)["differs_by"] == ""


def test_a_dry_run_asks_what_it_would_serve(tmp_path: Path, origin: int) -> None:
    host = committed(tmp_path, vhost(proxy_to=f"http://127.0.0.1:{origin}/201/"))
    draft = host.draft(parts_of(vhost(proxy_to=f"http://127.0.0.1:{origin}/202/")))
    server = server_within(draft.after.server, draft.release, host.store)
    assert server.vhosts == read_server(draft.release, host.store).vhosts
    found = state_of(draft.release, server, host.store, host.layout, NOW)
    assert [one["status"] for one in found["backends"]] == [202]


def test_certificates_tell_when_they_end_the_first_before_all_others(tmp_path: Path) -> None:
    root = make_root("Authority")
    hosts = []
    for name, days in (("late.example.com", 80), ("soon.example.com", 5)):
        pair = root.sign(name, days=days)
        (tmp_path / f"{name}.pem").write_text(pair.pem)
        ssl = {"certificate_file": str(tmp_path / f"{name}.pem")}
        hosts.append(vhost(server_name=name, ssl=ssl, proxy_to="http://127.0.0.1:1"))
    gone = {"certificate_file": str(tmp_path / "gone.pem")}
    hosts.append(vhost(server_name="gone.example.com", ssl=gone, proxy_to="http://127.0.0.1:1"))
    found = deployed_state(committed(tmp_path, *hosts).layout, NOW)["certificates"]
    assert [(one["names"][0], one["ends"]) for one in found] == [
        ("gone.example.com", ""),
        ("soon.example.com", (NOW + timedelta(days=5)).date().isoformat()),
        ("late.example.com", (NOW + timedelta(days=80)).date().isoformat()),
    ]
