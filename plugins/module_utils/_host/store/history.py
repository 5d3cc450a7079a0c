"""What was committed on a host, when, by whom and over what: it stands beside the releases, outside of their digests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

COMMIT, ROLLBACK = "commit", "rollback"


@dataclass(frozen=True)
class Entry:
    """A release that was proved: `at` is UTC (ISO 8601), `by` a user and a machine, `what` changed in words.

    `has_failed` tells that somebody rolled back from it, `is_guess` that only its files say that it was proved. `parts` are
    the names of what it holds, whoever's they are. What an older Gatehouse wrote has a digest only.
    """

    digest: str
    at: str = ""
    by: str = ""
    how: str = COMMIT
    what: str = ""
    has_failed: bool = False
    is_guess: bool = False
    parts: tuple[str, ...] = ()


def read_entries(text: str) -> tuple[Entry, ...]:
    """Read the history, oldest first; a line that nobody can read is none."""
    return tuple(_read(text.splitlines()))


def _read(lines: Iterable[str]) -> Iterator[Entry]:
    known = {field.name for field in fields(Entry)}
    for line in lines:
        try:
            written: dict[str, Any] = (
                json.loads(line) if line.startswith("{") else {"digest": line.strip()}
            )
            entry = Entry(**{name: value for name, value in written.items() if name in known})
            entry = replace(entry, parts=tuple(entry.parts))
            if entry.digest.isalnum():
                yield entry
        except (AttributeError, TypeError, ValueError):
            continue


def print_entries(entries: Iterable[Entry]) -> str:
    """Write the history, a line each."""
    return "".join(f"{json.dumps(asdict(entry))}\n" for entry in entries)


def added(entries: Sequence[Entry], entry: Entry, *, before: str, most: int) -> list[Entry]:
    """Return the history with what was proved now; a rollback marks the release that it left, and those that it passed over.

    A release has one place, that of its latest commit; a rollback to it changes nothing about that, nor does a commit that
    mends the host, or stops the server, `before` whose release was live already. Of more than `most` the
    oldest go, those first that somebody went back from; what was live until now stays.
    """
    known = {one.digest: one for one in entries}
    if entry.digest == before and before in known:
        return [*entries]
    if entry.how == ROLLBACK and entry.digest in known:
        # What it goes back from, and past, isn't what the next one goes back to; what it goes to is, whatever was thought of it
        # before. Going forward again leaves nothing behind that failed.
        later = [*known][[*known].index(entry.digest) :]
        marks = {**dict.fromkeys(later, True), entry.digest: False}
        return [replace(one, has_failed=marks.get(one.digest, one.has_failed)) for one in entries]
    others = [one for one in entries if one.digest != entry.digest]
    while len(others) >= most:
        old = [one for one in others if one.digest != before]
        others.remove(next((one for one in old if one.has_failed), old[0]))
    return [*others, entry]


def previous(entries: Sequence[Entry], proved: str) -> str:
    """Return the release to go back to: the last one before the present one that nobody went back from; empty for none."""
    digests = [one.digest for one in entries]
    earlier = entries[: digests.index(proved)] if proved in digests else entries
    good = [one.digest for one in earlier if not one.has_failed and one.digest != proved]
    return good[-1] if good else ""


def nothing_before(proved: str, kept: Sequence[str]) -> str:
    """Say why there is no release to go back to, and what can be done; `kept` has the oldest first."""
    if not proved:
        return "no release was committed on this host yet, so there is none to go back to"
    others = ", ".join(one for one in kept if one != proved)
    if not others:
        return f"{proved} is the only release of this host, so there is none to go back to"
    if kept and kept[0] == proved:
        return (
            f"{proved} is the first release that this host keeps, so there is none to go back to; to go forward again write"
            f" -e apache_release=DIGEST with one of: {others}"
        )
    return (
        f"somebody went back already from each release before {proved}, or it is no longer kept;"
        f" write -e apache_release=DIGEST with one of: {others}"
    )


def nothing_kept(wanted: str, kept: Sequence[str], found: Sequence[str] = ()) -> str:
    """Say that a release can't be gone back to, for what was `found`, and which others can be."""
    others = ", ".join(one for one in kept if one != wanted) or "none"
    said = (
        "isn't as it was committed, and can't be restored"
        if found
        else "isn't kept whole on this host"
    )
    message = f"the release {wanted} {said}; write -e apache_release=DIGEST with one of: {others}"
    return "\n".join((message, *found))


def nothing_taken_back(wanted: str, kept: Sequence[str], live: str, difference: str) -> str:
    """Say why going back to a release changed nothing: it is live, or there is only a `difference` that no release has."""
    if wanted == live:
        return f"{wanted} is the release that serves"
    others = ", ".join(one for one in kept if one not in (wanted, live))
    further = f"; to go elsewhere write -e apache_release=DIGEST with one of: {others}"
    return difference + (further if others else "")
