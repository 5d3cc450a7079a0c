"""The files of a world: what lies at a path, and which files an Include of a pattern reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Literal, Protocol

FileKind = Literal["file", "directory", "broken link", "absent"]


class UnreadableFile(Exception):
    """A path that can't be read; `message` goes on from its name, `line` is 0 where it is about the whole."""

    def __init__(self, path: str, message: str, fix: str, line: int = 0) -> None:
        super().__init__(f"{path} {message}")
        self.path = path
        self.message = message
        self.fix = fix
        self.line = line


class Files(Protocol):
    """What lies at absolute paths. Each method raises UnreadableFile where that can't be told."""

    def kind(self, path: str) -> FileKind:
        """Tell what a path leads to."""

    def names(self, directory: str) -> Sequence[str]:
        """Return the names in a directory, sorted; none where there is no directory."""

    def text(self, path: str) -> str:
        """Return a file's text."""


@dataclass(frozen=True)
class Texts:
    """Files that are given by absolute path; a directory exists where a file below it does."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def kind(self, path: str) -> FileKind:
        """Tell what a path leads to."""
        if path in self.texts:
            return "file"
        return "directory" if path in self._directories else "absent"

    def names(self, directory: str) -> Sequence[str]:
        """Return the names in a directory, sorted."""
        return self._directories.get(directory, ())

    def text(self, path: str) -> str:
        """Return a file's text."""
        return self.texts[path]

    @cached_property
    def _directories(self) -> Mapping[str, Sequence[str]]:
        """The names in each directory."""
        return names_by_directory(self.texts)


def names_by_directory(paths: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return the sorted names in each directory that leads to one of the paths."""
    found: dict[str, set[str]] = {}
    for path in paths:
        is_new = True
        while is_new and path != "/":
            above, _slash, name = path.rpartition("/")
            path = above or "/"
            is_new = path not in found
            found.setdefault(path, set()).add(name)
    return {directory: sorted(names) for directory, names in found.items()}


def matching_files(files: Files, path: str) -> Iterator[str]:
    """Yield the files that an Include of an absolute path reads, in httpd's order (by name, at each level).

    Raises UnreadableFile on the way.
    """
    if not is_pattern(path):
        yield from _below(files, path)
        return
    for found in _matched(files, "", path.strip("/").split("/")):
        yield from _below(files, found)


def is_pattern(text: str) -> bool:
    """Tell whether a path or a part of one stands for others."""
    return any(character in text for character in "*?[")


def _matched(files: Files, directory: str, parts: list[str]) -> Iterator[str]:
    """Yield the paths that match, level by level."""
    if not parts:
        yield directory or "/"
        return
    names: Sequence[str] = parts[:1]
    if is_pattern(parts[0]):
        names = [name for name in files.names(directory or "/") if _matches(name, parts[0])]
    for name in names:
        yield from _matched(files, f"{directory}/{name}", parts[1:])


def _below(files: Files, path: str) -> Iterator[str]:
    """Yield a file, or every file of a directory; a link that leads nowhere too, which IncludeOptional passes over."""
    kind = files.kind(path)
    if kind in ("file", "broken link"):
        yield path
    elif kind == "directory":
        for name in files.names(path):
            yield from _below(files, f"{path.rstrip('/')}/{name}")


def _matches(name: str, pattern: str) -> bool:
    """Match one part of a path; a name that begins with a dot is matched by a pattern that does."""
    if name[:1] == "." and pattern[:1] != ".":
        return False
    try:
        return fnmatchcase(name, pattern.replace("[^", "[!"))
    except re.error:  # `[z-a]`, before Python 3.11
        return False
