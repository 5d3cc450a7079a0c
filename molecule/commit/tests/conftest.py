"""The host that a test commits to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from site_under_test import VHOST, Site
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class ByHost(LoadScopeScheduling):
    """Tests the hosts side by side, and each host by one worker: its tests would disturb one another."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the host of a test, `tests/test_kills.py::test_x[ansible://commit-debian12-fsync]`."""
        host = re.search(r"//([a-z]+-[a-z]+\d+)", nodeid)
        return host[1] if host else nodeid


# `--dist loadgroup` goes by marks, which xdist 3.8 overlooks under pytest 9.
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByHost:
    """Have xdist go by hosts."""
    return ByHost(config, log)


@pytest.fixture
def site(host: Any) -> Iterator[Site]:
    """A host with its first release live, as converge left it and each test leaves it: nothing else may stay."""
    site = Site(host.backend.host, os.environ["MOLECULE_INVENTORY_FILE"])
    yield site
    site.deploy(VHOST, apache_allow_removal=True)
    assert site.release == site.proved
    assert site.leftovers() == ""
