"""Ciphers and curves that only a host's OpenSSL can judge: named with their variable, before httpd dies of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.lacks.openssl_words import openssl_problems
from module_utils._host.machine.openssl import takes_ciphers, takes_curves

# What OpenSSL 3.5 says, of lists that have FOO alone, and of curves that have FOO; it writes down what it was asked.
OPENSSL = r"""#!/bin/sh
echo "$*" >> "$0.asked"
case "$*" in
  "ciphers TLS_AES_128_GCM_SHA256" | "ciphers FOO" | "ciphers FOO:FOO") echo "Error in cipher list" >&2; exit 1;;
  "ciphers -ciphersuites FOO") echo "Error setting TLSv1.3 ciphersuites" >&2; exit 1;;
  *"-groups FOO") echo "Call to SSL_CONF_cmd(-groups, FOO) failed" >&2; exit 1;;
  s_client*) echo "connect: No such file or directory" >&2; exit 1;;
esac
"""
BACKEND = {"proxy_to": "https://app.example.com"}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A bare host with an OpenSSL of its own."""
    openssl = tmp_path / "openssl"
    openssl.write_text(OPENSSL)
    openssl.chmod(0o755)
    made = Host(tmp_path / "host")
    made.layout = replace(made.layout, openssl=str(openssl))
    return made


def asked(host: Host) -> list[str]:
    """Return what the host's OpenSSL was asked."""
    path = Path(f"{host.layout.openssl}.asked")
    return path.read_text().splitlines() if path.exists() else []


def said(host: Host, **keys: Any) -> list[tuple[str, str]]:
    """Return rule and message of each problem of a virtual host."""
    found = openssl_problems(host.draft(parts_of(vhost(**keys))))
    return [(problem.rule, problem.message) for problem in found]


SELF_SIGNED = {"certificate": "self_signed"}
CASES = [
    pytest.param(
        {"ssl": {**SELF_SIGNED, "cipher_suite": "FOO"}},
        [("ciphers-unknown", "SSLCipherSuite FOO (`cipher_suite`) names no cipher that the host's OpenSSL has")],
        id="ciphers",
    ),
    pytest.param(
        {**BACKEND, "ssl_proxy": {"cipher_suite": "FOO"}},
        [("ciphers-unknown", "SSLProxyCipherSuite FOO (`ssl_proxy.cipher_suite`) names no cipher that the host's OpenSSL has")],
        id="ciphers towards backends",
    ),
    pytest.param(
        {"extra_directives": "SSLCipherSuite TLSv1.3 FOO"},
        [("ciphers-unknown", "SSLCipherSuite TLSv1.3 FOO (`cipher_suite_tls13`) names no cipher that the host's OpenSSL has")],
        id="a text's ciphers of TLS 1.3",
    ),
    pytest.param(
        {"extra_directives": "SSLCipherSuite TLS_AES_128_GCM_SHA256"},
        [("ciphers-unknown", "SSLCipherSuite TLS_AES_128_GCM_SHA256 (`cipher_suite`) names no cipher that the host's OpenSSL has")],
        id="ciphers of TLS 1.3 as those up to 1.2",
    ),
    pytest.param(
        {"ssl": {**SELF_SIGNED, "curves": ["X25519", "FOO", "P-256"]}},
        [("curves-unknown", "SSLOpenSSLConfCmd Curves X25519:FOO:P-256 (`curves`) has what the host's OpenSSL doesn't know: FOO")],
        id="curves",
    ),
    pytest.param({"ssl": {**SELF_SIGNED, "cipher_suite": "FOO:HIGH", "curves": ["P-256"]}}, [], id="what it takes"),
    pytest.param({"extra_directives": "SSLCipherSuite ${MINE}"}, [], id="an open variable"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "found"), CASES)
def test_what_openssl_refuses_is_named(
    host: Host, keys: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert said(host, **keys) == found


@pytest.mark.parametrize("profile", ["modern", "intermediate", "old"])
def test_what_profiles_have_needs_no_asking(host: Host, profile: str) -> None:
    assert said(host, ssl={**SELF_SIGNED, "profile": profile}) == []
    assert asked(host) == []


def test_an_openssl_that_is_not_there_refuses_nothing(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none")
    assert takes_ciphers(nowhere, "FOO")
    assert takes_curves(nowhere, "FOO")


def test_a_list_is_never_an_option_of_the_command(host: Host) -> None:
    assert takes_ciphers(host.layout.openssl, "-x")
    assert asked(host) == []
