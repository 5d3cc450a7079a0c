"""The journal: what a commit is about to change, on the disk before the first change."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

from ..machine.changes import Change, changes_from_plain
from ..machine.file_kinds import regular
from ..machine.files import sync_directory, write_file
from ..machine.lock import HostError
from .history import COMMIT


@dataclass(frozen=True)
class Journal:
    """A commit under way: from one release to another (empty: none), and every change, in order.

    `was_active` says whether the server ran before, and `pid_file` where it writes its process (empty: where the
    distribution has it). `by`, `how` and `what` are for the history; `serves` is false where the server is to be stopped.
    """

    before: str
    after: str
    was_active: bool
    changes: tuple[Change, ...]
    pid_file: str = ""
    by: str = ""
    how: str = COMMIT
    what: str = ""
    serves: bool = True


# What journals of older versions lack.
_LATER = ("pid_file", "by", "how", "what", "serves")


def write_journal(path: str, journal: Journal) -> None:
    """Put the journal on the disk."""
    write_file(path, json.dumps(asdict(journal), indent=1))


def read_journal(path: str) -> Journal | None:
    """Return the journal that a commit left behind, or None. Raises HostError where it is damaged, and OSError."""
    try:
        with open(path, encoding="utf-8", opener=regular) as stream:
            plain = json.load(stream)
        return Journal(
            before=plain["before"],
            after=plain["after"],
            was_active=plain["was_active"],
            changes=changes_from_plain(plain["changes"]),
            **{name: plain[name] for name in _LATER if name in plain},
        )
    except FileNotFoundError:
        return None
    # Whatever somebody made of the file.
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise HostError(
            f"{path} isn't as Gatehouse wrote it ({type(error).__name__}: {error})"
        ) from error


def remove_journal(path: str) -> None:
    """End the commit."""
    os.unlink(path)
    sync_directory(os.path.dirname(path))
