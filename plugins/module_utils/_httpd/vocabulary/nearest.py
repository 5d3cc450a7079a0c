"""The directive that a misspelt name was meant to be."""

from __future__ import annotations

import difflib
from functools import lru_cache

from .directives import DIRECTIVES

# How alike two names must be for one to be a slip of the other: ServerNam and ServerName, not SecRule and Require.
SLIP = 0.85
LONGEST = 60  # characters; no directive has as many


@lru_cache(maxsize=4096)
def nearest_directive(name: str) -> str:
    """Return the lower-case directive of which `name`, lower-case, is a slip; empty for none."""
    if len(name) > LONGEST:
        return ""
    near = [known for known in DIRECTIVES if _may_be_near(known, name)]
    found = difflib.get_close_matches(name, near, n=1, cutoff=SLIP)
    return found[0] if found else ""


def _may_be_near(known: str, name: str) -> bool:
    """Pass over most names quickly: of a file that is no configuration every line comes here."""
    if known[:1] != name[:1] and known[-2:] != name[-2:]:
        return False
    return abs(len(known) - len(name)) <= (1 - SLIP) * (len(known) + len(name))
