"""The distribution's packages."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

_QUERY = ("dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n")


def missing_packages(names: Sequence[str]) -> tuple[str, ...]:
    """Return which of these packages aren't installed, in order; all of them where nobody can tell."""
    if not names:
        return ()
    try:
        answer = subprocess.run([*_QUERY, *names], capture_output=True, text=True, check=False)
    except OSError:
        return tuple(names)
    installed = {
        line.partition(" ")[0] for line in answer.stdout.splitlines() if line.endswith(" installed")
    }
    return tuple(name for name in names if name not in installed)
