"""How large a server is made for a host: httpd's own arithmetic, and why each figure is what it is.

https://httpd.apache.org/docs/2.4/mod/event.html: a child takes as many connections as it has idle workers times
AsyncRequestWorkerFactor beside those that are worked on, (factor + 1) x MaxRequestWorkers in all; a proxied answer may hold
its worker until it is finished, so a proxy is sized by requests in flight.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ...syntax.quoting import Refused
from .bearing import (
    CONNECTION,
    FILES,
    LEAST_FILES,
    WORKER,
    Capacity,
    files_of,
    megabytes,
    memory_of,
    share,
    tasks_of,
)
from .model import MOST_CHILDREN, MpmEvent
from .shortages import Shortage, shortages_of, too_many_workers
from .sizes import Sizes

THREADS = 64  # of a child at most: httpd's own ThreadLimit, so that none has to be said
PER_CORE = 512  # workers, where nothing says how many requests are in flight
HEADROOM = 1.5  # workers for each request in flight, as requests don't come evenly
FACTOR = 2.0  # httpd's own AsyncRequestWorkerFactor
KEPT_FREE = 256  # KB of MaxMemFree


@dataclass(frozen=True)
class Sizing:
    """Sizes, a sentence for each of their figures, and what they don't bear of what was asked for."""

    sizes: Sizes
    reasons: Mapping[str, str]
    shortages: tuple[Shortage, ...] = ()

    def to_plain(self) -> dict[str, object]:
        """Return plain data."""
        plain = asdict(self.sizes)
        return {**plain, "reasons": dict(self.reasons), "warnings": [*map(str, self.shortages)]}


