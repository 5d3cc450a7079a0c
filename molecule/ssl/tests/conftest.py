"""The scans that take long, which begin with a proxy's first test and are read by its last; and the authority."""

from __future__ import annotations

from collections.abc import Iterator

import by_host
import pytest
from authority import Pair
from changing import key_of
from containers import Container
from cryptography.x509 import load_pem_x509_certificate
from scans import Scan, start
from tls import PKI

pytest_xdist_make_scheduler = by_host.pytest_xdist_make_scheduler


@pytest.fixture(scope="session", autouse=True)
def all_scans() -> Iterator[dict[str, dict[str, Scan]]]:
    """Every scan that was started, by proxy and profile; none outlives the tests."""
    started: dict[str, dict[str, Scan]] = {}
    yield started
    for scans in started.values():
        for scan in scans.values():
            scan.process.kill()
            scan.process.wait()


@pytest.fixture(scope="module", autouse=True)
def scans(proxy: Container, all_scans: dict[str, dict[str, Scan]]) -> dict[str, Scan]:
    """The proxy's profiles under testssl.sh."""
    if proxy.name not in all_scans:
        all_scans[proxy.name] = start(proxy)
    return all_scans[proxy.name]


@pytest.fixture(scope="session")
def authority() -> Pair:
    """The authority whose certificates everybody here trusts."""
    certificate = load_pem_x509_certificate((PKI / "curves.pem").read_bytes())
    return Pair(certificate, key_of("curves"), (certificate, certificate))
