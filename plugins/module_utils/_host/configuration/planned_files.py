"""Files as they will be: those that are there, with planned states of some paths over them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..._httpd.reading.included_files import FileKind, Files, names_by_directory
from ..machine.files import State


@dataclass(frozen=True)
class PlannedFiles:
    """Files under planned `states`; what lies below a path that will be absent is absent too, unless it is planned."""

    files: Files
    states: Mapping[str, State]

    def kind(self, path: str) -> FileKind:
        """Tell what a path will lead to. Raises UnreadableFile."""
        state = self.states.get(path)
        if state and state.kind == "link":
            found = self.kind(_target(path, state))
            return "broken link" if found == "absent" else found
        if state and state.kind in ("file", "directory"):
            return "file" if state.kind == "file" else "directory"
        if path in self._directories:
            return "directory"
        return "absent" if self._is_removed(path) else self.files.kind(path)

    def is_link(self, path: str) -> bool:
        """Tell whether a symbolic link will lie at a path."""
        state = self.states.get(path)
        if state:
            return state.kind == "link"
        return path not in self._directories and self.files.is_link(path)

    def names(self, directory: str) -> Sequence[str]:
        """Return the names that will be in a directory, sorted. Raises UnreadableFile."""
        state = self.states.get(directory)
        if state and state.kind == "link":
            return self.names(_target(directory, state))
        present = () if self._is_removed(directory) else self.files.names(directory)
        above = directory.rstrip("/")
        kept = (name for name in present if not self._is_absent(f"{above}/{name}"))
        return sorted({*kept, *self._directories.get(directory, ())})

    def text(self, path: str) -> str:
        """Return the text that will be at a path. Raises UnreadableFile."""
        state = self.states.get(path)
        if state and state.kind == "link":
            return self.text(_target(path, state))
        return state.content if state and state.kind == "file" else self.files.text(path)

    @cached_property
    def _directories(self) -> Mapping[str, Sequence[str]]:
        """The planned names in each directory that has some."""
        return names_by_directory(
            path for path, state in self.states.items() if state.kind != "absent"
        )

    def _is_absent(self, path: str) -> bool:
        return path in self.states and self.states[path].kind == "absent"

    def _is_removed(self, path: str) -> bool:
        """Tell whether a path, or one above it, will be absent."""
        return self._is_absent(path) or any(map(self._is_absent, _above(path)))


def _above(path: str) -> Iterator[str]:
    """Yield each directory above a path."""
    while path != "/":
        path = os.path.dirname(path)
        yield path


def _target(path: str, state: State) -> str:
    """Return where a link leads."""
    return os.path.normpath(os.path.join(os.path.dirname(path), state.content))
