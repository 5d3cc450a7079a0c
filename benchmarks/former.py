"""A former state of the code, beside the present one for as long as both are measured."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRESENT = "present"


@contextmanager
def states(revision: str | None) -> Iterator[dict[str, Path]]:
    """Give the checkout of each state by its name: the present one, and that of `revision` if there is one."""
    if revision is None:
        yield {PRESENT: ROOT}
        return
    with tempfile.TemporaryDirectory() as directory:
        # Ansible finds a collection by where it lies.
        former = Path(directory, "ansible_collections", "gatehouse", "apache")
        former.parent.mkdir(parents=True)
        _git("worktree", "add", "--quiet", "--detach", str(former), revision)
        try:
            yield {revision: former, PRESENT: ROOT}
        finally:
            _git("worktree", "remove", "--force", str(former))


def collections_of(checkout: Path) -> Path:
    """Return the directory in which Ansible finds a checkout's collection."""
    return ROOT / ".cache" / "collections" if checkout == ROOT else checkout.parents[2]


def _git(*words: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *words], check=True)
