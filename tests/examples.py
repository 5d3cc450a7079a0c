"""How many random examples a run tries: all of them in `make test`, a tenth in `make check`, where somebody waits."""

from __future__ import annotations

import os

from hypothesis import settings

_SHARE = 10 if os.environ.get("QUICK") else 1


def examples(count: int) -> settings:
    """Have hypothesis try so many examples, or this run's share of them."""
    return settings(max_examples=max(count // _SHARE, 5), deadline=None)
