"""Origins that speak HTTP/2 themselves, with TLS and without, alone and in a balancer."""

from __future__ import annotations

import pytest
from conftest import Client
from containers import Container

testinfra_hosts = ["ansible://proxies"]


@pytest.mark.parametrize(
    ("path", "spoken"),
    [
        pytest.param("/gallery/picture-1.svg", "HTTP/1.1", id="http"),
        pytest.param("/over-h2c/gallery/picture-1.svg", "HTTP/2.0", id="h2c"),
        pytest.param("/over-h2/gallery/picture-1.svg", "HTTP/2.0", id="h2"),
        pytest.param("/pool/gallery/picture-1.svg", "HTTP/2.0", id="balancer"),
    ],
)
@pytest.mark.parametrize("option", ["--http2", "--http1.1"])
def test_origin_is_asked_by_its_urls_protocol(
    proxy: Container, client: Client, path: str, spoken: str, option: str
) -> None:
    reply = client.curl(f"https://{proxy.name}{path}", option)
    assert (reply.status, reply.headers["x-spoken"]) == (200, spoken)
    assert reply.body.startswith("<svg")


def test_a_session_stays_with_its_http2_member(proxy: Container, client: Client) -> None:
    url = f"https://{proxy.name}/pool/gallery/picture-1.svg"
    first = client.curl(url)
    cookie = first.headers["set-cookie"].partition(";")[0]
    ports = {client.curl(url, "-H", f"Cookie: {cookie}").headers["x-port"] for _time in range(6)}
    assert ports == {first.headers["x-port"]}


def test_both_http2_members_are_asked(proxy: Container, client: Client) -> None:
    url = f"https://{proxy.name}/pool/gallery/picture-1.svg"
    assert {client.curl(url).headers["x-port"] for _time in range(8)} == {"8085", "8086"}


def test_many_requests_pass_to_an_http2_origin(proxy: Container, client: Client) -> None:
    url = f"https://{proxy.name}/over-h2/gallery/picture-1.svg"
    said = client.container.run("h2load", "-n", "500", "-c", "4", "-m", "25", url)
    assert "500 2xx, 0 3xx, 0 4xx, 0 5xx" in said
