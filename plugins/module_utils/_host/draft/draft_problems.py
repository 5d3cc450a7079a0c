"""What is wrong on a host with a draft, whether it changes anything or not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from ..._httpd.reading.server import PlacedDirective
from ..._httpd.release.problem_kinds import LOG_UNOPENABLE
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Directive, Tree, walk
from ..concerns.catalogue import HOST_SIDES
from ..concerns.contract import Judged
from ..store.salvage import salvaged_release
from .draft import Draft
from .ports import open_port_problems
from .staged_copy import LOGS, is_piped


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


def log_problems(draft: Draft) -> Iterator[Problem]:
    """Yield an error for each log of a release that httpd can't open: a directory, or a file in none."""
    layout = draft.machine.layout
    made = {change.path for change in draft.changes if change.after.kind == "directory"}
    logs = (
        placed
        for scope in draft.after.server.scopes
        for name in sorted(LOGS & scope.names)
        for placed in scope.named(name)
    )
    for log in logs:
        if log.directive.place.source.startswith(f"{layout.gatehouse}/") and _is_file(log):
            path = os.path.join(layout.config_root, log.values[0])
            directory = os.path.dirname(path)
            if path in made or os.path.isdir(path):
                fix = f"name a file in it, such as {path.rstrip('/')}/{_sample(log)}"
                yield _unopenable(log, "that is a directory", fix)
            elif not (directory in made or os.path.isdir(directory)):
                fix = "make it on the host first, or name a file in a directory that is there"
                yield _unopenable(log, f"there is no directory {directory}", fix)


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
    before = set(_lines(draft.host.as_it_is.tree, left_out))
    read = {source for source, _line in before}
    woken = sorted({*_lines(draft.planned.tree, left_out)} - before)
    first = {source: line for source, line in reversed(woken) if source in read}
    what = "httpd passed over what stands there until now, and reads it with the modules that are enabled for this release"
    return [
        f"{source}:{line}: {what}; see whether that is meant"
        for source, line in sorted(first.items())
    ]


def _lines(tree: Tree, left_out: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield file and line of each directive of the host's own."""
    for node in walk(tree):
        if isinstance(node, Directive) and not node.place.source.startswith(left_out):
            yield node.place.source, node.place.line


def _is_file(log: PlacedDirective) -> bool:
    """Tell whether a log is a file that httpd opens itself; a variable that isn't set is a rule's business."""
    target = log.values[0] if log.values else ""
    is_syslog = log.name == "errorlog" and (target == "syslog" or target.startswith("syslog:"))
    return bool(target) and not is_piped(log.directive) and not is_syslog and "${" not in target


def _sample(log: PlacedDirective) -> str:
    return "error.log" if log.name == "errorlog" else "access.log"


def _unopenable(log: PlacedDirective, why: str, fix: str) -> Problem:
    message = f"{log.directive.name} {log.values[0]} can't be opened: {why}"
    return LOG_UNOPENABLE.problem(log.directive.place, message, fix)
