"""What only root may do on a host."""

from __future__ import annotations

import os
import pwd


def missing_root(task: str) -> str:
    """Return why a task can't be done by whoever runs it, and what to write; empty for root."""
    if os.geteuid() == 0:
        return ""
    return f"{task} needs root, and {_name_of(os.geteuid())} runs this; write `become: true` in the play, or run with -b"


def _name_of(uid: int) -> str:
    """Return a user's name, the number where there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
