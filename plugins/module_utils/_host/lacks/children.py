"""Who httpd's children are, and which directories keep them out."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Iterator, Set
from dataclasses import dataclass

from ..._httpd.reading.server import Server
from ..._httpd.vocabulary.layout import Layout
from .server_files import ServerFiles


@dataclass(frozen=True)
class Barrier:
    """A directory that somebody can't pass, or a file that they can't read."""

    path: str
    mode: int
    is_file: bool


@dataclass(frozen=True)
class Children:
    """The user and the groups that httpd's children have."""

    name: str
    uid: int
    gids: Set[int]

    def barrier(self, path: str, files: ServerFiles) -> Barrier | None:
        """Return the first on the way to a path, by its own name and by where it leads, that keeps them out."""
        for way in (path, files.target(path)):
            for step in _steps(way):
                status = files.status(step)
                if status is None or stat.S_ISLNK(status.st_mode):
                    break
                is_file = not stat.S_ISDIR(status.st_mode)
                may = self._may(status, stat.S_IROTH if is_file else stat.S_IXOTH)
                # With an access list a mode isn't all that holds.
                if not may and not files.has_access_list(step):
                    return Barrier(step, stat.S_IMODE(status.st_mode), is_file)
        return None

    def _may(self, status: os.stat_result, bit: int) -> bool:
        """Tell whether a mode grants them what `bit` grants to others."""
        if self.uid == 0:
            return True
        if status.st_uid == self.uid:
            return bool(status.st_mode & bit << 6)
        return bool(status.st_mode & (bit << 3 if status.st_gid in self.gids else bit))


def children_of(server: Server, layout: Layout) -> Children | None:
    """Return them by the server's User and Group, the distribution's where it has none; None where the host doesn't know
    them."""
    user = _named(server, "user", layout.run_user)
    group = _named(server, "group", layout.run_group)
    try:
        entry = pwd.getpwuid(int(user[1:])) if user.startswith("#") else pwd.getpwnam(user)
        gid = int(group[1:]) if group.startswith("#") else grp.getgrnam(group).gr_gid
    except (KeyError, ValueError):
        return None
    return Children(
        entry.pw_name, entry.pw_uid, frozenset({gid, *os.getgrouplist(entry.pw_name, gid)})
    )


def _named(server: Server, name: str, default: str) -> str:
    """Return the word of the last such directive of the main server."""
    words = [word for placed in server.main.named(name) for word in placed.values[:1]]
    return words[-1] if words and "${" not in words[-1] else default


def _steps(path: str) -> Iterator[str]:
    """Yield each path from / to a path."""
    yield "/"
    for end, letter in enumerate(path):
        if letter == "/" and end:
            yield path[:end]
    if path != "/":
        yield path
