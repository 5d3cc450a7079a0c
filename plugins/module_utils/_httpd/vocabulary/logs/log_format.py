"""What mod_log_config reads in a LogFormat (asked of httpd 2.4: tests/httpd/test_log_formats.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# With what mod_logio has, which Debian compiles in.
LETTERS = frozenset("aAbBCDefhHiIklLmnoOpPqrRsStTuUvVX") | {"^FB", "^ti", "^to"}
LETTERS_OF_SSL = frozenset("cx")
# The word that a format is, by directive.
FORMAT_WORDS = {"logformat": 0, "customlog": 1, "globallog": 1}
_ITEM = re.compile(
    r"%(?P<modifiers>(?:\{[^}]*\}|[!<>,0-9])*)(?P<letter>\^[^%]{2}|[^{])?", re.DOTALL
)


@dataclass(frozen=True)
class LogItem:
    """One `%…` of a format as it is written; `letter` is empty where the format ends before one."""

    text: str
    modifiers: str
    letter: str


def log_items(log_format: str) -> Iterator[LogItem]:
    """Yield what a format has logged, percent signs (`%%`) left out."""
    for found in _ITEM.finditer(log_format):
        if found[0] == "%%":
            continue
        if found["letter"] is None:
            # A brace that nobody closes takes all that follows.
            rest = log_format[found.start() :]
            yield LogItem(rest, rest[1:], "")
            return
        yield LogItem(found[0], found["modifiers"], found["letter"])


def format_of(name: str, words: tuple[str, ...]) -> str:
    """Return the format in a directive's words, or its name; empty where a variable of httpd may say more."""
    number = FORMAT_WORDS.get(name)
    written = "" if number is None else " ".join(words[number : number + 1])
    return "" if "${" in written else written
