"""The journal: what a commit is about to change, on the disk before the first change."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..machine.files import State, forget_draft, read_state, sync_directory, write_file, write_state


@dataclass(frozen=True)
class Change:
    """One path's way from one state to another."""

    path: str
    before: State
    after: State


@dataclass(frozen=True)
class Journal:
    """A commit under way: from one release to another (empty: none), and every change, in order.

    `was_active` says whether the server ran before.
    """

    before: str
    after: str
    was_active: bool
    changes: tuple[Change, ...]


def write_journal(path: str, journal: Journal) -> None:
    """Put the journal on the disk."""
    write_file(path, json.dumps(asdict(journal), indent=1))


def read_journal(path: str) -> Journal | None:
    """Return the journal that a commit left behind, or None."""
    try:
        with open(path, encoding="utf-8") as stream:
            plain = json.load(stream)
    except FileNotFoundError:
        return None
    return Journal(
        before=plain["before"],
        after=plain["after"],
        was_active=plain["was_active"],
        changes=changes_from_plain(plain["changes"]),
    )


def remove_journal(path: str) -> None:
    """End the commit."""
    os.unlink(path)
    sync_directory(os.path.dirname(path))


def changes_from_plain(plain: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Read changes from JSON."""
    return tuple(
        Change(row["path"], State(**row["before"]), State(**row["after"])) for row in plain
    )


def apply(changes: Iterable[Change]) -> None:
    """Make the changes, in order."""
    for change in changes:
        write_state(change.path, change.after)


def undo(changes: tuple[Change, ...]) -> None:
    """Take the changes back, last first; what was never made is left as it is."""
    for change in reversed(changes):
        forget_draft(change.path)
        if read_state(change.path) != change.before:
            write_state(change.path, change.before)
