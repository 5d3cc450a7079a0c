"""The event MPM's directives: figures that follow from the host stand as variables, which only the host can fill."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.tree import Directive, Tree
from ...vocabulary.reserved_names import RESERVED_PREFIX
from ..write import block, directive
from .model import MpmEvent
from .sizes import Sizes

# By directive, the figure of a Sizes.
_SIZED = {
    "ServerLimit": "server_limit",
    "ThreadLimit": "thread_limit",
    "ThreadsPerChild": "threads_per_child",
    "MaxRequestWorkers": "max_request_workers",
    "StartServers": "start_servers",
    "MinSpareThreads": "min_spare_threads",
    "MaxSpareThreads": "max_spare_threads",
    "AsyncRequestWorkerFactor": "async_request_worker_factor",
    "ListenBacklog": "listen_backlog",
    "MaxMemFree": "max_mem_free",
}


def compile_mpm_event(settings: MpmEvent) -> Tree:
    """Write the MPM of the whole server."""
    return block(settings.place, *_sized(settings), *_said(settings))[1:]


def definitions_of(sizes: Sizes) -> dict[str, str]:
    """Return the variables that a release's directives name, with a host's figures."""
    return {_variable(name): f"{getattr(sizes, name):g}" for name in _SIZED.values()}


def _sized(settings: MpmEvent) -> Iterator[Directive]:
    for name, figure in _SIZED.items():
        yield Directive(name, (f"${{{_variable(figure)}}}",), settings.place.at(figure))


def _said(settings: MpmEvent) -> Iterator[Directive]:
    """Yield what follows from nothing."""
    place = settings.place
    said = {
        "max_connections_per_child": ("MaxConnectionsPerChild", str(settings.max_connections_per_child)),
        "thread_stack_size": ("ThreadStackSize", str(settings.thread_stack_size or "")),
        "keep_alive": ("KeepAlive", "On" if settings.keep_alive else "Off"),
        "keep_alive_timeout": ("KeepAliveTimeout", str(settings.keep_alive_timeout)),
        "max_keep_alive_requests": ("MaxKeepAliveRequests", str(settings.max_keep_alive_requests)),
    }  # fmt: skip
    for key, (name, value) in said.items():
        if value:
            yield directive(name, value, place=place.at(key))


def _variable(figure: str) -> str:
    return f"{RESERVED_PREFIX}MPM_{figure.upper()}"
