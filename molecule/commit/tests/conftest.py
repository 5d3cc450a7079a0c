"""The host that a test commits to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import by_host
import pytest
from site_under_test import Site

pytest_xdist_make_scheduler = by_host.pytest_xdist_make_scheduler


@pytest.fixture(scope="module")
def first_release(host: Any) -> str:
    """The release that converge left, or the file of tests before."""
    return site_of(host).release


@pytest.fixture
def site(host: Any, first_release: str) -> Iterator[Site]:
    """A host with its first release live, as converge left it and each test leaves it: nothing else may stay."""
    site = site_of(host)
    yield site
    # A refused or undone commit leaves nothing to take back.
    if site.release != first_release:
        site.take_back(first_release)
    release, proved, leftovers = site.standing()
    assert (release, leftovers) == (proved, "")


def site_of(host: Any) -> Site:
    """Return the host that testinfra runs a test for."""
    return Site(host.backend.host, os.environ["MOLECULE_INVENTORY_FILE"])
