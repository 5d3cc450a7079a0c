"""What a long run is doing on a host, in a file of root's alone, for whoever waits for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from .files import private_directory
from .lock import RUNTIME

# Of plays; a killed run leaves its own, which goes with the next boot.
_PREFIX = "progress-"
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK
# A process carries out one run, and what tells of it stands far below what began it.
_paths: list[str] = []


@contextlib.contextmanager
def told(token: str | None, *, root: str = RUNTIME) -> Iterator[None]:
    """Have `tell` write for the play of `token` as long as the run lasts. Without a token nobody waits for words."""
    if not token:
        yield
        return
    path = os.path.join(root, f"{_PREFIX}{os.path.basename(token)}")
    _paths.append(path)
    try:
        yield
    finally:
        _paths.remove(path)
        with contextlib.suppress(OSError):
            os.unlink(path)


def tell(words: str) -> None:
    """Say what comes next and may take a while; no run fails for that."""
    for path in _paths:
        with contextlib.suppress(OSError):
            private_directory(os.path.dirname(path))
            # Not what files.write_file does: nobody needs it on the disk.
            descriptor = os.open(path, _FLAGS, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(f"{words}\n")
