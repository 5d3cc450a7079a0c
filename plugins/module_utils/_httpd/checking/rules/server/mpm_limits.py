"""The arithmetic of mpm_event and mpm_worker, which httpd corrects with a line in its log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....reading.server import PlacedDirective, Server
from ...rule import Finding, rule
from ..helpers.scopes import named, values

MPM_COMMON = "https://httpd.apache.org/docs/2.4/mod/mpm_common.html"
DEFAULTS = {"threadsperchild": 25, "serverlimit": 16, "threadlimit": 64}
_NAMES = (*DEFAULTS, "maxrequestworkers", "maxclients")


@rule(
    "warning",
    source=f"{MPM_COMMON}#maxrequestworkers",
    bad="""
        ThreadsPerChild 25
        MaxRequestWorkers 1000
    """,
    good="""
        ServerLimit 40
        ThreadsPerChild 25
        MaxRequestWorkers 1000
    """,
)
def workers_lowered(server: Server) -> Iterator[Finding]:
    """MaxRequestWorkers asks for more than ServerLimit times ThreadsPerChild, or for a part of a child: httpd lowers it.

    AH00515 and AH00513 say so in the log; `httpd -t` passes. ServerLimit is 16 and ThreadsPerChild 25 by default.
    """
    for limits in _limits(server):
        workers, threads = limits.number("maxrequestworkers"), limits.number("threadsperchild")
        most = limits.number("serverlimit") * threads
        if not workers or not threads:
            continue
        place = limits.found["maxrequestworkers"][1].directive.place
        if workers > most:
            message = f"MaxRequestWorkers {workers} becomes {most}: ServerLimit is {limits.number('serverlimit')}"
            yield Finding(place, message, f"write `ServerLimit {-(-workers // threads)}`")
        elif workers < threads:
            message = f"MaxRequestWorkers {workers} becomes {threads}, which one child has"
            yield Finding(place, message, f"write a multiple of {threads}")
        elif workers % threads:
            message = f"MaxRequestWorkers {workers} becomes {workers - workers % threads}: a child has {threads} threads"
            yield Finding(place, message, f"write a multiple of {threads}")


@rule(
    "warning",
    source=f"{MPM_COMMON}#threadlimit",
    bad="ThreadsPerChild 100",
    good="""
        ThreadLimit 100
        ThreadsPerChild 100
    """,
)
def threads_lowered(server: Server) -> Iterator[Finding]:
    """ThreadsPerChild is above ThreadLimit, 64 by default: httpd lowers it (AH00507)."""
    for limits in _limits(server):
        threads, limit = limits.number("threadsperchild"), limits.number("threadlimit")
        if "threadsperchild" in limits.found and threads > limit:
            message = f"ThreadsPerChild {threads} becomes {limit}, which is ThreadLimit"
            place = limits.found["threadsperchild"][1].directive.place
            yield Finding(place, message, f"write `ThreadLimit {threads}`")


@dataclass(frozen=True)
class _Limits:
    """The limits that hold together: each number with its directive."""

    found: dict[str, tuple[int, PlacedDirective]]

    def number(self, name: str) -> int:
        """Return a limit, or httpd's own; 0 where there is none."""
        return self.found[name][0] if name in self.found else DEFAULTS.get(name, 0)


def _limits(server: Server) -> Iterator[_Limits]:
    """Yield the limits of each open condition, with those of no condition; prefork has none of these."""
    if any("mpm_prefork_module" in values(placed) for placed in named(server.main, "loadmodule")):
        return
    plain: dict[str, tuple[int, PlacedDirective]] = {}
    conditional: dict[tuple[tuple[str, ...], ...], dict[str, tuple[int, PlacedDirective]]] = {}
    for placed in named(server.main, *_NAMES):
        word = " ".join(values(placed))
        name = placed.name.replace("maxclients", "maxrequestworkers")
        if word.isascii() and word.isdigit() and len(word) < 10:
            there = conditional.setdefault(placed.around, {}) if placed.around else plain
            there[name] = (int(word), placed)
    for around, found in conditional.items():
        if "prefork" not in str(around):
            yield _Limits({**plain, **found})
    if not conditional:
        yield _Limits(plain)
