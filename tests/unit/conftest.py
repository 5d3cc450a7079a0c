"""What several unit tests share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# What the tests' own tools keep, and the bytecode of the core: Ansible takes a plugin that can't be imported for missing.
BYTECODE = Path(os.environ.get("ANSIBLE_HOME", "~/.ansible")).expanduser() / "gatehouse"
KEPT = (ROOT / ".cache", ROOT / ".hypothesis", ROOT / ".pytest_cache", BYTECODE)
CHANGING = ("chmod", "chown", "rename", "replace", "rmdir", "unlink")


@pytest.fixture(autouse=True)
def nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing removed, renamed or given away but what lies in a temporary directory, whatever links lead to.

    What works on a host's store mostly runs as root: a link that it followed by mistake once led out of a test's directory.
    """
    allowed = tuple(f"{Path(one).resolve()}/" for one in (tempfile.gettempdir(), *KEPT))
    monkeypatch.setattr(shutil, "rmtree", _held_within(shutil.rmtree, allowed))
    for name in CHANGING:
        monkeypatch.setattr(os, name, _held_within(getattr(os, name), allowed))


def _held_within(function: Callable[..., Any], allowed: tuple[str, ...]) -> Callable[..., Any]:
    """Return a function that refuses a path whose directory, as links lead, is outside of these."""

    def held(path: Any, *arguments: Any, **named: Any) -> Any:
        # rmtree itself works relative to directories that are open.
        if not isinstance(path, int) and named.get("dir_fd") is None:
            above, name = os.path.split(os.path.abspath(os.fsdecode(path)))
            whole = os.path.join(os.path.realpath(above), name)
            # Of a link chmod and chown change what it leads to.
            if function.__name__ in ("chmod", "chown"):
                whole = os.path.realpath(whole)
            # Python keeps what it compiled beside what it reads, the first time that it does.
            assert whole.startswith(allowed) or "/__pycache__/" in whole, (
                f"{function.__name__} of {whole}"
            )
        return function(path, *arguments, **named)

    return held


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose collection path leads here."""
    (tmp_path / "ansible_collections/gatehouse").mkdir(parents=True)
    (tmp_path / "ansible_collections/gatehouse/apache").symlink_to(ROOT)
    return tmp_path
