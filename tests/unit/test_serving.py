"""What a release serves, read from the release's own files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from module_utils._httpd.deployment.serving import (
    Backend,
    Route,
    ServedSite,
    Serving,
    read_release,
    serving_from_plain,
    serving_of,
)

GOLDEN = Path(__file__).parent / "golden"
WRITTEN = "<VirtualHost *:80>\nServerName a.example.com\nProxyPreserveHost {preserve}\n{rules}</VirtualHost>\n"


def serving_of_text(rules: str, *, preserve: str = "Off") -> Serving:
    """Return what a release of one virtual host serves."""
    texts = {"a.conf": WRITTEN.format(rules=rules, preserve=preserve)}
    frame = "Define GATEHOUSE_RELEASE /release\nInclude ${GATEHOUSE_RELEASE}/a.conf\n"
    return serving_of(read_release(frame, texts, directory="/release"))


def golden(name: str) -> Serving:
    """Return what a golden release serves."""
    root = GOLDEN / name / "release"
    texts = {str(path.relative_to(root)): path.read_text() for path in root.rglob("*.conf")}
    return serving_of(read_release(texts["gatehouse.conf"], texts, directory="/release"))


def test_paths_lead_to_members_of_balancers() -> None:
    serving = golden("small")
    shop, app = serving.sites
    assert shop == ServedSite(("shop.example.com",), ("*:80",), (Route("/", 0),))
    assert [serving.backends[route.backend].url for route in app.routes] == [
        "ws://10.0.0.5:6001/", "http://10.0.0.2:8080", "http://10.0.0.3:8080",
    ]  # fmt: skip
    assert [route.balancer for route in app.routes] == ["", "app", "app"]


def test_a_redirecting_twin_is_no_virtual_host_of_its_own() -> None:
    files = {site.names[0]: site for site in golden("tls").sites}["files.example.com"]
    assert (files.addresses, files.redirecting) == (("*:9443",), ("*:80",))


def test_gatehouses_own_virtual_hosts_serve_nobody() -> None:
    assert not [site for site in golden("tls").sites if site.names[0].endswith(".invalid")]


def test_a_backend_stands_there_once_whoever_asks_it() -> None:
    serving = golden("tls")
    assert len(serving.sites) == 4
    assert [backend.url for backend in serving.backends] == ["http://10.0.0.1:8080/"]


def test_a_backend_over_tls_is_asked_as_the_virtual_host_says() -> None:
    (asked,) = (one for one in golden("everything").backends if one.url.startswith("https:"))
    assert asked == Backend(
        "https://tls.example.com/",
        ca_file="/etc/ssl/backends.pem",
        client_certificate="/etc/ssl/private/proxy.pem",
        verify=True,
    )


@pytest.mark.parametrize(
    ("rules", "preserve", "host"),
    [
        pytest.param("ProxyPass / http://b:1/\n", "On", "a.example.com", id="plain, passed on"),
        pytest.param("ProxyPass / http://b:1/\n", "Off", "", id="plain"),
        pytest.param("ProxyPass / https://b:1/\n", "On", "a.example.com", id="TLS, passed on"),
        pytest.param(
            '<ProxyMatch "^(https|wss|h2)://">\nProxyPreserveHost Off\n</ProxyMatch>\n'
            "ProxyPass / https://b:1/\n",
            "On",
            "",
            id="TLS, of plain ones only",
        ),
    ],
)
def test_whose_name_a_backend_is_asked_for(rules: str, preserve: str, host: str) -> None:
    (backend,) = serving_of_text(rules, preserve=preserve).backends
    assert backend.host == host


@pytest.mark.parametrize(
    ("rule", "urls"),
    [
        pytest.param('ProxyPassMatch "^/(.*)$" "http://b:1/x/$1"\n', ["http://b:1"], id="path"),
        pytest.param('ProxyPassMatch "^/(.*)$" "http://$1.example.com/"\n', [], id="host"),
        pytest.param('ProxyPassMatch "^/(.*)$" "http://b$1/"\n', [], id="end of the host"),
        pytest.param('ProxyPassMatch "^/(.*)$" "http://b:1$1"\n', [], id="glued to the port"),
        pytest.param("ProxyPass /x !\n", [], id="an exclusion"),
        pytest.param("ProxyPass / balancer://none/\n", [], id="a balancer without members"),
    ],
)
def test_only_known_servers_are_asked(rule: str, urls: list[str]) -> None:
    assert [backend.url for backend in serving_of_text(rule).backends] == urls


def test_plain_data_come_back() -> None:
    serving = golden("everything")
    assert serving_from_plain(json.loads(json.dumps(serving.to_plain()))) == serving
