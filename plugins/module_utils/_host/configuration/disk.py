"""Configuration files on a disk that may hold anything: each is read once, and what can't be read says why."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..._httpd.reading.included_files import FileKind, UnreadableFile

LARGEST_FILE = 64 * 1024 * 1024  # bytes; ten thousand virtual hosts are 5 MB
MOST_FILES = 50_000  # an Include of the whole disk ends here

_BECOME = "run with become (-b), or as a user who may read it"
_NO_CONFIGURATION = "name a file that holds directives"
_ABSENT = (errno.ENOENT, errno.ENOTDIR)
_REFUSED = (errno.EACCES, errno.EPERM)


@dataclass
class Disk:
    """The files of this machine, as they were when they were first asked for."""

    _kinds: dict[str, FileKind] = field(default_factory=dict)
    _names: dict[str, Sequence[str]] = field(default_factory=dict)
    _texts: dict[str, str | UnreadableFile] = field(default_factory=dict)

    def kind(self, path: str) -> FileKind:
        """Tell what a path leads to. Raises UnreadableFile."""
        if path not in self._kinds:
            self._kinds[path] = _kind(path)
        return self._kinds[path]

    def is_link(self, path: str) -> bool:
        """Tell whether a symbolic link lies at a path."""
        return os.path.islink(path)

    def names(self, directory: str) -> Sequence[str]:
        """Return the names in a directory, sorted; links that lead to where one comes from are left out, since such a walk
        has no end. Raises UnreadableFile."""
        if len(self._texts) > MOST_FILES:
            return ()
        if directory not in self._names:
            self._names[directory] = _names(directory)
        return self._names[directory]

    def text(self, path: str) -> str:
        """Return a file's text; bytes that are no UTF-8 come back as surrogates. Raises UnreadableFile."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        found = self._texts[path]
        if isinstance(found, UnreadableFile):
            raise found
        return found

    def _read(self, path: str) -> str | UnreadableFile:
        """Read a file. Of all that are too many the first is told."""
        if len(self._texts) > MOST_FILES:
            return ""
        if len(self._texts) == MOST_FILES:
            message = f"comes after {MOST_FILES} other files, and no more are read"
            return UnreadableFile(path, message, "include less")
        try:
            return _text(path)
        except OSError as error:
            return _fault(path, error, "read")
        except UnreadableFile as fault:
            return fault


def _kind(path: str) -> FileKind:
    try:
        return "directory" if stat.S_ISDIR(os.stat(path).st_mode) else "file"
    except OSError as error:
        if error.errno not in _ABSENT:
            raise _fault(path, error, "read") from None
        return "broken link" if os.path.islink(path) else "absent"


def _names(directory: str) -> Sequence[str]:
    try:
        here = os.path.realpath(directory)
        with os.scandir(directory) as entries:
            return sorted(
                entry.name
                for entry in entries
                if not (entry.is_symlink() and _leads_up(entry.path, here))
            )
    except OSError as error:
        if error.errno not in _ABSENT:
            raise _fault(directory, error, "listed") from None
        return ()


def _text(path: str) -> str:
    """Return a file's text. Raises UnreadableFile and OSError."""
    status = os.stat(path)
    if path == os.devnull:  # httpd takes this one for an empty file
        return ""
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile(path, "is no regular file", _NO_CONFIGURATION)
    if status.st_size > LARGEST_FILE:
        message = f"has {status.st_size} bytes, more than the {LARGEST_FILE} that are read"
        raise UnreadableFile(path, message, _NO_CONFIGURATION)
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as stream:
        text = stream.read()
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableFile(
            path, "has a NUL character, so it is no text", "name a text file", line
        )
    return text


def _fault(path: str, error: OSError, verb: str) -> UnreadableFile:
    fix = _BECOME if error.errno in _REFUSED else "restore it, or remove what leads to it"
    return UnreadableFile(path, f"can't be {verb}: {error.strerror}", fix)


def _leads_up(link: str, here: str) -> bool:
    """Tell whether a link leads to a directory that one is in."""
    return f"{here}/".startswith(f"{os.path.realpath(link)}/")
