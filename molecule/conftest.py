"""What every scenario's tests share."""

from __future__ import annotations

from typing import Any

import pytest
from containers import Container


@pytest.fixture(scope="module")
def proxy(host: Any) -> Container:
    """The proxy that the test asks; testinfra runs each test for each of its hosts."""
    return Container(host.backend.host)
