"""Every profile is graded from outside, and has nothing that Mozilla's guideline doesn't say."""

from __future__ import annotations

import pytest
from containers import Container
from scans import PROFILES, SCANNED, Grade, Scan, graded

testinfra_hosts = ["ansible://proxies"]

SPOKEN = {
    "modern": {"TLSv1.3"},
    "intermediate": {"TLSv1.2", "TLSv1.3"},
    "old": {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"},
}
# What is the profile's own: clients that speak nothing newer than TLS 1.0 have no other ciphers.
OWN = {"modern": set(), "intermediate": set(), "old": {"BEAST_CBC_TLS1"}}
# Headers against scripts and frames are the application's to say: the origin here says none.
JUSTIFIED = {"security_headers"}


@pytest.mark.parametrize("profile", PROFILES)
def test_profile_is_mozillas(proxy: Container, profile: str) -> None:
    assert graded(proxy, profile) == Grade({}, SPOKEN[profile])


def test_profile_has_no_weakness_of_its_own(scans: dict[str, Scan]) -> None:
    found = {profile: scan.findings() for profile, scan in scans.items()}
    for profile, findings in found.items():
        assert findings.keys() - JUSTIFIED == OWN[profile], found


def test_no_profile_goes_unscanned() -> None:
    assert sorted(sum(SCANNED.values(), ())) == sorted(PROFILES)
