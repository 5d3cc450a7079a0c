"""What must hold between the keys about TLS, and what may."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables

FILES = {"certificate_file": "/c.pem", "certificate_key_file": "/c.key"}
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nsecret-of-the-key\n-----END PRIVATE KEY-----\n"
AGREED = {"apache_acme": {"terms_agreed": True}}


def problems(*vhosts: dict[str, Any], **variables: Any) -> list[Any]:
    """Return what is wrong with virtual hosts that proxy somewhere."""
    hosts = [
        {"server_name": f"h{number}.example.com", "proxy_to": "http://10.0.0.1:8080", **vhost}
        for number, vhost in enumerate(vhosts)
    ]
    return list(check_variables({"apache_vhosts": hosts, **variables}, CONCERN_NAMES)[1])


WRONG = [
    pytest.param({}, "certificate-undefined", "ssl", id="no certificate"),
    pytest.param("nothing", "variable", ".ssl", id="an unknown word"),
    pytest.param({**FILES, "profile": "strong"}, "variable", "profile", id="an unknown profile"),
    pytest.param(
        {**FILES, "certificate": "self_signed"}, "two-certificates", "certificate_file", id="two"
    ),
    pytest.param(
        {"certificate": "self_signed", "certificate_key_file": "/k"},
        "key-without-certificate",
        "certificate_key_file",
        id="a key alone",
    ),
    pytest.param(
        {"certificate_content": CERTIFICATE},
        "certificate-without-key",
        "certificate_content",
        id="content without its key",
    ),
    pytest.param({"certificate_content": "MII"}, "variable", "certificate_content", id="no PEM"),
    pytest.param("managed", "acme-terms", "ssl", id="terms"),
    pytest.param(
        {**FILES, "cipher_suite": "TLS_AES_128_GCM_SHA256"},
        "ciphers-unknown",
        ".cipher_suite",
        id="ciphers of TLS 1.3",
    ),
    pytest.param(
        {**FILES, "cipher_suite_tls13": "FOO"},
        "ciphers-unknown",
        "cipher_suite_tls13",
        id="no ciphers of TLS 1.3",
    ),
    pytest.param(
        {**FILES, "verify_depth": 1}, "verify-client-missing", "verify_depth", id="nobody asked"
    ),
    pytest.param(
        {**FILES, "verify_client": "require"},
        "client-authority-missing",
        "verify_client",
        id="no authority",
    ),
    pytest.param(
        {
            **FILES,
            "verify_client": "optional",
            "ca_certificate_file": "/ca.pem",
            "ca_certificate_content": CERTIFICATE,
        },
        "two-authorities",
        "ca_certificate_content",
        id="two authorities",
    ),
    pytest.param(
        {
            **FILES,
            "verify_client": "require",
            "ca_certificate_file": "/ca.pem",
            "verify_client_paths": ["/a"],
        },
        "verify-client-everywhere",
        "verify_client_paths",
        id="paths of all",
    ),
]


@pytest.mark.parametrize(("ssl", "rule", "key"), WRONG)
def test_mistake_is_told_with_its_place(ssl: Any, rule: str, key: str) -> None:
    found = [problem for problem in problems({"ssl": ssl}) if problem.severity == "error"]
    assert [problem.rule for problem in found] == [rule]
    assert str(found[0].place).endswith(key)


RIGHT = [
    pytest.param("self_signed", id="a word"),
    pytest.param(FILES, id="files"),
    pytest.param({"certificate_file": "/both.pem"}, id="one file of both"),
    pytest.param(
        {"certificate_content": CERTIFICATE, "certificate_key_content": KEY}, id="contents"
    ),
    pytest.param(
        {
            **FILES,
            "verify_client": "optional",
            "verify_client_paths": ["/a"],
            "ca_certificate_file": "/ca.pem",
            "verify_depth": 0,
        },
        id="clients' certificates",
    ),
]


@pytest.mark.parametrize("ssl", RIGHT)
def test_what_fits_together_is_no_error(ssl: Any) -> None:
    assert not [problem for problem in problems({"ssl": ssl}) if problem.severity == "error"]


def test_managed_names_need_no_dns_and_a_port_that_the_authority_asks() -> None:
    aliased = {"ssl": "managed", "server_aliases": ["*.example.com"]}
    elsewhere = {"ssl": {"certificate": "managed", "redirect_from": []}, "listen": [8443]}
    assert [one.rule for one in problems(aliased, **AGREED)] == ["acme-wildcard"]
    assert [one.rule for one in problems(elsewhere, **AGREED)] == ["acme-unreachable"]
    assert problems({"ssl": "managed"}, **AGREED) == []


@pytest.mark.parametrize(
    ("name", "is_signed"),
    [
        ("shop.local", False),
        ("shop.home.arpa", False),
        ("SHOP.Internal", False),
        ("a.test", False),
        ("shop", False),
        ("10.0.0.1", False),
        ("local.example.com", True),
        ("shop.localist.com", True),
    ],
)
def test_a_public_authority_signs_public_names(name: str, is_signed: bool) -> None:
    vhost = {"ssl": "managed", "server_name": name}
    rules = [] if is_signed else ["acme-private-name"]
    assert [one.rule for one in problems(vhost, **AGREED)] == rules
    alias = {"ssl": "managed", "server_aliases": [name]}
    assert [one.rule for one in problems(alias, **AGREED)] == rules
    own = {**AGREED["apache_acme"], "directory_url": "https://ca.internal/acme/directory"}
    assert problems(vhost, apache_acme=own) == []


def test_ciphers_of_tls13_are_none_towards_backends() -> None:
    vhost = {"ssl_proxy": {"cipher_suite": "TLS_AES_128_GCM_SHA256"}}
    assert [one.rule for one in problems(vhost)] == ["ciphers-unknown"]


@pytest.mark.parametrize(
    ("profile", "private_key", "rules"),
    [
        ("old", "secp256r1", ["acme-key-kind"]),
        ("old", "rsa2048", []),
        ("modern", "rsa2048", ["acme-key-kind"]),
        ("modern", "secp384r1", []),
        ("intermediate", "rsa4096", []),
    ],
)
def test_managed_keys_are_of_a_kind_that_the_profile_has(
    profile: str, private_key: str, rules: list[str]
) -> None:
    ssl = {"certificate": "managed", "profile": profile}
    acme = {"apache_acme": {"terms_agreed": True, "private_key": private_key}}
    found = [one.rule for one in problems({"ssl": ssl}, **acme)]
    assert [rule for rule in found if rule.startswith("acme-")] == rules


def test_managed_certificates_share_all_names_or_none() -> None:
    first = {"ssl": "managed", "server_aliases": ["www.example.com"]}
    same = {**first, "server_name": "h0.example.com", "listen": [8443]}
    same["ssl"] = {"certificate": "managed", "redirect_from": [8080]}
    rules = [one.rule for one in problems(first, {**first}, **AGREED)]
    assert "acme-overlap" in rules
    assert "acme-overlap" not in [one.rule for one in problems(first, same, **AGREED)]


def test_one_address_speaks_tls_or_not() -> None:
    plain = {"listen": [443]}
    rules = [one.rule for one in problems({"ssl": "self_signed"}, plain)]
    assert "mixed-tls" in rules
    assert problems({"ssl": "self_signed"}, {"listen": [8080]}) == []


@pytest.mark.parametrize(
    ("listen", "is_told"), [([80], True), (["*:80", 443], True), ([443], False)]
)
def test_tls_on_the_port_of_plain_http_is_told(listen: list[Any], is_told: bool) -> None:
    found = problems({"ssl": "self_signed", "listen": listen})
    assert [one.rule for one in found] == ["tls-on-http-port"] * is_told
    assert [one.severity for one in found] == ["warning"] * is_told


@pytest.mark.parametrize(("engine", "is_mixed"), [("on", False), ("On", False), ("off", True)])
def test_tls_by_directives_of_its_own_is_tls(engine: str, is_mixed: bool) -> None:
    directives = f"SSLEngine {engine}\nSSLCertificateFile /both.pem\nRequestHeader set A b\n"
    adopted = {"listen": [443], "extra_directives": directives}
    rules = [one.rule for one in problems({"ssl": "self_signed"}, adopted)]
    assert ("mixed-tls" in rules) is is_mixed


def test_no_message_repeats_a_key() -> None:
    ssl = {"certificate_content": CERTIFICATE, "certificate_key_content": KEY[5:]}
    found = problems({"ssl": ssl})
    assert found
    assert "secret-of-the-key" not in " ".join(map(str, found))