def sized(settings: MpmEvent, capacity: Capacity) -> Sizing:
    """Size the event MPM for a host. Raises Refused where its memory doesn't bear one child, or settings contradict."""
    wanted, why = _wanted(settings, capacity)
    threads = settings.threads_per_child or min(THREADS, wanted)
    children = _children(wanted, threads, capacity, settings)
    if settings.threads_per_child is None:
        threads = math.ceil(wanted / children)
    bearable = _bearable(settings, capacity, threads)
    shortages = []
    if children > bearable:
        if settings.max_request_workers is None:
            children, why = bearable, f"what {share(settings, capacity)} bears of {wanted}: {why}"
        if settings.max_request_workers or settings.requests_per_second:
            shortages.append(too_many_workers(wanted, threads, settings, capacity))
    # A reload has two generations for a while.
    startable = max(1, capacity.tasks // tasks_of(2, threads))
    if children > startable and settings.max_request_workers is None:
        why = f"what the unit's {capacity.tasks} threads and processes bear of {wanted}: {why}"
        children = startable
    if children > MOST_CHILDREN:
        message = f"{wanted} workers of {threads} a child need {children} children, and httpd takes {MOST_CHILDREN}"
        raise Refused(message, "raise threads_per_child")
    if tasks_of(children, threads) > capacity.tasks:
        message = (
            f"{children * threads} workers are {tasks_of(children, threads)} threads and processes, and the unit may have"
            f" {capacity.tasks}"
        )
        raise Refused(
            message, "ask for less, or raise TasksMax of the unit (or the container's limit)"
        )
    workers = children * threads
    if workers != wanted and settings.max_request_workers:
        why = f"{wanted}, rounded up to equal children"
    return _whole(settings, capacity, threads, children, why, shortages)


def _wanted(settings: MpmEvent, capacity: Capacity) -> tuple[int, str]:
    """Return how many workers are asked for, and why. Raises Refused where half of the reason is missing."""
    if settings.max_request_workers:
        return settings.max_request_workers, "max_request_workers"
    if bool(settings.requests_per_second) != bool(settings.backend_seconds):
        said, lacks = "requests_per_second", "backend_seconds"
        said, lacks = (said, lacks) if settings.requests_per_second else (lacks, said)
        raise Refused(f"{said} is said alone, and nothing follows from it", f"add {lacks}")
    if settings.requests_per_second and settings.backend_seconds:
        flight = settings.requests_per_second * settings.backend_seconds
        why = (
            f"{settings.requests_per_second} requests a second x {settings.backend_seconds:g} s are {flight:g} in flight,"
            f" and half as many more"
        )
        return max(math.ceil(flight * HEADROOM), THREADS), why
    return max(
        1, round(PER_CORE * capacity.cores)
    ), f"{PER_CORE} a core, of which {capacity.cores:g}"


def _children(wanted: int, threads: int, capacity: Capacity, settings: MpmEvent) -> int:
    """Return how many children: as many as the threads make, and one for each core where nobody says how large one is."""
    least = math.ceil(wanted / threads)
    if settings.threads_per_child is not None:
        return least
    return max(least, min(math.ceil(capacity.cores), wanted))


def _bearable(settings: MpmEvent, capacity: Capacity, threads: int) -> int:
    """Return how many children the memory bears. Raises Refused where it is none."""
    budget = capacity.memory * settings.memory_share // 100
    # The parent is one more, without workers.
    count = (budget - capacity.child) // (capacity.child + threads * WORKER)
    if count < 1:
        needed = memory_of(1, threads, capacity)
        message = f"{share(settings, capacity)} doesn't bear one child of {threads} threads, which takes {megabytes(needed)}"
        raise Refused(message, "give the host more memory, or write a smaller threads_per_child")
    return count


def _whole(
    settings: MpmEvent,
    capacity: Capacity,
    threads: int,
    children: int,
    why: str,
    shortages: Sequence[Shortage],
) -> Sizing:
    """Return every figure that follows from children and their threads."""
    workers = children * threads
    factor, why_factor = _factor(settings, workers)
    spare = settings.min_spare_threads or threads
    kept = children * (1 + settings.reloads_kept)
    limit = settings.server_limit or min(kept, MOST_CHILDREN)
    if limit < children:
        message = f"server_limit {limit} is less than the {children} children of {workers} workers"
        raise Refused(message, f"write {kept}, or leave it out")
    connections = int((factor + 1) * workers)
    files = _files(threads, factor)
    memory = memory_of(children, threads, capacity) + (connections - workers) * CONNECTION
    sizes = Sizes(
        threads_per_child=threads,
        thread_limit=max(settings.thread_limit or THREADS, threads),
        children=children,
        max_request_workers=workers,
        server_limit=limit,
        start_servers=min(settings.start_servers or children, children),
        min_spare_threads=spare,
        # httpd raises it by itself to one child more.
        max_spare_threads=max(settings.max_spare_threads or workers, spare + threads),
        async_request_worker_factor=factor,
        listen_backlog=settings.listen_backlog or max(511, min(capacity.backlog, 65_535)),
        max_mem_free=KEPT_FREE if settings.max_mem_free is None else settings.max_mem_free,
        limit_nofile=min(settings.limit_nofile or files, capacity.files),
        connections=connections,
        memory=memory,
    )
    reasons = {
        "max_request_workers": f"{workers} requests at once: {why}",
        "threads_per_child": f"{children} children of {threads} threads",
        "server_limit": f"{children} children now, and those of {limit // children - 1} reloads that long connections keep",
        "async_request_worker_factor": f"{connections} connections at once while workers are idle: {why_factor}",
        "limit_nofile": f"a child's {int(threads * (factor + 1))} connections, one to a backend for each of {threads} workers, and {FILES} more",
        "memory": f"{megabytes(memory)} at the most, of {share(settings, capacity)}",
    }
    return Sizing(sizes, reasons, (*shortages, *shortages_of(sizes, settings, capacity)))


def _factor(settings: MpmEvent, workers: int) -> tuple[float, str]:
    """Return AsyncRequestWorkerFactor, and why."""
    if settings.async_request_worker_factor:
        return settings.async_request_worker_factor, "async_request_worker_factor"
    needed = math.ceil((settings.connections or 0) / workers * 10) / 10 - 1
    if needed > FACTOR:
        return needed, f"what {settings.connections} need"
    return FACTOR, "httpd's own factor"


def _files(threads: int, factor: float) -> int:
    """Return the limit of a child's files and sockets: a power of two, at least what Debian has."""
    return max(LEAST_FILES, 1 << (files_of(threads, factor) - 1).bit_length())
