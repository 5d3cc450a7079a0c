"""Changes of paths: made in order, and taken back last first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .files import State, forget_draft, read_state, write_state


@dataclass(frozen=True)
class Change:
    """One path's way from one state to another; `unit` is restarted once it is made, or taken back."""

    path: str
    before: State
    after: State
    unit: str = ""


def changes_from_plain(plain: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Read changes from JSON. Raises TypeError where a path or a text is none."""
    changes = tuple(
        Change(row["path"], State(**row["before"]), State(**row["after"]), row.get("unit", ""))
        for row in plain
    )
    for change in changes:
        states = (change.before, change.after)
        texts = (change.path, change.unit, *(one.kind for one in states))
        if not all(isinstance(text, str) for text in texts) or not os.path.isabs(change.path):
            raise TypeError(f"{change.path!r} is no path of a change")
    return changes


def apply(changes: Iterable[Change]) -> None:
    """Make the changes, in order."""
    for change in changes:
        write_state(change.path, change.after)


def undo(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Take the changes back, last first; what was never made is left as it is. Return what kept any from being taken back."""
    failures = []
    for change in reversed(changes):
        try:
            forget_draft(change.path)
            if read_state(change.path) != change.before:
                write_state(change.path, change.before)
        except OSError as error:
            failures.append(str(error))
    return tuple(failures)
