"""TLS towards backends, as variables ask for it: where it is written, whom it believes, and whose name it asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hosts import Host, parts_of
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.resolve.request import Request
from module_utils._httpd.resolve.resolver import resolve

Plain = dict[str, Any]

BALANCERS = [
    {"name": "tls.app", "members": [{"url": "https://10.0.0.1"}]},
    {"name": "plain", "members": [{"url": "http://10.0.0.1"}]},
    {"name": "both", "members": [{"url": "http://10.0.0.1"}, {"url": "https://10.0.0.2"}]},
]


def compiled(vhost: Plain) -> Any:
    """Compile one virtual host beside the balancers."""
    variables = {
        "apache_vhosts": [{"server_name": "shop.example.com", **vhost}],
        "apache_balancers": BALANCERS,
    }
    found, problems = check_variables(variables, CONCERN_NAMES)
    assert not [problem for problem in problems if problem.severity == "error"]
    return found


def lines(vhost: Plain) -> list[str]:
    """Return what is written into the virtual host of TLS and names, each directive or section a line."""
    (part,) = [part for part in compiled(vhost).parts if part.manifest.concern == "vhosts"]
    (text,) = [text for path, text in part.texts.items() if path.endswith(".conf")]
    wanted = ("SSLProxy", "ProxyPreserveHost", "<ProxyMatch", "LogLevel")
    return [line.strip() for line in text.splitlines() if line.strip().startswith(wanted)]


def to(*urls: str) -> Plain:
    """Write a rule to each of some URLs."""
    return {
        "proxy_pass": [{"path": f"/{number}/", "url": f"{url}/"} for number, url in enumerate(urls)]
    }


DEFAULT = [
    "SSLProxyEngine On",
    "SSLProxyVerify require",
    "SSLProxyCACertificateFile ${GATEHOUSE_CA_FILE}",
    "SSLProxyCheckPeerName On",
    "SSLProxyCheckPeerExpire On",
]


@pytest.mark.parametrize(
    "vhost",
    [
        pytest.param({"proxy_to": "https://app.example.com/"}, id="proxy_to"),
        pytest.param(to("wss://app.example.com"), id="wss"),
        pytest.param(to("h2://app.example.com"), id="h2"),
        pytest.param(to("http://10.0.0.1", "https://app.example.com"), id="one rule of two"),
        pytest.param(to("balancer://tls.app"), id="a balancer's member"),
        pytest.param(to("balancer://TLS.app"), id="a balancer in capitals"),
        pytest.param(to("balancer://both"), id="one member of two"),
    ],
)
def test_https_in_a_url_is_enough(vhost: Plain) -> None:
    assert [line for line in lines(vhost) if line.startswith("SSL")] == DEFAULT


@pytest.mark.parametrize(
    "vhost",
    [
        pytest.param({"proxy_to": "http://app.example.com/"}, id="http"),
        pytest.param(to("balancer://plain"), id="a balancer of plain members"),
        pytest.param({"document_root": "/srv"}, id="no backend"),
        pytest.param({**to("http://10.0.0.1"), "ssl_proxy": {"verify": "none"}}, id="settings"),
    ],
)
def test_no_tls_is_written_where_nothing_is_asked_over_it(vhost: Plain) -> None:
    assert lines(vhost) == ["ProxyPreserveHost On"]


SETTINGS: dict[str, tuple[Plain, list[str]]] = {
    "nobody is verified": (
        {"verify": "none"},
        [
            "SSLProxyEngine On", "SSLProxyVerify none", "SSLProxyCheckPeerName On", "SSLProxyCheckPeerExpire On",
        ],
    ),
    "authorities of one's own take the system's place": (
        {"ca_certificate_file": "/etc/ssl/own ca.pem", "ca_certificate_path": "/etc/ssl/own"},
        [
            "SSLProxyEngine On", "SSLProxyVerify require", 'SSLProxyCACertificateFile "/etc/ssl/own ca.pem"',
            "SSLProxyCACertificatePath /etc/ssl/own", "SSLProxyCheckPeerName On", "SSLProxyCheckPeerExpire On",
        ],
    ),
    "everything": (
        {
            "verify_depth": 2, "ca_certificate_path": "/ca", "ca_revocation_file": "/crl.pem", "ca_revocation_check": "leaf",
            "check_peer_name": False, "check_peer_expire": False, "machine_certificate_file": "/me.pem",
            "protocol": ["TLSv1.2", "TLSv1.3"], "cipher_suite": "HIGH:!aNULL",
        },
        [
            "SSLProxyEngine On", "SSLProxyVerify require", "SSLProxyVerifyDepth 2", "SSLProxyCACertificatePath /ca",
            "SSLProxyCARevocationCheck leaf", "SSLProxyCARevocationFile /crl.pem", "SSLProxyCheckPeerName Off",
            "SSLProxyCheckPeerExpire Off", "SSLProxyProtocol -all +TLSv1.2 +TLSv1.3", "SSLProxyCipherSuite HIGH:!aNULL",
            "SSLProxyMachineCertificateFile /me.pem",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "expected"), SETTINGS.values(), ids=SETTINGS)
def test_settings_are_written(settings: Plain, expected: list[str]) -> None:
    written = lines({"proxy_to": "https://app.example.com/", "ssl_proxy": settings})
    assert [line for line in written if line.startswith("SSL")] == expected


LEVELS: dict[str, tuple[Plain, list[str]]] = {
    "by itself": ({}, ["LogLevel ssl:info"]),
    "behind the virtual host's own level": ({"log_level": "error"}, ["LogLevel error", "LogLevel ssl:info"]),
    "by a level that tells it anyway": ({"log_level": "debug"}, ["LogLevel debug"]),
    "not at all": ({"ssl_proxy": {"log_failures": False}}, []),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "expected"), LEVELS.values(), ids=LEVELS)
def test_why_a_handshake_fails_is_logged(settings: Plain, expected: list[str]) -> None:
    written = lines({"proxy_to": "https://app.example.com/", **settings})
    assert [line for line in written if line.startswith("LogLevel")] == expected


PEM = "-----BEGIN {0}-----\nAAAA\n-----END {0}-----\n"
CERTIFICATE, KEY = PEM.format("CERTIFICATE"), PEM.format("PRIVATE KEY")


def test_contents_lie_in_the_release_and_beside_releases() -> None:
    settings = {
        "ca_certificate_content": CERTIFICATE,
        "machine_certificate_content": CERTIFICATE + KEY,
    }
    vhost = {"proxy_to": "https://app.example.com/", "ssl_proxy": settings}
    (part,) = [part for part in compiled(vhost).parts if part.manifest.concern == "vhosts"]
    ((path, digest),) = zip(
        [path for path, text in part.texts.items() if text == CERTIFICATE], part.blobs
    )
    assert [line for line in lines(vhost) if "Certificate" in line] == [
        f"SSLProxyCACertificateFile ${{GATEHOUSE_RELEASE}}/{path}",
        f"SSLProxyMachineCertificateFile ${{GATEHOUSE_BLOBS}}/{digest}",
    ]
    assert not [path for path, text in part.texts.items() if "PRIVATE" in text]


CONTENTS = [
    pytest.param({"machine_certificate_content": CERTIFICATE + KEY}, [], id="both"),
    pytest.param({"machine_certificate_content": KEY}, ["machine-certificate-missing"], id="key"),
    pytest.param(
        {"machine_certificate_content": CERTIFICATE}, ["machine-key-missing"], id="certificate"
    ),
    pytest.param(
        {"machine_certificate_content": CERTIFICATE + PEM.format("ENCRYPTED PRIVATE KEY")},
        ["machine-key-encrypted"],
        id="a passphrase",
    ),
    pytest.param(
        {"ca_certificate_file": "/ca.pem", "ca_certificate_content": CERTIFICATE},
        ["two-certificates"],
        id="two of one kind",
    ),
]


@pytest.mark.parametrize(("settings", "expected"), CONTENTS)
def test_contents_that_cannot_be_used_are_refused(settings: Plain, expected: list[str]) -> None:
    vhost = {
        "server_name": "shop.example.com",
        "proxy_to": "https://app.example.com/",
        "ssl_proxy": settings,
    }
    problems = check_variables({"apache_vhosts": [vhost]}, CONCERN_NAMES)[1]
    assert [problem.rule for problem in problems if problem.severity == "error"] == expected
    assert not [problem for problem in problems if "AAAA" in problem.message]


OVER_TLS = "<ProxyMatch ^(https|wss|h2)://>"
NAMES: dict[str, tuple[Plain, list[str]]] = {
    "the client's for plain backends": (to("http://a", "balancer://plain"), ["ProxyPreserveHost On"]),
    "their own for backends of TLS": (to("https://a", "wss://a", "balancer://both"), ["ProxyPreserveHost Off"]),
    "each as it must": (
        to("https://a", "http://a"),
        ["ProxyPreserveHost On", OVER_TLS, "ProxyPreserveHost Off"],
    ),
    "each as it must, through balancers": (
        to("balancer://tls.app", "balancer://both", "balancer://plain"),
        [
            "ProxyPreserveHost On", OVER_TLS, "ProxyPreserveHost Off",
            '<ProxyMatch ^balancer://(tls[.]app|both)(/|$)>', "ProxyPreserveHost Off",
        ],
    ),
    "the client's because it is asked for": (
        {**to("https://a", "http://a"), "proxy_preserve_host": True}, ["ProxyPreserveHost On"],
    ),
    "their own because it is asked for": (
        {**to("https://a", "http://a"), "proxy_preserve_host": False}, ["ProxyPreserveHost Off"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("vhost", "expected"), NAMES.values(), ids=NAMES)
def test_backends_are_asked_for(vhost: Plain, expected: list[str]) -> None:
    written = lines(vhost)
    assert [line for line in written if not line.startswith(("SSL", "LogLevel"))] == expected


@pytest.mark.parametrize(
    ("path", "host"),
    [
        pytest.param("/0/x", "app.example.com", id="over TLS"),
        pytest.param("/1/x", "shop.example.com", id="in plain"),
        pytest.param("/2/x", "10.0.0.1", id="a member over TLS"),
        pytest.param("/3/x", "shop.example.com", id="a member in plain"),
    ],
)
def test_the_host_that_an_backend_will_see_is_told(path: str, host: str) -> None:
    rules = to("https://app.example.com", "http://a", "balancer://tls.app", "balancer://plain")
    decision = resolve(view(compiled(rules).whole_tree), Request(path, host="shop.example.com"))
    assert decision.headers["Host"] == host


def test_the_systems_authorities_are_defined(tmp_path: Path) -> None:
    frame = (
        Host(tmp_path).draft(parts_of({"server_name": "a", "proxy_to": "https://b"})).release.frame
    )
    assert "Define GATEHOUSE_CA_FILE /etc/ssl/certs/ca-certificates.crt\n" in frame
