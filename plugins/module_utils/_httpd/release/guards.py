"""Guards against an inventory that lost its contents: a run must not purge a fleet for a missing file."""

from __future__ import annotations

from collections.abc import Sequence

from ..syntax.problem import Problem
from ..syntax.tree import Place
from .problem_kinds import EMPTIED_INVENTORY, LARGE_REMOVAL

MOST_REMOVED = 0.25  # of the virtual hosts that a host serves


def removal_problem(
    before: Sequence[str], after: Sequence[str], *, allow_empty: bool, allow_removal: bool
) -> Problem | None:
    """Refuse to remove all, or more than a quarter, of the virtual hosts that a host serves."""
    place = Place("apache_vhosts", is_leaf=True)
    removed = sorted({*before} - {*after})
    if before and not after and not allow_empty:
        message = f"the list is empty, but the host serves {len(before)}: {_some(removed)}"
        fix = "restore the list, or set apache_allow_empty: true"
        return EMPTIED_INVENTORY.problem(place, message, fix)
    is_large = len(removed) > MOST_REMOVED * len({*before})
    if after and is_large and not allow_removal:
        message = (
            f"{len(removed)} of {len({*before})} virtual hosts would be removed: {_some(removed)}"
        )
        fix = "restore them, or set apache_allow_removal: true"
        return LARGE_REMOVAL.problem(place, message, fix)
    return None


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
