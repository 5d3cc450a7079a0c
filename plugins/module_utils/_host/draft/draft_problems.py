"""What is wrong on a host with a draft, whether it changes anything or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..._httpd.reading.server import Server
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Directive, Tree, walk
from ..._httpd.vocabulary.layout import Layout
from ..concerns.catalogue import HOST_SIDES
from ..concerns.contract import Judged
from ..store.salvage import salvaged_release
from .draft import Draft
from .ports import open_port_problems


def host_problems(draft: Draft, found: tuple[Problem, ...] = ()) -> tuple[Problem, ...]:
    """Return what concerns find wrong on the host; what is live already is a warning."""
    judged = Judged(
        draft.release,
        salvaged_release(draft.machine.store),
        found,
        served=lambda: draft.host.live.server,
    )
    of_sides = (side.problems(judged, draft.machine) for side in HOST_SIDES)
    return (
        *open_port_problems(draft.port),
        *(problem for several in of_sides for problem in several),
    )


def unread_problems(draft: Draft) -> tuple[Problem, ...]:
    """Return the files of the host's own that can't be read; warnings where a release is live already.

    What such a file listens on or serves decides what a release must not repeat. Once one is live, an emergency change
    mustn't wait for somebody else's file: httpd reads it in the shadow.
    """
    found = (draft.planned or draft.host.as_it_is).unread
    if draft.host.followed is None:
        return found
    return tuple(replace(problem, severity="warning") for problem in found)


def woken_blocks(draft: Draft) -> list[str]:
    """Say where the host's own files have directives that httpd passed over, and reads with the modules to come."""
    if draft.planned is None:
        return []
    layout = draft.machine.layout
    left_out = (
        f"{layout.gatehouse}/",
        f"{layout.modules_enabled}/",
        layout.entry,
        layout.entry_link,
    )
    # What the release opens itself is no news: Debian has `Listen 443` for the day on which mod_ssl is there.
    opened = set(_own_listeners(draft.planned.server, layout))
    before = set(_lines(draft.host.as_it_is.tree, left_out))
    read = {source for source, _line in before}
    woken = sorted({*_lines(draft.planned.tree, left_out)} - before - opened)
    first = {source: line for source, line in reversed(woken) if source in read}
    what = "httpd passed over what stands there until now, and reads it with the modules that are enabled for this release"
    return [
        f"{source}:{line}: {what}; see whether that is meant"
        for source, line in sorted(first.items())
    ]


def _own_listeners(server: Server, layout: Layout) -> Iterator[tuple[str, int]]:
    """Yield file and line of each Listen by which a release's virtual hosts are reached."""
    served = {
        address
        for vhost in server.vhosts
        if vhost.place.source.startswith(f"{layout.gatehouse}/")
        for address in vhost.addresses
    }
    for listen in server.listens:
        if listen.address in served:
            yield listen.place.source, listen.place.line


def _lines(tree: Tree, left_out: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield file and line of each directive of the host's own."""
    for node in walk(tree):
        if isinstance(node, Directive) and not node.place.source.startswith(left_out):
            yield node.place.source, node.place.line
