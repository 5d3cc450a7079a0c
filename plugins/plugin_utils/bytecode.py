# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the bytecode of the core, which Ansible's loader would compile anew in every start of its programs.

It lies in Ansible's own directory of whoever runs it (`ANSIBLE_HOME`), so an installed collection stays as it was installed.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from ansible import constants

_CORE = (
    "ansible_collections.gatehouse.apache.plugins.module_utils._httpd",
    "ansible_collections.gatehouse.apache.plugins.module_utils._host",
)


@contextlib.contextmanager
def kept_bytecode(home: str = constants.ANSIBLE_HOME) -> Iterator[None]:
    """Have what is imported of the core within keep its bytecode in `home`; compiled as ever where that isn't the user's own."""
    directory = _private_directory(Path(home))
    if directory is None:
        yield
        return
    finder = _CoreFinder(directory)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def _private_directory(home: Path) -> Path | None:
    """Return a directory, made where it isn't there, in which the user alone can write; None where there can be none."""
    directory = home / "gatehouse" / "bytecode"
    try:
        for path in (home, directory.parent, directory):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = path.stat()
            is_open = path != home and found.st_mode & 0o022
            # Root doesn't fill the home of a user who called sudo.
            if found.st_uid != os.geteuid() or is_open:
                return None
    except OSError:
        return None
    return directory


class _CoreFinder:
    """Finds the core's modules as Python finds others, for a loader that keeps their bytecode in a directory."""

    def __init__(self, directory: Path) -> None:
        loader = functools.partial(_KeepingLoader, directory)
        self._in = functools.lru_cache(maxsize=None)(
            lambda path: FileFinder(path, (loader, SOURCE_SUFFIXES))
        )

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of the core; no other is found here."""
        if path is None or not f"{name}.".startswith(tuple(f"{core}." for core in _CORE)):
            return None
        found = (self._in(one).find_spec(name) for one in path)
        return next((spec for spec in found if spec), None)


class _KeepingLoader(SourceFileLoader):
    """Python's loader of files, whose bytecode lies in a directory of its own."""

    def __init__(self, directory: Path, name: str, path: str) -> None:
        super().__init__(name, path)
        self._directory = directory

    def get_code(self, fullname: str) -> CodeType | None:
        """Return a module's code; bytecode that a full disk cut off counts for nothing."""
        try:
            return super().get_code(fullname)
        except (EOFError, ImportError, TypeError, ValueError):
            path = self.get_filename(fullname)
            code: CodeType = self.source_to_code(self.get_data(path), path)
            return code

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Return what bytecode is held against: a package may install another version with the times of the last."""
        found = os.stat(path)
        written = f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
        return {"mtime": zlib.crc32(written.encode()), "size": found.st_size}

    def get_data(self, path: str) -> bytes:
        """Read a file of source, or of bytecode where it is kept."""
        return super().get_data(self._kept(path))

    def set_data(self, path: str, data: bytes, **mode: int) -> None:
        """Write bytecode where it is kept, if that can be done."""
        super().set_data(self._kept(path), data, **mode)

    def _kept(self, path: str) -> str:
        """Return where a file's content lies."""
        return path if path == self.path else str(self._directory / path.lstrip(os.sep))
