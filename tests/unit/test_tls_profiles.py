"""The profiles are the guideline's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sslyze
from module_utils._httpd.tls_profiles import GUIDELINE, PROFILES

VERSION = GUIDELINE.rpartition("/")[2]
PUBLISHED = json.loads((Path(sslyze.__file__).parent / "mozilla_tls_profile" / VERSION).read_text())


@pytest.mark.parametrize("name", PROFILES)
def test_profile_is_as_published(name: str) -> None:
    ours, theirs = PROFILES[name], PUBLISHED["configurations"][name]
    assert list(ours.protocols) == theirs["tls_versions"]
    assert list(ours.ciphers) == theirs["ciphers"]["openssl"]
    assert list(ours.tls13_ciphers) == theirs["ciphersuites"]
    assert list(ours.curves) == theirs["tls_curves"]
    assert ours.honor_cipher_order is theirs["server_preferred_order"]


def test_every_profile_is_there() -> None:
    assert PUBLISHED["href"] == GUIDELINE
    assert PROFILES.keys() == PUBLISHED["configurations"].keys()
