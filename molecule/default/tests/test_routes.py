"""Every request reaches the origin, file or redirect that the inventory names."""

from __future__ import annotations

from typing import Any

import pytest
from containers import Container

testinfra_hosts = ["ansible://proxies"]


@pytest.mark.parametrize(
    ("host_name", "path", "name", "origin_path"),
    [
        pytest.param("shop.example.com", "/", "one", "/", id="proxy_to"),
        pytest.param("shop.example.com", "/a/b?c=d", "one", "/a/b?c=d", id="path-and-query"),
        pytest.param("app.example.com", "/x", "two", "/app/x", id="prefix"),
        pytest.param("www.app.example.com", "/x", "two", "/app/x", id="alias"),
        pytest.param("eu.app.example.com", "/x", "two", "/app/x", id="wildcard-alias"),
        pytest.param("app.example.com", "/reports/7.pdf", "four", "/render/7", id="match"),
        pytest.param(
            "app.example.com", "/reports/x.pdf", "two", "/app/reports/x.pdf", id="no-match"
        ),
        pytest.param("socket.example.com", "/s", "local", "/s", id="unix-socket"),
        pytest.param("secure.example.com", "/t", "secure", "/t", id="https-origin"),
    ],
)
def test_request_reaches_its_origin(
    proxy: Container, host_name: str, path: str, name: str, origin_path: str
) -> None:
    answer = proxy.ask(host_name, path)
    assert (answer.status, answer.echo["name"], answer.echo["path"]) == (200, name, origin_path)


def test_body_and_method_arrive(proxy: Container) -> None:
    echo = proxy.ask("shop.example.com", "/", method="PUT", body="x" * 100_000).echo
    assert (echo["method"], len(echo["body"])) == ("PUT", 100_000)


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/old/page", 301, "http://app.example.com/new/page"),
        ("/go/there", 302, "https://elsewhere.example.com/there"),
    ],
)
def test_redirect_fires_beside_a_rule_for_everything(
    proxy: Container, path: str, status: int, location: str
) -> None:
    answer = proxy.ask("app.example.com", path)
    assert (answer.status, answer.headers["Location"]) == (status, location)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("/static/logo.txt", "local /srv/app/static/logo.txt\n", id="exclusion"),
        pytest.param("/.well-known/acme-challenge/token", "local /srv/acme/token\n", id="alias"),
    ],
)
def test_local_file_is_served_beside_a_rule_for_everything(
    proxy: Container, path: str, content: str
) -> None:
    assert proxy.ask("app.example.com", path).body == content


def test_unknown_host_is_proxied_nowhere(proxy: Container) -> None:
    answer = proxy.ask("unknown.example.com", "/")
    assert (answer.status, "one" in answer.body) == (404, False)


def test_forward_proxying_is_off(proxy: Container) -> None:
    answer = proxy.ask("default-origin", "http://default-origin:8081/")
    assert answer.status == 404


def test_slow_origin_is_cut_at_the_timeout_asked_for(proxy: Container) -> None:
    assert proxy.ask("app.example.com", "/slow?sleep=3").status in (502, 504)
    assert proxy.ask("app.example.com", "/quick?sleep=2").status == 200


def test_ipv6_address_is_served_and_only_there(host: Any, proxy: Container) -> None:
    asked = host.check_output("curl -sg -H 'Host: ipv6.example.com' 'http://[::1]:8080/six'")
    assert '"path": "/six"' in asked
    assert proxy.ask("ipv6.example.com", "/six").status == 404


def test_logs_go_where_the_inventory_says(host: Any, proxy: Container) -> None:
    proxy.ask("app.example.com", "/logged-here")
    assert '200 "GET /logged-here HTTP/1.1"' in host.file("/var/log/apache2/app.log").content_string
    assert host.file("/var/log/apache2/app-error.log").exists
