"""The figures of one server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """The figures of one server, each with httpd's own arithmetic kept; `children` is MaxRequestWorkers / ThreadsPerChild."""

    threads_per_child: int
    thread_limit: int
    children: int
    max_request_workers: int
    server_limit: int
    start_servers: int
    min_spare_threads: int
    max_spare_threads: int
    async_request_worker_factor: float
    listen_backlog: int
    max_mem_free: int
    limit_nofile: int
    connections: int
    memory: int
