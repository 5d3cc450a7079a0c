"""The releases of a host, as operators read them: which serves, and when each came, by whom and with what change."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._httpd.vocabulary.layout import Layout
from ..asking.proved_digest import digest_at, proof_port_of
from ..machine import systemd
from ..store.history import Entry
from ..store.mending import listed_entries
from ..store.misplaced import misplaced
from ..store.service_state import is_kept_stopped
from ..store.store import Store


@dataclass(frozen=True)
class ReleaseLinks:
    """Which release Apache follows, which was proved last, and whether a commit between them is open.

    Where the server doesn't run nothing is live: it `is_stopped`, and `is_kept_stopped` if the last commit left it so. One
    that runs `answers` for a release, which may be another one than its files lead to.
    """

    followed: str
    proved: str
    is_open: bool = False
    is_stopped: bool = False
    is_kept_stopped: bool = False
    answers: str = ""

    @property
    def live(self) -> str:
        """The release that serves, as far as anybody answers."""
        return "" if self.is_stopped else self.answers or self.followed

    @property
    def mark(self) -> str:
        """What is said of the release that Apache follows."""
        if self.is_stopped:
            return "live once the server runs"
        return "live" if self.live == self.followed else "live once the server has read its files"

    @property
    def warning(self) -> str:
        """Say that what serves may not be what was proved, or that nothing does; nothing where all is well."""
        is_down = self.followed and self.is_stopped and not self.is_kept_stopped
        stopped = "the server doesn't run, and nobody asked for that; run `site`" if is_down else ""
        return self.unsettled or stopped

    @property
    def unsettled(self) -> str:
        """Say that what serves may not be what was proved; nothing where it is."""
        remedy = "unless it is under way, run `site`, which puts that right"
        if self.followed == self.proved and not self.is_open:
            if self.live in ("", self.followed):
                return ""
            serves = f"the server still serves the release {self.live}, and its files lead to {self.followed}"
            return f"{serves}; mend what keeps it from reading them, and run `site`"
        if self.followed == self.proved:
            return f"a commit is open: it is under way, or was cut off; {remedy}"
        follows = f"Apache follows {self.followed or 'no release'}"
        proved = f"{self.proved or 'none'} was proved last"
        why = "its commit is under way, or was cut off" if self.is_open else "its link was changed"
        return f"{follows}, and {proved}: {why}; {remedy}"


def read_links(store: Store, layout: Layout) -> ReleaseLinks:
    """Read them. Raises OSError."""
    # Of a removal that was cut off `current` may be there still.
    followed = store.current if os.path.lexists(layout.entry_link) else ""
    return ReleaseLinks(
        followed,
        store.proved,
        os.path.lexists(store.journal),
        not systemd.is_active(layout.unit),
        is_kept_stopped(store),
        digest_at(proof_port_of(store, store.proved)),
    )


def told_releases(store: Store, layout: Layout) -> dict[str, Any]:
    """Return a host's releases as a module returns them; `warnings` are about what somebody damaged. Raises OSError."""
    links = read_links(store, layout)
    entries, fault = listed_entries(store)
    kept = {entry.digest: store.is_complete(entry.digest) for entry in entries}
    faults = [*misplaced(store).values(), *filter(None, (fault,))]
    return {
        "releases": [plain(entry, links=links, kept=kept) for entry in reversed(entries)],
        "lines": table(entries, links=links, kept=kept),
        "warning": links.warning,
        "warnings": [f"{words}; the next commit puts that right" for words in faults],
    }


def table(entries: Sequence[Entry], *, links: ReleaseLinks, kept: Mapping[str, bool]) -> list[str]:
    """Return the history as lines, latest first."""
    lines = [_line(entry, links, kept) for entry in reversed(entries)]
    warning = [f"WARNING: {links.warning}"] if links.warning else []
    if not (lines or warning):
        return ["no release was committed on this host yet"]
    return [*warning, *lines]


def _line(entry: Entry, links: ReleaseLinks, kept: Mapping[str, bool]) -> str:
    """Return an entry as a line."""
    is_live = entry.digest == links.followed
    marks = [
        *([links.mark] if is_live else ["live"] if entry.digest == links.live else []),
        *(["proved last"] if entry.digest == links.proved and not is_live else []),
        *(["rolled back from"] if entry.has_failed else []),
        *(["maybe never proved"] if entry.is_guess else []),
        *([] if kept.get(entry.digest) else ["not kept whole"]),
    ]
    told = (entry.at or "before dates were kept", entry.by, entry.what, ", ".join(marks))
    return "  ".join((entry.digest, *filter(None, told)))


def plain(entry: Entry, *, links: ReleaseLinks, kept: Mapping[str, bool]) -> dict[str, Any]:
    """Return an entry as a module returns it."""
    return {
        "release": entry.digest,
        "at": entry.at,
        "by": entry.by,
        "what": entry.what,
        "is_live": entry.digest == links.live,
        "is_kept": bool(kept.get(entry.digest)),
        "was_rolled_back_from": entry.has_failed,
    }
