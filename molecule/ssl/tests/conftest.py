"""The scans that take long: they begin with the first test and are read by the last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scans import Scan, start


@pytest.fixture(scope="session", autouse=True)
def scans() -> Iterator[dict[tuple[str, str], Scan]]:
    """Every profile of every proxy under testssl.sh."""
    started = start()
    yield started
    for scan in started.values():
        scan.process.kill()
        scan.process.wait()
