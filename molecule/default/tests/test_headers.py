"""Origins and clients see the headers that a reverse proxy owes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from containers import Container

testinfra_hosts = ["ansible://proxies"]

FORGED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Host": "evil.example.com",
    "X-Forwarded-Proto": "https",
    "X-Real-IP": "6.6.6.6",
    "Forwarded": "for=6.6.6.6",
}


def test_origin_sees_host_and_scheme_of_the_client(proxy: Container) -> None:
    headers = proxy.ask("shop.example.com", "/").echo["headers"]
    assert headers["host"] == "shop.example.com"
    assert headers["x-forwarded-host"] == "shop.example.com"
    assert headers["x-forwarded-proto"] == "http"


def test_origin_sees_its_own_host_where_asked_for(proxy: Container) -> None:
    headers = proxy.ask("secure.example.com", "/").echo["headers"]
    assert headers["host"] == "default-origin:8443"


def test_forged_forwarded_headers_are_dropped(proxy: Container) -> None:
    headers = proxy.ask("shop.example.com", "/", headers=FORGED).echo["headers"]
    assert not [name for name, value in headers.items() if "6.6.6.6" in value or "evil" in value]
    assert headers["x-forwarded-proto"] == "http"


def test_forwarded_headers_of_a_trusted_proxy_count(host: Any) -> None:
    forwarded = (
        "-H 'X-Forwarded-For: 203.0.113.9' -H 'X-Forwarded-Proto: https' "
        "-H 'X-Forwarded-Host: front.example.com'"
    )
    asked = host.check_output(f"curl -s {forwarded} -H 'Host: shop.example.com' http://127.0.0.1/")
    headers = json.loads(asked)["headers"]
    assert headers["x-forwarded-for"] == "203.0.113.9"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-host"].startswith("front.example.com")


@pytest.mark.parametrize(
    ("location", "public"),
    [
        ("http://default-origin:8082/app/next", "http://app.example.com/next"),
        ("http://elsewhere.example.com/", "http://elsewhere.example.com/"),
    ],
)
def test_origins_own_address_never_reaches_the_client(
    proxy: Container, location: str, public: str
) -> None:
    answer = proxy.ask("app.example.com", f"/x?status=302&location={location}")
    assert (answer.status, answer.headers["Location"]) == (302, public)


def test_cookies_are_rewritten(proxy: Container) -> None:
    cookie = "id%3D1%3B%20Domain%3Ddefault-origin%3B%20Path%3D/app/"
    answer = proxy.ask("app.example.com", f"/x?set-cookie={cookie}")
    assert answer.headers["Set-Cookie"] == "id=1; Domain=app.example.com; Path=/"


def test_extra_directives_take_effect_in_their_virtual_host(proxy: Container) -> None:
    assert proxy.ask("app.example.com", "/").headers["X-Served-By"] == "gatehouse"
    assert proxy.ask("shop.example.com", "/").headers["X-Served-By"] is None
