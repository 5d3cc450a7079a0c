"""The host that a test commits to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import by_host
import pytest
from site_under_test import VHOST, Site

pytest_xdist_make_scheduler = by_host.pytest_xdist_make_scheduler


@pytest.fixture
def site(host: Any) -> Iterator[Site]:
    """A host with its first release live, as converge left it and each test leaves it: nothing else may stay."""
    site = Site(host.backend.host, os.environ["MOLECULE_INVENTORY_FILE"])
    yield site
    site.deploy(VHOST, apache_allow_removal=True)
    assert site.release == site.proved
    assert site.leftovers() == ""
