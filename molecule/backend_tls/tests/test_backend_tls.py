"""Good origins answer over TLS, with the name that each must be asked for; each bad one is a 5xx with its cause in the log."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from containers import Container

testinfra_hosts = ["ansible://proxies"]

ORIGIN = "backend-tls-origin"
LOG = "/var/log/apache2/error.log"

# Virtual host and path, the name of the certificate that the origin has, SNI, and Host.
ANSWERED = [
    pytest.param("good", "/", "good", ORIGIN, f"{ORIGIN}:9443", id="by name"),
    pytest.param("balanced", "/", "good", ORIGIN, f"{ORIGIN}:9443", id="through a balancer"),
    pytest.param("shop", "/", "good", "shop.example.com", "shop.example.com", id="kept name"),
    pytest.param("mixed", "/tls/", "good", ORIGIN, f"{ORIGIN}:9443", id="one of two"),
    pytest.param("mixed", "/members/", "good", ORIGIN, f"{ORIGIN}:9443", id="balancer of two"),
    pytest.param("mixed", "/", "one", None, "mixed.example.com", id="in plain"),
    pytest.param("unverified", "/", "self_signed", ORIGIN, f"{ORIGIN}:9444", id="unverified"),
]


@pytest.mark.parametrize(("name", "path", "origin", "sni", "asked"), ANSWERED)
def test_an_origin_is_asked_by_the_name_that_it_has(
    proxy: Container, name: str, path: str, origin: str, sni: str | None, asked: str
) -> None:
    echo = proxy.ask(f"{name}.example.com", path).echo
    assert (echo["name"], echo.get("sni"), echo["headers"]["host"]) == (origin, sni, asked)


@pytest.mark.parametrize("name", ["mutual", "given"])
def test_an_origin_is_shown_the_proxys_certificate(proxy: Container, name: str) -> None:
    echo = proxy.ask(f"{name}.example.com", "/").echo
    assert (echo["name"], echo["client"]) == ("mutual", "proxy")


def test_a_given_key_lies_beside_the_releases_and_is_roots_alone(proxy: Container) -> None:
    places = proxy.run("grep", "-rlE", "PRIVATE KEY", "/etc/apache2/gatehouse").split()
    assert {place.rpartition("/")[0] for place in places} == {"/etc/apache2/gatehouse/blobs"}
    assert {proxy.run("stat", "-c", "%a %U", place).strip() for place in places} == {"600 root"}


def backend_info(host: Any, urls: list[str], **options: str) -> dict[str, Any]:
    """Ask as a playbook would, in check mode."""
    arguments = json.dumps({"urls": urls, "ca_file": "/etc/origins/ca.pem", **options})
    said: dict[str, Any] = host.ansible("gatehouse.apache.backend_info", arguments)
    assert said["changed"] is False
    return said


# Virtual host, what the log says (of TLS 1.3's late refusal, httpd may see the end of the connection first), and what
# backend_info says beforehand: URL's port, its further options, the cause.
FAILING = [
    pytest.param("self-signed", "self-signed certificate", 9444, {}, "self_signed"),
    pytest.param("unknown", "unable to get local issuer", 9445, {}, "unknown_authority"),
    pytest.param("expired", "certificate has expired", 9446, {}, "expired"),
    pytest.param("not-yet-valid", "certificate is not yet valid", 9447, {}, "not_yet_valid"),
    pytest.param("wrong-name", "AH02411", 9448, {}, "wrong_name"),
    pytest.param("anonymous", "AH02268", 9449, {}, "client_certificate"),
    pytest.param(
        "stranger", "alert unknown ca|AH01097", 9449, {"client_certificate": "/etc/origins/stranger.pem"},
        "client_certificate",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words", "port", "options", "cause"), FAILING)
def test_a_bad_origin_is_a_clear_error_that_is_named_beforehand(
    host: Any,
    proxy: Container,
    name: str,
    words: str,
    port: int,
    options: dict[str, str],
    cause: str,
) -> None:
    (said,) = backend_info(host, [f"https://{ORIGIN}:{port}/"], **options)["backends"]
    before = len(proxy.run("cat", LOG).splitlines())
    answer = proxy.ask(f"{name}.example.com", "/")
    logged = "\n".join(proxy.run("cat", LOG).splitlines()[before:])
    assert (said["cause"], said["httpd"]["status"]) == (cause, answer.status)
    assert answer.status in (500, 502)
    assert re.search(words, logged)
    assert [code for code in said["httpd"]["codes"] if code not in logged] == []


def test_good_origins_are_named_too(host: Any) -> None:
    urls = [f"https://{ORIGIN}:9443/", f"http://{ORIGIN}:8081/"]
    said = backend_info(host, urls)
    assert said["reachable"]
    assert [one["status"] for one in said["backends"]] == [200, 200]
    assert said["backends"][0]["tls"]["names"] == [ORIGIN, "shop.example.com"]


def test_a_stopped_origin_is_named(host: Any, proxy: Container) -> None:
    with Container(ORIGIN).stopped("tls-echo@good:9443"):
        (said,) = backend_info(host, [f"https://{ORIGIN}:9443/"])["backends"]
        assert proxy.ask("good.example.com", "/").status == said["httpd"]["status"] == 503
    assert said["cause"] == "refused"
