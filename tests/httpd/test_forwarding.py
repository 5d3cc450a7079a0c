"""What backends and clients are told of each other, and which answers are httpd's own."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator

import pytest
from conftest import free_ports, refusals, running
from loopback import Answer, ask, echo

MODULES = ("proxy", "proxy_http", "remoteip", "setenvif", "rewrite", "alias")


@contextlib.contextmanager
def proxying(text: str, *modules: str) -> Iterator[int]:
    """Run httpd with a text in which BACKEND is a backend that echoes; yield its port."""
    port, backend = free_ports(2)
    whole = f"Listen 127.0.0.1:{port}\n{text}".replace("BACKEND", f"http://127.0.0.1:{backend}")
    with (
        echo("one", str(backend)),
        running(whole, *MODULES, *modules, port=port) as refusal,
    ):
        assert refusal == ""
        yield port


def asked(text: str, **headers: str) -> Answer:
    """Return the answer to a request for /x with these headers."""
    with proxying(text) as port:
        return ask(port, "/x", {name.replace("_", "-"): value for name, value in headers.items()})


FORGED = {"X_Forwarded_For": "6.6.6.6"}


def test_forwarded_header_of_a_client_is_kept_and_added_to() -> None:
    headers = asked("ProxyPass / BACKEND/", **FORGED, X_Forwarded_Proto="https").echo["headers"]
    assert headers["x-forwarded-for"] == "6.6.6.6, 127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"


def test_scheme_is_never_told_by_httpd() -> None:
    assert "x-forwarded-proto" not in asked("ProxyPass / BACKEND/").echo["headers"]


def test_without_added_headers_a_forged_one_stands_alone() -> None:
    text = "ProxyAddHeaders Off\nProxyPass / BACKEND/"
    assert asked(text, **FORGED).echo["headers"]["x-forwarded-for"] == "6.6.6.6"


REMOTE = "RemoteIPHeader X-Forwarded-For\nRequestHeader set X-Client expr=%{REMOTE_ADDR}\nProxyPass / BACKEND/\n"


def test_remoteip_without_a_list_believes_the_leftmost_address() -> None:
    answer = asked(REMOTE, X_Forwarded_For="6.6.6.6, 7.7.7.7")
    assert answer.echo["headers"]["x-client"] == "6.6.6.6"


def test_remoteip_with_a_list_ends_at_the_first_that_is_not_in_it() -> None:
    answer = asked(f"{REMOTE}RemoteIPInternalProxy 127.0.0.1", X_Forwarded_For="6.6.6.6, 7.7.7.7")
    assert answer.echo["headers"]["x-client"] == "7.7.7.7"


def test_client_can_take_a_header_away_by_connection() -> None:
    text = "RequestHeader set X-Verified yes\nProxyPass / BACKEND/"
    assert asked(text).echo["headers"]["x-verified"] == "yes"
    assert "x-verified" not in asked(text, Connection="X-Verified").echo["headers"]


def test_request_header_that_is_added_follows_the_clients_own() -> None:
    text = "RequestHeader add X-Verified yes\nProxyPass / BACKEND/"
    assert asked(text, X_Verified="no").echo["headers"]["x-verified"] == "no, yes"


HSTS = "Strict-Transport-Security"


@pytest.mark.parametrize(("condition", "count"), [("always", 2), ("onsuccess", 1)])
def test_header_that_is_always_set_stands_beside_the_backends_own(
    condition: str, count: int
) -> None:
    text = f"Header {condition} set {HSTS} max-age=1\nProxyPass / BACKEND/"
    with proxying(text) as port:
        answer = ask(port, "/?strict-transport-security=max-age=2")
    assert len(answer.headers.get_all(HSTS, [])) == count


@pytest.mark.parametrize(("condition", "value"), [("always", "max-age=1"), ("onsuccess", None)])
def test_only_a_header_that_is_always_set_is_in_httpds_own_errors(
    condition: str, value: str | None
) -> None:
    text = f"Header {condition} set {HSTS} max-age=1\nProxyPass /x !\nProxyPass / BACKEND/"
    answer = asked(text)
    assert (answer.status, answer.headers[HSTS]) == (404, value)


DENIED = "ErrorDocument 403 /denied\n<Location /x>\nRequire all denied\n</Location>\n"


def test_error_document_that_is_proxied_turns_a_denial_into_the_backends_answer() -> None:
    answer = asked(f"{DENIED}ProxyPass / BACKEND/")
    assert (answer.status, answer.echo["path"]) == (200, "/denied")


def test_error_document_that_is_not_proxied_leaves_the_denial() -> None:
    assert asked(f"{DENIED}ProxyPass /denied !\nProxyPass / BACKEND/").status == 403


def test_mirror_by_a_rewrite_rule_takes_every_request() -> None:
    with contextlib.ExitStack() as stack:
        mirror, backend, port = free_ports(3)
        stack.enter_context(echo("mirror", str(mirror)))
        stack.enter_context(echo("backend", str(backend)))
        text = f"""
            Listen 127.0.0.1:{port}
            RewriteEngine On
            RewriteRule ^(.*)$ http://127.0.0.1:{mirror}$1 [P,L]
            ProxyPass / http://127.0.0.1:{backend}/
        """
        assert stack.enter_context(running(text, *MODULES, port=port)) == ""
        assert {ask(port, "/x").echo["name"] for _request in range(3)} == {"mirror"}


def test_backend_over_tls_needs_an_engine_that_the_syntax_check_misses() -> None:
    (port,) = free_ports(1)
    text = f"Listen 127.0.0.1:{port}\nProxyPass / https://127.0.0.1:{port}/\nErrorLog "
    with tempfile.NamedTemporaryFile("r") as log:
        assert refusals(text + log.name, *MODULES, "ssl") == ""
        with running(text + log.name, *MODULES, "ssl", port=port) as refusal:
            assert refusal == ""
            assert ask(port, "/").status == 500
        assert "AH01961" in log.read()
