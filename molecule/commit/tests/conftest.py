"""The host that a test commits to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from site_under_test import VHOST, Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the hosts be tested side by side, and each host's tests one after the other."""
    for item in items:
        host = re.search(r"//([a-z]+-[a-z]+\d+)", item.name)
        item.add_marker(pytest.mark.xdist_group(host[1] if host else "none"))


@pytest.fixture
def site(host: Any) -> Iterator[Site]:
    """A host with its first release live, as converge left it and each test leaves it: nothing else may stay."""
    site = Site(host.backend.host, os.environ["MOLECULE_INVENTORY_FILE"])
    yield site
    site.deploy(VHOST, apache_allow_removal=True)
    assert site.release == site.proved
    assert site.leftovers() == ""
