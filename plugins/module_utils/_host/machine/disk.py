"""Configuration files on a disk that may hold anything: what can't be read is a problem, and nothing is read twice."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..._httpd.reading.problem_kinds import UNREADABLE_FILE
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place

LARGEST_FILE = 64 * 1024 * 1024  # bytes; ten thousand virtual hosts are 5 MB
MOST_FILES = 50_000  # an Include of the whole disk ends here


@dataclass
class Disk:
    """The texts that were read, by path, why others couldn't be, and the paths that are there but weren't read."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _seen: dict[str, str] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    @property
    def files(self) -> dict[str, str]:
        """What an environment is to know of the disk; what wasn't read is empty."""
        return {**self._seen, **self.texts}

    def look(self, path: str) -> bool:
        """Look whether a path is there, which is all that <IfFile> asks; tell whether it is a new one."""
        name = f"{path}/." if os.path.isdir(path) else path
        if name in self._seen or not os.path.exists(path):
            return False
        self._seen[name] = ""
        return True

    def read(self, pattern: str) -> bool:
        """Read the files that an Include of an absolute path asks for; tell whether there was a new one."""
        if pattern in self._asked:
            return False
        self._asked.add(pattern)
        before = len(self.texts)
        for path in _files(pattern):
            if len(self.texts) >= MOST_FILES:
                self._report(pattern, 0, f"has more than {MOST_FILES} files in it", "include less")
                break
            if path not in self.texts:
                self.texts[path] = self._text(path)
        return len(self.texts) > before

    def _text(self, path: str) -> str:
        """Return a file's text; empty, with a problem, where it has none."""
        try:
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode):
                self._report(path, 0, "is no regular file", "name a file that holds directives")
                return ""
            if status.st_size > LARGEST_FILE:
                self._report(
                    path, 0, f"has {status.st_size} bytes", "name a file that holds directives"
                )
                return ""
            with open(path, encoding="utf-8", errors="surrogateescape", newline="") as stream:
                text = stream.read()
        except OSError as error:
            self._report(
                path,
                0,
                f"can't be read: {error.strerror}",
                "run with `become: true`, or as a user who may read it",
            )
            return ""
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            self._report(
                path, line, "has a NUL character, so it is no configuration", "name a text file"
            )
            return ""
        return text

    def _report(self, path: str, line: int, message: str, fix: str) -> None:
        place = Place(path, line)
        message = f"{os.path.basename(path) or path} {message}"
        self.problems.append(UNREADABLE_FILE.problem(place, message, fix))


def _files(pattern: str) -> Iterator[str]:
    """Yield the files that a pattern matches, and those below the directories that it matches."""
    matched = [pattern] if os.path.lexists(pattern) else sorted(glob.glob(pattern))
    for path in matched:
        if not os.path.isdir(path):
            yield path
            continue
        for directory, directories, names in os.walk(path, followlinks=True):
            here = os.path.realpath(directory)
            directories[:] = sorted(
                name for name in directories if not _leads_up(f"{directory}/{name}", here)
            )
            for name in sorted(names):
                yield os.path.normpath(f"{directory}/{name}")


def _leads_up(link: str, here: str) -> bool:
    """Tell whether a link leads to where one comes from: such a walk has no end."""
    return f"{here}/".startswith(f"{os.path.realpath(link)}/")
