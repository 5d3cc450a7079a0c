"""HTTP/2 over TLS: requests at once, limits, and HTTP/1.1 for who wants it."""

from __future__ import annotations

import re

import pytest
from conftest import Client
from containers import Container

testinfra_hosts = ["ansible://proxies"]


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_http2_is_spoken_over_tls(proxy: Container, client: Client, version: str) -> None:
    """The hosts' Apache ran without mod_http2: one that a reload alone brought in dies of TLS 1.2."""
    reply = client.curl(f"https://{proxy.name}/", "--tls-max", version)
    assert (reply.version, reply.status) == ("2", 200)
    assert "exit signal" not in proxy.run("cat", "/var/log/apache2/error.log")


@pytest.mark.parametrize("option", ["--http1.1", "--no-alpn"])
def test_a_client_without_http2_gets_http1(proxy: Container, client: Client, option: str) -> None:
    reply = client.curl(f"https://{proxy.name}/", option)
    assert (reply.version, reply.status) == ("1.1", 200)


def test_settings_are_those_asked_for(proxy: Container, client: Client) -> None:
    said = client.container.run("nghttp", "-nvy", f"https://{proxy.name}/")
    settings = said[said.index("recv SETTINGS") :].partition("send SETTINGS")[0]
    assert "SETTINGS_MAX_CONCURRENT_STREAMS(0x03):50" in settings
    assert "SETTINGS_ENABLE_CONNECT_PROTOCOL(0x08):1" in settings


def test_slow_requests_of_one_connection_are_answered_at_once(
    proxy: Container, client: Client
) -> None:
    """Twenty requests of a second each, in one connection, take far less than twenty seconds."""
    url = f"https://{proxy.name}/?sleep=1"
    said = client.container.run("h2load", "-n", "20", "-c", "1", "-m", "20", url)
    assert "Application protocol: h2" in said
    assert "20 succeeded, 0 failed" in said
    finished = re.search(r"^finished in ([\d.]+)(m?s)", said, re.MULTILINE)
    assert finished
    assert finished[2] == "s"
    assert 1 <= float(finished[1]) < 8


def test_many_requests_are_all_answered(proxy: Container, client: Client) -> None:
    url = f"https://{proxy.name}/x"
    said = client.container.run("h2load", "-n", "2000", "-c", "10", "-m", "50", url)
    assert "2000 succeeded, 0 failed, 0 errored, 0 timeout" in said
    assert "2000 2xx, 0 3xx, 0 4xx, 0 5xx" in said


@pytest.mark.parametrize(
    ("length", "over_http2", "over_http1"),
    [(8000, 200, 200), (9000, 431, 400)],
    ids=["allowed", "too-large"],
)
def test_large_request_header(
    proxy: Container, client: Client, length: int, over_http2: int, over_http1: int
) -> None:
    header = ("-H", f"X-Large: {'x' * length}")
    assert client.curl(f"https://{proxy.name}/", *header).status == over_http2
    assert client.curl(f"https://{proxy.name}/", "--http1.1", *header).status == over_http1


def test_large_answers_headers_pass_up_to_the_limit(proxy: Container, client: Client) -> None:
    """70 kB are more than httpd's own limit, 140 kB more than the one asked for."""
    reply = client.curl(f"https://{proxy.name}/gallery-headers/large")
    assert (reply.version, reply.status) == ("2", 200)
    assert sum(map(len, reply.headers.values())) > 70_000
    too_large = client.curl(f"https://{proxy.name}/gallery-headers/too-large")
    assert (too_large.version, too_large.status) == ("0", 0)
    assert client.curl(f"https://{proxy.name}/gallery-headers/too-large", "--http1.1").status == 200


def test_large_body_arrives_whole(proxy: Container, client: Client) -> None:
    client.container.run("sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x >/tmp/body")
    reply = client.curl(f"https://{proxy.name}/", "--data-binary", "@/tmp/body")
    assert (reply.version, reply.status) == ("2", 200)
    assert reply.body.count("x") > 5_000_000 - 1


@pytest.mark.parametrize("option", ["--http2", "--http2-prior-knowledge"])
def test_http2_without_tls_only_where_asked_for(
    proxy: Container, client: Client, option: str
) -> None:
    reply = client.curl(f"http://{proxy.name}:8080/", option, "-H", "Host: plain.example.com")
    if proxy.name == "http2-debian13":
        assert (reply.version, reply.status) == ("2", 200)
    elif option == "--http2":
        assert (reply.version, reply.status) == ("1.1", 200)
    else:
        assert (reply.version, reply.status) == ("0", 0)
