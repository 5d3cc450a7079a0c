"""What the scenario's tests share: a proxy by its names, and the roots of what the authority gives."""

from __future__ import annotations

import ssl
import urllib.request
from typing import Any

import by_host
import pytest
from containers import Container
from managed_site import ManagedSite

pytest_xdist_make_scheduler = by_host.pytest_xdist_make_scheduler


@pytest.fixture(scope="module")
def roots() -> str:
    """Return the root that the authority made at its start, as PEM."""
    authority = Container("acme-authority")
    context = ssl._create_unverified_context()
    url = f"https://{authority.address}:15000/roots/0"
    with urllib.request.urlopen(url, context=context) as answer:
        text: str = answer.read().decode()
    return text


@pytest.fixture(scope="module")
def site(host: Any, roots: str) -> ManagedSite:
    """The proxy that the test asks; testinfra runs each test for each of its hosts."""
    return ManagedSite(host.backend.host, roots)
