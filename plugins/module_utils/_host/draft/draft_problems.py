"""What is wrong on a host with a draft, whether it changes anything or not."""

from __future__ import annotations

from dataclasses import replace

from ..._httpd.syntax.problem import Problem
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
