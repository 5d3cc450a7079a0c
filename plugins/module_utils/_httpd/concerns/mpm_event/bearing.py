"""What a host has for httpd, and what its children and their connections take of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .model import MpmEvent

MEGABYTE = 1024 * 1024
WORKER = (
    384 * 1024
)  # bytes that a busy worker takes beyond its idle child, TLS and buffers of both sides among them
CONNECTION = 48 * 1024  # bytes of an idle connection over TLS
FILES = 512  # of a child beside its connections: logs, pipes, sockets that it listens on
LEAST_FILES = 8192  # what Debian's apachectl sets by itself
OTHER_TASKS = 4  # of a child beside its workers: the process, its listener, and what modules start
WEIGHT_STEP = 4 * MEGABYTE


@dataclass(frozen=True)
class Capacity:
    """What a host has for httpd: `memory` and `child` (an idle child's own) in bytes, `cores` as its limits leave them.

    `backlog` is the kernel's somaxconn, `files` the most that a process may have open, `tasks` how many processes and threads
    the unit may have.
    """

    memory: int
    cores: float
    child: int = WEIGHT_STEP
    backlog: int = 4096
    files: int = 1_048_576
    tasks: int = 2**31


# A host that bears all that httpd does: what contradicts here does so everywhere.
ROOMY = Capacity(2**62, 1)
# A host of which nothing is known.
TYPICAL = Capacity(4096 * MEGABYTE, 2)


def rounded_weight(measured: int) -> int:
    """Return a child's weight (bytes) as it counts: the same host gives the same sizes, however its pages fall."""
    return max(1, math.ceil(measured / WEIGHT_STEP)) * WEIGHT_STEP


def memory_of(children: int, threads: int, capacity: Capacity) -> int:
    """Return the bytes of a parent and so many children, all their workers busy."""
    return capacity.child + children * (capacity.child + threads * WORKER)


def tasks_of(children: int, threads: int) -> int:
    """Return how many processes and threads a parent and so many children are."""
    return 1 + children * (threads + OTHER_TASKS)


def files_of(threads: int, factor: float) -> int:
    """Return how many files a child may have at once: clients' connections, one to a backend for each worker, and more."""
    return int(threads * (factor + 1)) + threads + FILES


def share(settings: MpmEvent, capacity: Capacity) -> str:
    """Say what of a host's memory is httpd's."""
    return f"{settings.memory_share} % of {megabytes(capacity.memory)}"


def megabytes(count: int) -> str:
    """Say bytes."""
    return f"{count / MEGABYTE:.0f} MB"
