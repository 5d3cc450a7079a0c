"""What a host doesn't bear of sizes that were asked for, and what sizes leave no room for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .bearing import Capacity, files_of, megabytes, memory_of, share, tasks_of
from .model import MpmEvent
from .sizes import Sizes


@dataclass(frozen=True)
class Shortage:
    """What is short, and what helps."""

    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.message}; {self.fix}"


def too_many_workers(wanted: int, threads: int, settings: MpmEvent, capacity: Capacity) -> Shortage:
    """Say that the memory doesn't bear so many workers."""
    needed = memory_of(math.ceil(wanted / threads), threads, capacity)
    message = f"{wanted} requests at once need {megabytes(needed)} of memory, and httpd has {share(settings, capacity)}"
    return Shortage(message, "give the host more, ask for less, or raise memory_share")


def shortages_of(sizes: Sizes, settings: MpmEvent, capacity: Capacity) -> Iterator[Shortage]:
    """Yield what these sizes need and the host, or another setting, hasn't."""
    threads, connections = sizes.threads_per_child, sizes.connections
    if settings.connections and sizes.memory > capacity.memory * settings.memory_share // 100:
        yield Shortage(
            f"{connections} connections at once, with all workers busy, need {megabytes(sizes.memory)} of memory,"
            f" and httpd has {share(settings, capacity)}",
            "give the host more, ask for fewer, or raise memory_share",
        )
    files = files_of(threads, sizes.async_request_worker_factor)
    if sizes.limit_nofile < files:
        is_said = settings.limit_nofile == sizes.limit_nofile
        yield Shortage(
            f"a child may need {files} files and sockets for {connections} connections,"
            f" and {'limit_nofile is' if is_said else 'this host has'} {sizes.limit_nofile}",
            f"write {files} at least" if is_said else "raise fs.nr_open, or ask for fewer",
        )
    yield from without_slots(sizes, settings)
    tasks = tasks_of(2 * sizes.children, threads)
    if tasks > capacity.tasks:
        yield Shortage(
            f"while a reload's children and those before them run there are up to {tasks} threads and processes,"
            f" and the unit may have {capacity.tasks}",
            "raise TasksMax of the unit (or the container's limit of processes), or ask for less",
        )


def without_slots(sizes: Sizes, settings: MpmEvent) -> Iterator[Shortage]:
    """Yield that a reload's children find no slots beside those of today."""
    if sizes.server_limit < 2 * sizes.children:
        enough = sizes.children * (1 + settings.reloads_kept)
        yield Shortage(
            f"server_limit {sizes.server_limit} has no room for another {sizes.children} children: after a reload clients wait"
            " until those of today have ended",
            f"write {max(enough, 2 * sizes.children)}, or leave it out",
        )
