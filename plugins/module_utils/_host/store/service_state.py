"""Whether the last commit left the server stopped, as it was asked to: then nobody else did it."""

from __future__ import annotations

import contextlib
import os

from ..machine.files import write_file
from .store import Store


def is_kept_stopped(store: Store) -> bool:
    """Tell whether the last commit left the server stopped. One of an older Gatehouse never says so."""
    return os.path.isfile(_path(store))


def remember_service(store: Store, *, serves: bool) -> None:
    """Remember whether a commit left the server running. Raises OSError."""
    if not serves:
        write_file(_path(store), "")
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_path(store))


def _path(store: Store) -> str:
    return f"{store.root}/stopped"
