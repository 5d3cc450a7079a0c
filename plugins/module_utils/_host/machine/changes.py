"""Changes of paths: made in order, and taken back last first."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .files import State, forget_draft, read_state, set_aside, write_state

_OWN = "gatehouse"  # in the path of whatever Gatehouse makes


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
    """Make the changes, in order. Raises OSError, also where somebody has changed a path since it was looked at."""
    for change in changes:
        if read_state(change.path) not in (change.before, change.after):
            why = "somebody has changed it since this run looked at it"
            raise OSError(errno.EBUSY, why, change.path)
        write_state(change.path, change.after)


@dataclass(frozen=True)
class TakenBack:
    """What became of changes that were taken back: what kept any from that, and what somebody had put there meanwhile."""

    failures: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


def undo(changes: tuple[Change, ...]) -> TakenBack:
    """Take the changes back, last first; what was never made is left as it is, and so is what somebody else has put there."""
    failures: list[str] = []
    found: list[str] = []
    for change in reversed(changes):
        try:
            forget_draft(change.path)
            found += filter(None, (_taken_back(change),))
        except OSError as error:
            failures.append(str(error))
    return TakenBack(tuple(failures), tuple(found))


def _taken_back(change: Change) -> str:
    """Take one change back, and say what else was found there; in a place of its own Gatehouse sets it aside."""
    present = read_state(change.path)
    if present == change.before:
        return ""
    words = ""
    if present != change.after:
        words = f"{change.path} was changed meanwhile"
        if _OWN not in change.path:
            return f"{words}, and stays as it is"
        if present.kind not in ("absent", "link"):
            words = f"{words}; {set_aside(change.path)}"
    write_state(change.path, change.before)
    return words
