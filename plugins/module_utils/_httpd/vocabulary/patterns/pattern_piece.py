"""Parts of a regular expression and what a match of them may cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST_CHOICES = 1 << 60


class Unreadable(ValueError):
    """A regular expression that isn't read here; the message says what in it."""


class Malformed(Unreadable):
    """One that PCRE doesn't take either."""


@dataclass(frozen=True)
class Piece:
    """A part of an expression: its source for `re` and what a match may cost.

    `first` are the bytes that it can begin with; `degree` counts the unbounded repetitions that depend on each other, `factor`
    the choices beside them. `is_single` says that it takes exactly one byte, `is_fixed` that the next byte always tells
    how to go on; for its end that holds where what follows begins with none of `open_end`.
    """

    source: str
    first: int
    least: int
    degree: int = 0
    factor: int = 1
    is_single: bool = False
    is_fixed: bool = True
    open_end: int = 0
    begins_at_start: bool = False


def repeated(piece: Piece, quantifier: str, least: int, most: int) -> Piece:
    """Return a piece under a quantifier. Raises Unreadable where that may match in exponentially many ways."""
    shortest, is_fixed = piece.least * least, piece.is_fixed
    made = Piece(piece.source + quantifier, piece.first, shortest, is_fixed=is_fixed)
    open_end = piece.open_end if least == most else piece.open_end | piece.first
    if piece.is_single:
        if most < 0:
            return replace(made, degree=1, open_end=open_end)
        return replace(made, factor=most - least + 1, open_end=open_end)
    if most < 0:
        if not piece.least or not piece.is_fixed or piece.open_end & piece.first:
            raise Unreadable("it repeats what can match in several ways")
        return replace(made, degree=1, factor=piece.factor, open_end=open_end)
    if not piece.least and most > 1:
        raise Unreadable("it repeats what can be empty")
    factor = min(piece.factor**most * (most - least + 1), MOST_CHOICES)
    if most > 1:
        is_fixed = is_fixed and not piece.open_end & piece.first
    return replace(
        made, degree=piece.degree * most, factor=factor, is_fixed=is_fixed, open_end=open_end
    )


def joined(pieces: list[Piece]) -> Piece:
    """Return pieces in a row."""
    if len(pieces) == 1:
        return pieces[0]
    first, least, degree, factor, is_fixed, open_end = 0, 0, 0, 1, True, 0
    for piece in pieces:
        if not least:
            first |= piece.first
        is_fixed = is_fixed and piece.is_fixed and not open_end & piece.first
        open_end = piece.open_end if piece.least else open_end | piece.open_end
        least += piece.least
        degree += piece.degree
        factor = min(factor * piece.factor, MOST_CHOICES)
    return Piece(
        "".join(piece.source for piece in pieces), first, least, degree, factor,
        is_fixed=is_fixed, open_end=open_end,
        begins_at_start=bool(pieces) and pieces[0].begins_at_start,
    )  # fmt: skip


def either(branches: list[Piece]) -> Piece:
    """Return alternatives."""
    first, open_end, is_fixed = 0, 0, True
    for branch in branches:
        is_fixed = is_fixed and branch.is_fixed and branch.least > 0 and not first & branch.first
        first |= branch.first
        open_end |= branch.open_end
    return Piece(
        "|".join(branch.source for branch in branches),
        first,
        min(branch.least for branch in branches),
        max(branch.degree for branch in branches),
        min(sum(branch.factor for branch in branches), MOST_CHOICES),
        is_fixed=is_fixed,
        open_end=open_end,
        begins_at_start=all(branch.begins_at_start for branch in branches),
    )
