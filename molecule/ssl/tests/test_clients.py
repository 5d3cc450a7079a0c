"""Clients' certificates open what they should, and nothing that a client says of itself reaches an origin."""

from __future__ import annotations

import ssl

import pytest
from containers import Container
from tls import ask, connected

testinfra_hosts = ["ansible://proxies"]
MEMBERS, VISITORS = "members.example.com", "visitors.example.com"
STAFF = "staff.example.com"
FORGED = "/CN=root"


def test_member_is_known_to_the_origin(proxy: Container) -> None:
    headers = ask(proxy, MEMBERS, client="alice").echo["headers"]
    assert headers["x-ssl-client-verify"] == "SUCCESS"
    assert headers["x-ssl-client-s-dn"] == "CN=alice"
    assert headers["x-ssl-client-i-dn"] == "CN=Gatehouse clients"
    assert int(headers["x-ssl-client-serial"], 16)


@pytest.mark.parametrize("client", ["", "stranger"])
def test_nobody_else_gets_in(proxy: Container, client: str) -> None:
    # With TLS 1.3 the client hears of it on its first read.
    with pytest.raises((ssl.SSLError, ConnectionError)):
        ask(proxy, MEMBERS, client=client)


def test_client_whose_certificate_was_taken_back_gets_in_nowhere_that_knows(
    proxy: Container,
) -> None:
    assert ask(proxy, MEMBERS, client="mallory").status == 200
    with pytest.raises((ssl.SSLError, ConnectionError)):
        ask(proxy, STAFF, client="mallory")
    assert ask(proxy, STAFF, client="alice").status == 200


def test_visitor_without_a_certificate_gets_in_but_not_everywhere(proxy: Container) -> None:
    answer = ask(proxy, VISITORS)
    assert answer.status == 200
    assert answer.echo["headers"]["x-ssl-client-verify"] == "NONE"
    assert not answer.echo["headers"].get("x-ssl-client-s-dn")
    for path in ("/members", "/members/x", "/x/../members/", "//members", "/%6dembers"):
        assert ask(proxy, VISITORS, path).status == 403, path


def test_visitor_with_a_certificate_gets_everywhere(proxy: Container) -> None:
    answer = ask(proxy, VISITORS, "/members/x", client="alice")
    assert (answer.status, answer.echo["headers"]["x-ssl-client-s-dn"]) == (200, "CN=alice")


NAMES = [
    "X-SSL-Client-S-DN",
    "x-ssl-client-s-dn",
    "X-SSL-Client-Verify",
    "X-SSL-Client-I-DN",
    "X-SSL-Client-Serial",
    "X_SSL_Client_S_DN",
    "X-SSL_Client-S-DN",
    "X_SSL-Client-S-DN",
    "X-SSL-Client_S-DN",
    "X-SSL-Client-S_DN",
    "X_SSL_CLIENT_VERIFY",
    "X-SSL-Client_Verify",
]


def test_forged_headers_never_reach_the_origin(proxy: Container) -> None:
    for name in NAMES:
        answer = ask(proxy, VISITORS, headers={name: FORGED})
        assert answer.status in (200, 400), name
        assert FORGED not in answer.body, name


@pytest.mark.parametrize("name", NAMES)
def test_forged_headers_stop_where_no_client_is_asked_too(proxy: Container, name: str) -> None:
    answer = ask(proxy, "files.example.com", headers={name: FORGED})
    assert answer.status == (400 if "_" in name else 200)
    assert FORGED not in answer.body


def test_member_cannot_be_another(proxy: Container) -> None:
    for name in NAMES:
        answer = ask(proxy, MEMBERS, client="alice", headers={name: FORGED})
        assert answer.status in (200, 400), name
        assert FORGED not in answer.body, name


def test_headers_that_look_alike_are_left_alone(proxy: Container) -> None:
    headers = {"X-SSL-Custom": "a", "X-Client-S_DN": "b"}
    assert ask(proxy, VISITORS, headers=headers).echo["headers"].items() >= {
        ("x-ssl-custom", "a"),
        ("x-client-s_dn", "b"),
    }


@pytest.mark.parametrize("sni", ["files.example.com", "self.example.com", VISITORS, None])
def test_connection_of_another_name_does_not_let_in(proxy: Container, sni: str | None) -> None:
    with connected(proxy, sni) as connection:
        answer = connection.ask(MEMBERS)
    assert answer.status in (400, 403, 421)
    assert "headers" not in answer.body


def test_connection_of_another_name_with_a_certificate_does_not_open_a_path(
    proxy: Container,
) -> None:
    with connected(proxy, "files.example.com", client="alice") as connection:
        assert connection.ask(VISITORS, "/members/").status in (400, 403, 421)
