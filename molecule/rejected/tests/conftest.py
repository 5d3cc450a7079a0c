"""What a host looks like to somebody who wonders whether it was touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from containers import Container

LIVE = Container("rejected-live")


def state(container: Container, *directories: str) -> str:
    """Return every file with the time of its last change, and the server's processes with their start."""
    files = container.run(
        "find", *directories, "-xdev", "-not", "-type", "d", "-printf", "%p %C@ %l\n"
    )
    processes = container.run("ps", "-e", "-o", "pid,lstart,args", "--no-headers")
    servers = [line for line in processes.splitlines() if "apache2" in line]
    return "\n".join([*sorted(files.splitlines()), *servers])


@pytest.fixture
def untouched() -> Iterator[Container]:
    """A live host that must be, after the test, as it was before, and serve as before."""
    before = state(LIVE, "/etc", "/usr", "/var/lib")
    yield LIVE
    assert state(LIVE, "/etc", "/usr", "/var/lib") == before
    assert LIVE.ask("a.example.com", "/").status == 200
