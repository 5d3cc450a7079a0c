"""Paths that stand for several."""

from __future__ import annotations

import re

from ...syntax.tree import NOWHERE, Place
from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match

_GLOB = re.compile(r"(\*+)|(\?)|\[([!^]?)((?:[^\]\\])+)\]|(.)", re.DOTALL)


def is_glob(text: str) -> bool:
    """Tell whether httpd takes a path for a pattern."""
    return "*" in text or "?" in text or ("[" in text and "]" in text[text.index("[") :])


def fits(pattern: str, text: str, any_byte: str, *, place: Place = NOWHERE) -> bool:
    """Match a whole text against a pattern with `*`, `?` and `[…]`. Raises Depends for one that is written otherwise."""
    if "\\" in pattern or "[]" in pattern or "[!]" in pattern or "[^]" in pattern:
        raise Depends("pattern", f"what `{pattern}` stands for", place)

    def translated(found: re.Match[str]) -> str:
        stars, mark, negation, members, plain = found.groups()
        if stars:
            return f"{any_byte}*"
        if mark:
            return any_byte
        if members:
            return f"[{'^' if negation else ''}{members}]"
        return re.escape(plain)

    return match(f"^{_GLOB.sub(translated, pattern)}$", text, place=place) is not None
