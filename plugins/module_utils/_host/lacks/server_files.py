"""The host's files as the server sees them: its unit may hide directories, and give it a /tmp of its own."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass

from ..machine import systemd

_MOST_LINKS = 40  # as the kernel
OWN_TEMPORARY = ("/tmp", "/var/tmp")
# Links there lead elsewhere for each process: /dev/stderr is one.
PROCESS_DIRECTORIES = ("/proc/self/", "/proc/thread-self/")


@dataclass(frozen=True)
class ServerFiles:
    """Files by the names that they have for the server; `root` is where the host has the server's root directory.

    Of the `fresh` directories each start makes new ones, with nothing in them.
    """

    root: str = ""
    fresh: tuple[str, ...] = ()

    def target(self, path: str) -> str:
        """Return where a path leads, without links. Raises OSError where they go round in a circle.

        Each link is read below `root`: an absolute one leads out of it for anybody else.
        """
        found = ""
        pending = os.path.normpath(path).split("/")[::-1]
        links = 0
        while pending:
            name = pending.pop()
            if name in ("", ".", ".."):
                found = os.path.dirname(found) if name == ".." else found
                continue
            found = f"{found.rstrip('/')}/{name}"
            if f"{found}/" in PROCESS_DIRECTORIES:
                return "/".join((found, *pending[::-1]))
            link = self._link(found)
            if link:
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                found = "" if link.startswith("/") else os.path.dirname(found)
                pending += link.split("/")[::-1]
        return found or "/"

    def kind(self, target: str) -> int:
        """Return what lies where a path leads, as `stat.S_IFMT` names it; 0 where nothing does."""
        status = self.status(target)
        return stat.S_IFMT(status.st_mode) if status else 0

    def status(self, target: str) -> os.stat_result | None:
        """Return the status of what lies there, a link's own; None where nothing does."""
        if self.is_fresh(target):
            return None
        try:
            return os.lstat(self.root + target)
        except OSError:
            return None

    def has_access_list(self, target: str) -> bool:
        """Tell whether more than its mode says who may use what lies there."""
        try:
            return bool(os.getxattr(self.root + target, "system.posix_acl_access"))
        except OSError:
            return False

    def is_directory(self, path: str) -> bool:
        """Tell whether a path leads to a directory."""
        try:
            return self.kind(self.target(path)) == stat.S_IFDIR
        except OSError:
            return False

    def exists(self, path: str) -> bool:
        """Tell whether a path leads to anything."""
        try:
            return self.kind(self.target(path)) != 0
        except OSError:
            return False

    def is_fresh(self, path: str) -> bool:
        """Tell whether a path lies in what the next start makes anew."""
        return any(path.startswith(f"{directory}/") for directory in self.fresh)

    def writing_error(self, target: str) -> str:
        """Return why nobody can write to a file that is there; empty where it works."""
        try:
            os.close(os.open(self.root + target, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW))
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def making_error(self, directory: str) -> str:
        """Return why nobody can make a file in a directory; empty where it works. Nothing of it stays."""
        path = self.root + directory
        try:
            os.close(os.open(path, os.O_TMPFILE | os.O_WRONLY, 0o600))
        except OSError as error:
            # What the kernel, or the file system, answers where it makes no files without a name.
            if error.errno in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL):
                return _named_error(f"{path}/.gatehouse-{os.getpid()}")
            return error.strerror or str(error)
        return ""

    def _link(self, path: str) -> str:
        """Return what a link says; empty for what is none."""
        if self.is_fresh(path):
            return ""
        try:
            return os.readlink(self.root + path)
        except OSError:
            return ""


def server_files(unit: str, pid: int, *, starts_anew: bool) -> ServerFiles:
    """Return the files of the unit's server, which runs as `pid` (0: it doesn't) or `starts_anew`."""
    root = f"/proc/{pid}/root"
    # Who may not trace a process can't look there; mostly both have the same files then.
    sees = pid and os.access(f"{root}/", os.X_OK)
    hidden = starts_anew and systemd.show(unit, "PrivateTmp")["PrivateTmp"] not in ("", "no")
    return ServerFiles(root if sees else "", OWN_TEMPORARY if hidden else ())


def _named_error(path: str) -> str:
    """Return why a file can't be made; one that can is gone at once."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        return error.strerror or str(error)
    with contextlib.suppress(OSError):
        os.unlink(path)
    return ""
