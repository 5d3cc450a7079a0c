"""One commit at a time on a host."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator

from .file_kinds import kind_at, obstacle_above
from .files import private_directory, set_aside

RUNTIME = "/run/gatehouse"
LOCK = f"{RUNTIME}/lock"
_OF_THE_NEW_NAME = (errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.EEXIST)


class HostError(Exception):
    """Something of the host is in the way; the message says what, and what to do."""


def in_the_way(error: OSError) -> str:
    """Return what a module says where the host's files fail it."""
    path = _path_of(error)
    reason = f"{path}: {error.strerror}" if path else _reason_of(error)
    return f"a file of the host is in the way: {reason}; mend that and run again"


def _path_of(error: OSError) -> str:
    """Return the path that is in the way; of a renaming, that is mostly the new name. Empty where none is told."""
    path = str(error.filename or "")
    # What a new link leads to isn't where it was to be made.
    is_target = not os.path.isabs(path)
    if error.filename2 and (is_target or error.errno in _OF_THE_NEW_NAME):
        path = str(error.filename2)
    return (obstacle_above(path) if error.errno == errno.ENOTDIR else "") or path


def _reason_of(error: OSError) -> str:
    """Return why files couldn't be copied: of a whole directory Python names each, mostly for the same reason."""
    if not isinstance(error, shutil.Error) or not isinstance(error.args[0], list):
        return str(error)
    first, *others = error.args[0]
    source, _copy, why = first
    return f"{source}: {why}" + (f" (and {len(others)} more)" if others else "")


@contextlib.contextmanager
def locked(path: str = LOCK, *, patience: float = 120.0) -> Iterator[str]:
    """Hold the host's lock; it goes with the process, however that ends. Yield what was in its way, empty for nothing.

    `patience` is in seconds. Raises HostError when another commit holds it for longer.
    """
    private_directory(os.path.dirname(path))
    found = _put_right(path)
    with open(path, "a", encoding="utf-8", opener=_created) as stream:
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
        yield found


def _put_right(path: str) -> str:
    """Set aside what lies in a lock's place and is no file, and say so; empty where nothing does. Raises OSError."""
    if kind_at(path) in ("", "a file"):
        return ""
    # Of runs that find it at once the second finds the lock of the first, which must stay where it is.
    directory = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        kind = kind_at(path)
        return "" if kind in ("", "a file") else f"{path} is {kind}, not a file; {set_aside(path)}"
    finally:
        os.close(directory)


def _created(path: str, flags: int) -> int:
    """Open a lock, as `open` takes an `opener`; a new one is root's alone."""
    return os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
