"""Rows of words as aligned columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def aligned(rows: Iterable[Sequence[str]], *, indent: str = "") -> list[str]:
    """Return a line for each row, each column as wide as its widest cell; no line ends in blanks."""
    whole = [*rows]
    widths = [max(map(len, column)) for column in zip(*whole)]
    return [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
        for row in whole
    ]
