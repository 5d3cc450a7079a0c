"""What an operator is told after adopting a server: what changes, what stays as raw directives, what stays the host's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .lifts.main_server_lift import HOST_REASON
from .lifts.vhost_body import Leftover, Outcome

_TITLES: tuple[tuple[Outcome, str], ...] = (
    ("changed", "Gatehouse does otherwise:"),
    ("extra_directives", "Kept as it is, in extra_directives:"),
    ("host", "Left to the host's own configuration:"),
)


def adopted_report(kept: Sequence[Leftover]) -> list[str]:
    """Return the lines of a report; what is the host's own for no reason but that is counted by file."""
    lines: list[str] = []
    for outcome, title in _TITLES:
        found = [one for one in kept if one.outcome == outcome]
        told = [*_told(found), *_counted(found)]
        lines += [title, *told] if told else []
    return lines


def _told(found: Sequence[Leftover]) -> Iterator[str]:
    for one in found:
        if one.reason != HOST_REASON:
            yield f"  {one.place.source}:{one.place.line}: {one.directive}: {one.reason}"


def _counted(found: Sequence[Leftover]) -> Iterator[str]:
    """Yield a line for each file."""
    places = [one.place.source for one in found if one.reason == HOST_REASON]
    for place in dict.fromkeys(places):
        yield f"  {place}: {places.count(place)} of the main server"
