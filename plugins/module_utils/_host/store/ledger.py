"""The ledger: how each distribution file that Gatehouse changed was before, so that removal can restore it."""

from __future__ import annotations

import json
from dataclasses import asdict

from ..._httpd.vocabulary.layout import Layout
from ..machine.changes import Change, changes_from_plain
from ..machine.files import ABSENT, State, read_state
from ..machine.lock import HostError


def read_ledger(path: str) -> tuple[Change, ...]:
    """Return the ledger; nothing where Gatehouse changed nothing. Raises HostError where it is damaged."""
    try:
        state = read_state(path)
        return changes_from_plain(json.loads(state.content)) if state.kind == "file" else ()
    # Whatever somebody made of the file.
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise HostError(
            f"{path} isn't as Gatehouse wrote it ({type(error).__name__}: {error})"
        ) from error


def known_ledger(path: str, layout: Layout) -> tuple[Change, ...]:
    """Return the ledger as far as it can be known: what leads Apache to a release is Gatehouse's, whatever the file says."""
    try:
        ledger = read_ledger(path)
    except HostError:
        ledger = ()
    listed = {change.path for change in ledger}
    entries = {
        one: read_state(one) for one in (layout.entry, layout.entry_link) if one not in listed
    }
    return (
        *ledger,
        *(Change(one, ABSENT, state) for one, state in entries.items() if state != ABSENT),
    )


def ledger_change(path: str, ledger: tuple[Change, ...], changes: tuple[Change, ...]) -> Change:
    """Return the ledger's own change that goes with `changes`."""
    return Change(
        path, read_state(path), State("file", print_ledger(_extended(ledger, changes)), 0o600)
    )


def print_ledger(ledger: tuple[Change, ...]) -> str:
    """Return the ledger's text."""
    return json.dumps([asdict(change) for change in ledger], indent=1)


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
