"""The profiles are the guideline's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from module_utils._httpd.tls.profiles import CURVES, GUIDELINES, PROFILES, curves_known_to

# As published, without what no httpd has.
PUBLISHED = Path(__file__).parents[1] / "guidelines"
KINDS = {"ecdsa": "EC", "rsa": "RSA"}


@pytest.mark.parametrize("name", PROFILES)
def test_profile_is_as_published(name: str) -> None:
    url = GUIDELINES[name]
    guideline = json.loads((PUBLISHED / url.rpartition("/")[2]).read_text())
    ours, theirs = PROFILES[name], guideline["configurations"][name]
    assert guideline["href"] == url
    assert list(ours.protocols) == theirs["tls_versions"]
    assert list(ours.ciphers) == theirs["ciphers"]["openssl"]
    assert list(ours.tls13_ciphers) == theirs["ciphersuites"]
    assert list(CURVES) == theirs["tls_curves"]
    assert ours.honor_cipher_order is theirs["server_preferred_order"]
    assert [KINDS[kind] for kind in theirs["certificate_types"]] == list(ours.key_kinds)


def test_curves_are_those_that_an_openssl_knows() -> None:
    old = CURVES[1:]
    assert curves_known_to(()) == curves_known_to({"X448MLKEM1024"}) == old
    assert curves_known_to({"X25519MLKEM768", "X448MLKEM1024"}) == CURVES
