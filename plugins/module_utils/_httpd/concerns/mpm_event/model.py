"""The event MPM as its variable says it: what it is to bear, and each of httpd's own settings.

https://httpd.apache.org/docs/2.4/mod/event.html and mpm_common.html; limits are those that httpd 2.4.71 takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ...syntax.tree import NOWHERE, Place
from ...variables.door import Door, Kind
from ...variables.fields import key
from ...variables.kinds import boolean, decimal, integer

AUTO = "auto"
MOST_CHILDREN = MOST_THREADS = 20_000  # MAX_SERVER_LIMIT and MAX_THREAD_LIMIT of event.c


def auto_or(kind: Kind) -> Kind:
    """A value, or `auto`, which is None."""

    def read(raw: Any, place: Place, door: Door) -> Any:
        return None if raw == AUTO else kind.read(raw, place, door)

    return replace(kind, read=read)


@dataclass(frozen=True)
class MpmEvent:
    """The event MPM of a host. What is None follows from the host's cores and memory, and from what is asked for."""

    max_request_workers: int | None = key(
        auto_or(integer(1, 1_000_000)),
        "Requests at once (MaxRequestWorkers), `auto` by default: what `requests_per_second` and `backend_seconds` need, or"
        " 512 a core, as far as the memory bears them. A number that no count of equal children makes is rounded up.",
        default=None,
    )
    requests_per_second: int | None = key(
        integer(1, 1_000_000),
        "Requests a second at the busiest time; with `backend_seconds` they say how many are in flight.",
        default=None,
    )
    backend_seconds: float | None = key(
        decimal(0.001, 3600),
        "Seconds that a backend takes for one of them, at the slowest: a worker may be held until an answer is finished.",
        default=None,
    )
    connections: int | None = key(
        integer(1, 10_000_000),
        "Clients' connections at once, most of them idle; by default three for each worker.",
        default=None,
    )
    reloads_kept: int = key(
        integer(0, 1000),
        "Reloads whose children may all be kept by long connections (WebSockets, downloads) before one has to wait.",
        default=4,
    )
    memory_share: int = key(
        integer(1, 100, unit="percent"),
        "Percent of the host's memory, or of what its container or slice may take, that is httpd's.",
        default=50,
    )
    threads_per_child: int | None = key(
        integer(1, MOST_THREADS),
        "Workers of a child (ThreadsPerChild), 64 at most by default.",
        default=None,
    )
    thread_limit: int | None = key(
        integer(1, MOST_THREADS),
        "The most that threads_per_child can be raised to without a restart (ThreadLimit), at least 64.",
        default=None,
    )
    server_limit: int | None = key(
        integer(1, MOST_CHILDREN),
        "Children of all generations (ServerLimit); by default those of `reloads_kept` and of now.",
        default=None,
    )
    start_servers: int | None = key(
        integer(1, MOST_CHILDREN),
        "Children at the start (StartServers), all by default: httpd breaks connections while it makes more.",
        default=None,
    )
    min_spare_threads: int | None = key(
        integer(1, 1_000_000),
        "Idle workers below which another child is made (MinSpareThreads), those of one child by default.",
        default=None,
    )
    max_spare_threads: int | None = key(
        integer(1, 1_000_000),
        "Idle workers above which a child is ended (MaxSpareThreads), never by default: httpd breaks connections with it.",
        default=None,
    )
    async_request_worker_factor: float | None = key(
        decimal(0.1, 10_000),
        "Connections of a child for each of its idle workers (AsyncRequestWorkerFactor), 2, or what `connections` needs.",
        default=None,
    )
    max_connections_per_child: int = key(
        integer(0),
        "Connections after which a child is made anew (MaxConnectionsPerChild); 0 is never.",
        default=0,
    )
    listen_backlog: int | None = key(
        integer(1, 65_535),
        "Connections that wait to be taken (ListenBacklog), as many as the kernel's somaxconn allows by default.",
        default=None,
    )
    max_mem_free: int | None = key(
        integer(0, 4_194_303, unit="KB"),
        "KB that each of a child's allocators keeps (MaxMemFree), 256 by default; 0 is all that it ever took.",
        default=None,
    )
    thread_stack_size: int | None = key(
        integer(131_072),
        "Bytes of a thread's stack (ThreadStackSize); the system's own by default.",
        default=None,
    )
    keep_alive: bool = key(
        boolean(), "Answer several requests on a connection (KeepAlive).", default=True
    )
    keep_alive_timeout: int = key(
        integer(1, 86_400, unit="seconds"),
        "Seconds that an idle connection is kept (KeepAliveTimeout).",
        default=5,
    )
    max_keep_alive_requests: int = key(
        integer(0),
        "Requests after which a connection is closed (MaxKeepAliveRequests); 0 is never, since each end can meet a request.",
        default=0,
    )
    limit_nofile: int | None = key(
        integer(1024, 1_048_576),
        "Files and sockets of a child (systemd's LimitNOFILE), as many as its connections need by default.",
        default=None,
    )
    place: Place = field(default=NOWHERE, compare=False)
