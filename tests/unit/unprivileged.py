"""What a user who isn't root gets, asked by a child process that gives up its rights."""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")
NOBODY = 65534


@contextmanager
def public_directory() -> Iterator[Path]:
    """Yield a directory that everybody may enter; pytest's own are root's alone."""
    directory = Path(tempfile.mkdtemp(prefix="gatehouse-test-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def as_nobody(ask: Callable[[], Answer]) -> Answer:
    """Return what `ask` returns to a user without rights."""
    if os.getuid():
        return ask()
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            answer = pickle.dumps(ask())
            with os.fdopen(into, "wb") as stream:
                stream.write(answer)
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        answer = stream.read()
    os.waitpid(child, 0)
    found: Answer = pickle.loads(answer)
    return found
