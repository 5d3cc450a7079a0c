"""Certificates given as content are judged before any host is touched, each at its place."""

from __future__ import annotations

from typing import Any

import pytest
from authority import NOW, make_root
from module_utils._host.certificates import given_certificates
from module_utils._host.certificates.given_certificates import given_problems
from module_utils._httpd.concerns.inventory import read_inventory
from module_utils._httpd.syntax.problem import Problem

NAME = "shop.example.com"
MIDDLE = make_root().sign(common_name="Middle", is_authority=True)
GOOD = MIDDLE.sign(NAME)
ENDED = MIDDLE.sign(NAME, days=-1, since=60)
PLACE = f"apache_vhosts[0] ({NAME}).ssl"
LOCKED = GOOD.written_key(passphrase=b"open sesame")
BROKEN = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def found(**ssl: Any) -> list[Problem]:
    """Return what is wrong with a virtual host's contents: good ones, but for `ssl`."""
    given = {
        "certificate_content": GOOD.chain,
        "certificate_key_content": GOOD.key_pem,
        **ssl,
    }
    vhost = {"server_name": NAME, "proxy_to": "http://10.0.0.1/", "ssl": given}
    inventory, _problems = read_inventory({"apache_vhosts": [vhost]})
    return list(given_problems(inventory, NOW))


def test_good_contents_are_quiet() -> None:
    assert found() == []
    assert found(verify_client="require", ca_certificate_content=MIDDLE.pem) == []


WRONG = [
    pytest.param(
        {"certificate_content": BROKEN},
        ("certificate-unreadable", "certificate_content", "error"),
        id="garbage",
    ),
    pytest.param(
        {"certificate_content": GOOD.key_pem},
        ("certificate-unreadable", "certificate_content", "error"),
        id="a key for a certificate",
    ),
    pytest.param(
        {"certificate_key_content": LOCKED},
        ("certificate-unreadable", "certificate_key_content", "error"),
        id="a passphrase",
    ),
    pytest.param(
        {"certificate_key_content": GOOD.pem},
        ("certificate-unreadable", "certificate_key_content", "error"),
        id="a certificate for a key",
    ),
    pytest.param(
        {"certificate_key_content": MIDDLE.key_pem},
        ("certificate-order", "certificate_content", "error"),
        id="the authority's key",
    ),
    pytest.param(
        {"certificate_key_content": ENDED.key_pem},
        ("certificate-key-mismatch", "certificate_key_content", "error"),
        id="another key",
    ),
    pytest.param(
        {"certificate_content": ENDED.chain, "certificate_key_content": ENDED.key_pem},
        ("certificate-expired", "certificate_content", "warning"),
        id="ended: the host knows whether it shows it already",
    ),
    pytest.param(
        {"verify_client": "require", "ca_certificate_content": BROKEN},
        ("certificate-unreadable", "ca_certificate_content", "error"),
        id="an authority of clients",
    ),
]


@pytest.mark.parametrize(("ssl", "expected"), WRONG)
def test_mistake_is_told_at_its_place(ssl: dict[str, Any], expected: tuple[str, str, str]) -> None:
    rule, key, severity = expected
    (problem,) = found(**ssl)
    assert (problem.rule, problem.severity) == (rule, severity)
    assert str(problem.place) == f"{PLACE}.{key}"


def test_name_that_a_content_lacks_is_told() -> None:
    other = MIDDLE.sign("other.example.com")
    contents = {
        "certificate_content": other.chain,
        "certificate_key_content": other.key_pem,
    }
    (problem,) = found(**contents)
    assert problem.rule == "certificate-name-missing"
    assert f"certificate_content isn't for {NAME}" in problem.message


def test_end_of_a_chain_is_left_to_the_host_that_knows_its_roots() -> None:
    alone = MIDDLE.sign(NAME, issuer_url="http://authority.example.com/")
    contents = {"certificate_content": alone.pem, "certificate_key_content": alone.key_pem}
    assert found(**contents) == []


def test_authority_of_backends_is_read() -> None:
    vhost = {
        "server_name": NAME,
        "proxy_to": "https://10.0.0.1/",
        "ssl_proxy": {"ca_certificate_content": BROKEN},
    }
    inventory, _problems = read_inventory({"apache_vhosts": [vhost]})
    (problem,) = given_problems(inventory, NOW)
    assert str(problem.place) == f"apache_vhosts[0] ({NAME}).ssl_proxy.ca_certificate_content"


def test_controller_without_the_library_leaves_it_to_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(given_certificates, "HAS_CRYPTOGRAPHY", False)
    assert found(certificate_content=BROKEN) == []


def test_no_message_has_anything_of_a_key() -> None:
    secrets = {line for line in LOCKED.splitlines() if not line.startswith("-----")}
    said = " ".join(map(str, found(certificate_key_content=LOCKED)))
    assert said
    assert not [line for line in secrets if line[:8] in said]


MACHINE = "machine_certificate_content"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(GOOD.chain + GOOD.key_pem, [], id="good"),
        pytest.param(
            GOOD.chain + ENDED.key_pem, [("certificate-key-mismatch", "error")], id="another key"
        ),
        pytest.param(BROKEN + GOOD.key_pem, [("certificate-unreadable", "error")], id="garbage"),
        pytest.param(
            ENDED.chain + ENDED.key_pem, [("certificate-expired", "warning")], id="it ended"
        ),
    ],
)
def test_what_backends_are_shown_is_judged(content: str, expected: list[tuple[str, str]]) -> None:
    vhost = {"server_name": NAME, "proxy_to": "https://a/", "ssl_proxy": {MACHINE: content}}
    inventory, _problems = read_inventory({"apache_vhosts": [vhost]})
    problems = list(given_problems(inventory, NOW))
    assert [(problem.rule, problem.severity) for problem in problems] == expected
    for problem in problems:
        assert str(problem.place).endswith(f"ssl_proxy.{MACHINE}")
        assert GOOD.key_pem[40:80] not in str(problem)
