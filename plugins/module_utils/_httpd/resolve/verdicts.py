"""Verdicts on what may not be known: true, false, or None."""

from __future__ import annotations

from collections.abc import Collection
from typing import Optional

Verdict = Optional[bool]


def either(verdicts: Collection[Verdict]) -> Verdict:
    """Tell whether any holds."""
    return True if True in verdicts else (None if None in verdicts else False)


def both(verdicts: Collection[Verdict]) -> Verdict:
    """Tell whether all hold."""
    return False if False in verdicts else (None if None in verdicts else True)


def opposite(verdict: Verdict) -> Verdict:
    """Tell whether it doesn't hold."""
    return None if verdict is None else not verdict
