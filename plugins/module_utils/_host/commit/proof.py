"""Proof that the live server is the release: never a return code, never `is-active`.

See docs/httpd.md#return-codes.
"""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass

from ..._httpd.vocabulary.layout import Layout
from ..machine import processes, systemd

PATIENCE = 20.0  # seconds
PROOF_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Running:
    """A server before it is told to reload."""

    pid: int
    children: frozenset[int]


def observe(layout: Layout) -> Running:
    """Return the processes that serve now."""
    pid = systemd.main_pid(layout.unit)
    return Running(pid, frozenset(processes.children(pid)) if pid else frozenset())


def digest_at(port: int) -> str:
    """Return the digest that the proof port answers, empty for none."""
    connection = http.client.HTTPConnection(PROOF_HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        text = connection.getresponse().read(200).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
    return text.removeprefix("gatehouse ").strip() if text.startswith("gatehouse ") else ""


def prove(
    layout: Layout,
    *,
    before: Running,
    digest: str,
    port: int,
    ports: frozenset[int] = frozenset(),
    patience: float = PATIENCE,
) -> str:
    """Wait until the server is the release `digest` (empty: no release, only a server that lives) on all of `ports`.

    Returns what is missing when `patience` (seconds) is over; nothing when all is proved.
    """
    deadline = time.monotonic() + patience
    while True:
        missing = _missing(layout, before, digest, port) or _unheard(ports)
        if not missing or time.monotonic() > deadline:
            return missing
        time.sleep(0.05)


def _missing(layout: Layout, before: Running, digest: str, port: int) -> str:
    """Return the first thing that isn't as it must be."""
    now = observe(layout)
    if not now.pid:
        return f"{layout.unit} has no main process"
    if _written_pid(layout.pid_file) != now.pid:
        return f"{layout.pid_file} doesn't name the unit's main process {now.pid}"
    if not now.children:
        return f"process {now.pid} has no children"
    if now.pid == before.pid and not now.children - before.children:
        return f"process {now.pid} has no child newer than the reload"
    answered = digest_at(port) if digest else ""
    if answered != digest:
        return (
            f"http://{PROOF_HOST}:{port}/ answers {answered or 'nothing'}, not the release {digest}"
        )
    return ""


def _unheard(ports: frozenset[int]) -> str:
    """Return which ports nothing listens on."""
    silent = ports - {socket.address.port for socket in processes.listening()} if ports else ()
    return f"nothing listens on {', '.join(map(str, sorted(silent)))}" if silent else ""


def _written_pid(path: str) -> int:
    try:
        with open(path, encoding="ascii") as stream:
            return int(stream.read().strip() or 0)
    except (OSError, ValueError):
        return 0
