"""One commit at a time on a host."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator

from .files import private_directory

RUNTIME = "/run/gatehouse"
LOCK = f"{RUNTIME}/lock"


class HostError(Exception):
    """Something of the host is in the way; the message says what, and what to do."""


def in_the_way(error: OSError) -> str:
    """Return what a module says where the host's files fail it."""
    reason = f"{error.filename}: {error.strerror}" if error.filename else _reason_of(error)
    return f"a file of the host is in the way: {reason}; mend that and run again"


def _reason_of(error: OSError) -> str:
    """Return why files couldn't be copied: of a whole directory Python names each, mostly for the same reason."""
    if not isinstance(error, shutil.Error) or not isinstance(error.args[0], list):
        return str(error)
    first, *others = error.args[0]
    source, _copy, why = first
    return f"{source}: {why}" + (f" (and {len(others)} more)" if others else "")


@contextlib.contextmanager
def locked(path: str = LOCK, *, patience: float = 120.0) -> Iterator[None]:
    """Hold the host's lock; it goes with the process, however that ends.

    `patience` is in seconds. Raises HostError when another commit holds it for longer.
    """
    private_directory(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as stream:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"another commit has held {path} for {patience:.0f} seconds; wait for it and run again"
                    raise HostError(message) from None
                time.sleep(0.1)
        yield
