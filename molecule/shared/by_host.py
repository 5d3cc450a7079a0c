"""Tests the hosts of a scenario side by side, and each host by one worker: its tests would disturb one another.

A scenario's conftest.py takes the hook from here; `numprocesses` in its molecule.yml says how many at once.
"""

from __future__ import annotations

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class ByHost(LoadScopeScheduling):
    """Gives each worker the tests of one host."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the host of a test, `tests/test_kills.py::test_x[ansible://commit-debian12-fsync]`."""
        host = re.search(r"//([a-z]+-[a-z]+\d+)", nodeid)
        return host[1] if host else nodeid


# `--dist loadgroup` goes by marks, which xdist 3.8 overlooks under pytest 9.
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByHost:
    """Have xdist go by hosts."""
    return ByHost(config, log)
