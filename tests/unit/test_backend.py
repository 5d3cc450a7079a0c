"""What is told of backends that need no httpd to be asked: names, certificates and files."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from authority import make_root
from cryptography.hazmat.primitives.serialization import Encoding
from module_utils._host.backend import backend
from module_utils._host.backend.backend import reach
from module_utils._host.backend.backend_causes import CAUSES
from module_utils._host.backend.backend_certificate import Certificate, read_certificate
from module_utils._host.backend.backend_query import BackendQuery
from module_utils._host.backend.backend_report import to_plain
from module_utils._host.machine.lock import HostError
from module_utils._httpd.vocabulary.url import parse_url
from pki import make_all

NAMES = [
    ("app.example.com", ("app.example.com",), True),
    ("APP.example.com", ("app.Example.com",), True),
    ("app.example.com", ("*.example.com",), True),
    ("a.app.example.com", ("*.example.com",), False),
    ("example.com", ("*.example.com",), False),
    ("app.example.com", ("*",), False),
    ("other.example.com", ("app.example.com",), False),
    ("app.example.com", (), False),
]


@pytest.mark.parametrize(("name", "names", "expected"), NAMES)
def test_a_certificate_has_a_name(name: str, names: tuple[str, ...], expected: bool) -> None:
    assert Certificate(names=names).has_name(name) is expected


def test_the_common_name_counts_and_an_address_does_not() -> None:
    certificate = Certificate(subject="app.example.com", addresses=("10.0.0.1",))
    assert certificate.has_name("app.example.com")
    assert not certificate.has_name("10.0.0.1")


@pytest.mark.parametrize(
    ("year", "fault"), [(1999, "not_yet_valid"), (2010, ""), (2031, "expired")]
)
def test_a_certificate_holds_for_a_while(year: int, fault: str) -> None:
    first, last, now = (datetime(one, 1, 1, tzinfo=timezone.utc) for one in (2000, 2030, year))
    assert Certificate(not_before=first, not_after=last).fault_at(now) == fault


def test_a_certificate_is_read_as_it_is_shown() -> None:
    root = make_root("Authority")
    pair = root.sign("App.example.com", "10.0.0.1", common_name="app")
    read = read_certificate(pair.certificate.public_bytes(Encoding.DER))
    assert (read.names, read.addresses) == (("app.example.com",), ("10.0.0.1",))
    assert (read.subject, read.issuer) == ("app", "Authority")
    assert read.fault_at(datetime.now(timezone.utc)) == ""


def test_what_reads_certificates_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "HAS_CRYPTOGRAPHY", False)
    with pytest.raises(HostError, match="python3-cryptography"):
        reach(parse_url("https://localhost:1/"), BackendQuery(ca_file="", verify=False))


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Authorities and certificates."""
    directory = tmp_path_factory.mktemp("pki")
    make_all(directory, ("localhost",))
    return directory


def test_files_that_cannot_be_used_are_named(pki: Path) -> None:
    empty, url = pki / "empty.pem", parse_url("https://localhost:1/")
    empty.touch()
    asking = BackendQuery(ca_file=str(pki / "ca.pem"))
    for wrong in (str(empty), "/nowhere.pem"):
        with pytest.raises(HostError, match=wrong):
            reach(url, replace(asking, ca_file=wrong))
        with pytest.raises(HostError, match=wrong):
            reach(url, replace(asking, client_certificate=wrong))


def test_a_socket_that_is_not_there_is_refused(tmp_path: Path) -> None:
    url, asking = (
        parse_url(f"unix:{tmp_path}/app.sock|http://app/"),
        BackendQuery(ca_file="", verify=False),
    )
    assert reach(url, asking).cause == "unreachable"


def test_a_connection_is_all_that_is_asked_of_other_protocols() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = parse_url(f"fcgi://127.0.0.1:{listener.getsockname()[1]}/")
        reached = reach(url, BackendQuery(ca_file="", verify=False))
    assert (reached.cause, reached.status) == ("ok", 0)


def test_a_name_with_a_port_is_asked_for_without_it() -> None:
    asking = BackendQuery(ca_file="", host="shop.example.com:8443")
    url = parse_url("https://app.example.com:444/")
    assert (asking.name(url), asking.host_header(url)) == (
        "shop.example.com",
        "shop.example.com:8443",
    )


def test_an_backends_own_host_has_its_port() -> None:
    asking = BackendQuery(ca_file="")
    hosts = [
        asking.host_header(parse_url(f"https://app.example.com{port}/")) for port in ("", ":444")
    ]
    assert hosts == ["app.example.com", "app.example.com:444"]


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_can_be_told(cause: str) -> None:
    url, asking = parse_url("https://app.example.com/"), BackendQuery(ca_file="/ca.pem")
    told = to_plain(
        replace(
            reach(parse_url("http://localhost:1/"), replace(asking, verify=False)), cause=cause
        ),
        url,
        asking,
    )
    assert told["message"]
    assert bool(told["remedy"]) is (cause != "ok")
