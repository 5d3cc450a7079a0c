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

    def is_link(self, path: str) -> bool:
        """Tell whether a symbolic link lies at a path."""

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

    def is_link(self, path: str) -> bool:  # noqa: ARG002 # the protocol's name for it
        """Tell whether a symbolic link lies at a path; there are none."""
        return False

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
    """Yield what an Include of an absolute path reads, in httpd's order (by name, at each level).

    Those are files, and what would have to be one: an empty directory is no mistake, what isn't there may be. Raises
    UnreadableFile on the way.
    """
    if not is_pattern(path):
        if files.kind(path) != "absent":
            yield from _below(files, path)
        return
    for found in _matched(files, "", path.strip("/").split("/")):
        yield from _below(files, found)


def is_pattern(text: str) -> bool:
    """Tell whether a path or a part of one stands for others (apr_fnmatch_test); a backslash takes that from what follows."""
    bare = _ESCAPED.sub("", text)
    return "*" in bare or "?" in bare or "]" in bare.partition("[")[2]


def _matched(files: Files, directory: str, parts: list[str]) -> Iterator[str]:
    """Yield the paths that match, level by level; behind a pattern of directories, what isn't there too."""
    if not parts:
        yield directory or "/"
        return
    first, rest = parts[0], parts[1:]
    names: Sequence[str] = [first]
    if is_pattern(first):
        names = [name for name in files.names(directory or "/") if _matches(name, first)]
        # Where more must follow, httpd passes over what is no directory, and over links to one.
        names = [name for name in names if not rest or _is_directory(files, f"{directory}/{name}")]
    for name in names:
        yield from _matched(files, f"{directory}/{name}", rest)


def _is_directory(files: Files, path: str) -> bool:
    return files.kind(path) == "directory" and not files.is_link(path)


def _below(files: Files, path: str) -> Iterator[str]:
    """Yield a file, or every file of a directory, itself where it has none, and what leads nowhere."""
    names = files.names(path) if files.kind(path) == "directory" else ()
    if not names:
        yield path
    for name in names:
        yield from _below(files, f"{path.rstrip('/')}/{name}")


def _matches(name: str, pattern: str) -> bool:
    """Match one part of a path; a name that begins with a dot is matched by a pattern that does."""
    if name[:1] == "." and pattern[:1] != ".":
        return False
    try:
        return fnmatchcase(name, _ESCAPED.sub(_literal, pattern.replace("[^", "[!")))
    except re.error:  # `[z-a]`, before Python 3.11
        return False


def _literal(escaped: re.Match[str]) -> str:
    """Write a character for fnmatch, which knows no backslash."""
    return f"[{escaped[1]}]" if escaped[1] in "*?[" else escaped[1]


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
