"""The ledger: how each distribution file that Gatehouse changed was before, so that removal can restore it."""

from __future__ import annotations

import json
from dataclasses import asdict

from ..machine.changes import Change, changes_from_plain
from ..machine.files import State, read_state
from ..machine.lock import HostError


def read_ledger(path: str) -> tuple[Change, ...]:
    """Return the ledger; nothing where Gatehouse changed nothing. Raises HostError where it is damaged."""
    state = read_state(path)
    try:
        return changes_from_plain(json.loads(state.content)) if state.kind == "file" else ()
    # Whatever somebody made of the file.
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{path} isn't as Gatehouse wrote it ({type(error).__name__}: {error})"
        fix = "restore it from a backup: it says how the host was before Gatehouse"
        raise HostError(f"{message}; {fix}") from error


def ledger_change(path: str, changes: tuple[Change, ...]) -> Change:
    """Return the ledger's own change that goes with `changes`."""
    extended = [asdict(change) for change in _extended(read_ledger(path), changes)]
    return Change(path, read_state(path), State("file", json.dumps(extended, indent=1), 0o600))


def restoring_changes(ledger: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return the changes that take Gatehouse's back, last first, where nobody else has changed the path since."""
    return tuple(
        Change(change.path, change.after, change.before, change.unit)
        for change in reversed(ledger)
        if read_state(change.path) == change.after
    )


def _extended(ledger: tuple[Change, ...], changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return by how each path differs from what it was before Gatehouse, once the changes are made."""
    merged: dict[str, Change] = {change.path: change for change in ledger}
    for change in changes:
        before = merged[change.path].before if change.path in merged else change.before
        merged[change.path] = Change(change.path, before, change.after, change.unit)
    return tuple(change for change in merged.values() if change.before != change.after)
