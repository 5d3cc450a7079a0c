"""Regular expressions as httpd matches them, in bounded time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import comb
from typing import Union

from ...syntax.tree import NOWHERE, Place
from ..depends import Depends
from .pattern_piece import Piece, Unreadable
from .pattern_syntax import read_pattern

# Steps that a match may take: some tenths of a second.
MOST_STEPS = 10_000_000
_REFERENCE = re.compile(r"\\(.)|\$([0-9])", re.DOTALL)

Groups = Sequence[Union[str, None]]


def match(
    pattern: str, subject: str, *, ignore_case: bool = False, place: Place = NOWHERE
) -> Groups | None:
    """Search `subject`; return the whole match and its groups, None for no match. Raises Depends."""
    compiled, piece, reason = _compiled(pattern, ignore_case)
    if compiled is None:
        raise Depends("pattern", f"`{pattern}` isn't read here: {reason}", place)
    if piece.degree and _steps(piece, len(subject)) > MOST_STEPS:
        raise Depends("pattern", f"`{pattern}` could take too long to match", place)
    found = compiled.search(subject)
    return None if found is None else (found.group(), *found.groups())


def substituted(text: str, groups: Groups) -> str:
    r"""Put groups in the place of `$1` in a target, as ap_pregsub does; a backslash makes the next character plain."""

    def put(found: re.Match[str]) -> str:
        if found.group(1) is not None:
            return found.group(1)
        return group(groups, int(found.group(2)))

    return _REFERENCE.sub(put, text)


def group(groups: Groups, number: int) -> str:
    """Return a group; empty where it took no part in the match or isn't there."""
    return (groups[number] or "") if number < min(len(groups), 10) else ""


@lru_cache(maxsize=65536)
def _compiled(pattern: str, ignore_case: bool) -> tuple[re.Pattern[str] | None, Piece, str]:
    """Return the expression for `re` and its cost, or why it isn't read."""
    try:
        piece = read_pattern(pattern, ignore_case=ignore_case)
        if piece.factor > MOST_STEPS:
            raise Unreadable("it could take too long to match")
        return re.compile(piece.source, re.ASCII | re.DOTALL), piece, ""
    except (Unreadable, re.error, RecursionError) as error:
        return None, Piece("", 0, 0), str(error)


def _steps(piece: Piece, length: int) -> int:
    """Return the most steps of a search; an expression without `^` is tried at each place."""
    degree = piece.degree + (0 if piece.begins_at_start else 1)
    if degree > 12:
        return MOST_STEPS + 1
    return comb(length + degree, degree) * piece.factor
