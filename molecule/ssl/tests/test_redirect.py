"""Plain HTTP leads to the same over TLS, byte for byte, and browsers are told to remember it once."""

from __future__ import annotations

import pytest
from containers import Container
from tls import ask

testinfra_hosts = ["ansible://proxies"]
FILES = "files.example.com"
TARGETS = [
    "/",
    "/a%2Fb",
    "/a%3Fb",
    "/a%3fb%23c",
    "//",
    "//evil.example.org/%2e%2e/",
    "/a//b",
    "/?a=b?c",
    "/x?a=%26&b=%20+%25",
    "/a%20b%C3%BC",
    "/%25%7B$1",
    "/a;b=c",
    "/*",
]


@pytest.mark.parametrize("target", TARGETS)
def test_path_and_query_are_kept(proxy: Container, target: str) -> None:
    answer = proxy.ask(FILES, target)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{FILES}{target}")


@pytest.mark.parametrize("target", ["/a%2Fb?c=d?e", "//x"])
def test_request_in_absolute_form_keeps_them_too(proxy: Container, target: str) -> None:
    answer = proxy.ask(FILES, f"http://{FILES}{target}")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{FILES}{target}")


def test_absolute_form_without_a_path_leads_to_the_root(proxy: Container) -> None:
    answer = proxy.ask(FILES, f"HTTP://{FILES}?a=b")
    assert answer.status in (301, 400)
    assert answer.headers.get("Location", f"https://{FILES}/").startswith(f"https://{FILES}/")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_every_method_is_redirected(proxy: Container, method: str) -> None:
    answer = proxy.ask(FILES, "/form?a=b", method=method)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{FILES}/form?a=b")


def test_empty_query_leads_to_the_path(proxy: Container) -> None:
    location = proxy.ask(FILES, "/a?").headers["Location"]
    assert location.rstrip("?") == f"https://{FILES}/a"


@pytest.mark.parametrize("name", ["www.files.example.com", "WWW.files.example.com:80"])
def test_alias_keeps_its_name(proxy: Container, name: str) -> None:
    location = proxy.ask(name, "/a").headers["Location"]
    assert location.lower() == "https://www.files.example.com/a"


def test_other_port_is_named(proxy: Container) -> None:
    location = proxy.ask("port.example.com", "/a").headers["Location"]
    assert location == "https://port.example.com:8443/a"


def test_name_in_the_request_never_becomes_the_place(proxy: Container) -> None:
    answer = proxy.ask("nobody.example.com", "/")
    assert (answer.status, answer.headers["Location"]) == (404, None)


EXPECTED = "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize(
    "path", ["/", "/?status=404", "/?status=503", "/?strict-transport-security=max-age%3D1"]
)
def test_hsts_is_said_once(proxy: Container, path: str) -> None:
    answer = ask(proxy, "hsts.example.com", path)
    assert answer.headers.get_all("Strict-Transport-Security") == [EXPECTED]


def test_hsts_is_said_when_the_origin_says_it_on_an_error(proxy: Container) -> None:
    path = "/?status=500&strict-transport-security=max-age%3D1"
    answer = ask(proxy, "hsts.example.com", path)
    assert answer.headers.get_all("Strict-Transport-Security") == [EXPECTED]


def test_hsts_is_not_said_in_plain_nor_where_nobody_asked(proxy: Container) -> None:
    assert proxy.ask("hsts.example.com", "/").headers["Strict-Transport-Security"] is None
    assert ask(proxy, FILES).headers["Strict-Transport-Security"] is None
