"""Sets of bytes, as the bits of an integer: what a character of a regular expression stands for."""

from __future__ import annotations

import string
from functools import lru_cache

ALL = (1 << 256) - 1


def of(characters: str) -> int:
    """Return the set of these characters."""
    bits = 0
    for character in characters:
        bits |= 1 << ord(character)
    return bits


def between(first: str, last: str) -> int:
    """Return the set of a range, both ends in it."""
    return (1 << (ord(last) + 1)) - (1 << ord(first))


def folded(bits: int) -> int:
    """Return the set with both letter cases of each ASCII letter in it."""
    upper = (bits >> 65) & _ALPHABET
    lower = (bits >> 97) & _ALPHABET
    return bits | (upper << 97) | (lower << 65)


@lru_cache(maxsize=1024)
def written(bits: int) -> str:
    """Return the set as a class of Python's `re`."""
    if bits == ALL:
        return r"[\x00-\xff]"
    ranges = []
    code = 0
    while code < 256:
        if bits >> code & 1:
            end = code
            while end < 255 and bits >> (end + 1) & 1:
                end += 1
            ranges.append(_escaped(code) if end == code else f"{_escaped(code)}-{_escaped(end)}")
            code = end
        code += 1
    if len(ranges) == 1 and "-" not in ranges[0]:
        return ranges[0]
    # A class of nothing can't be written otherwise.
    return f"[{''.join(ranges)}]" if ranges else "(?!)"


def _escaped(code: int) -> str:
    character = chr(code)
    return character if character in _PLAIN else f"\\x{code:02x}"


_ALPHABET = (1 << 26) - 1
_PLAIN = frozenset(string.ascii_letters + string.digits + "/_")
DIGIT = of(string.digits)
WORD = of(string.ascii_letters + string.digits + "_")
SPACE = of(" \t\n\r\f\v")
BLANK = of(" \t\xa0")

CLASSES = {"d": DIGIT, "w": WORD, "s": SPACE, "h": BLANK}
NAMED = {
    "alpha": of(string.ascii_letters),
    "digit": DIGIT,
    "alnum": of(string.ascii_letters + string.digits),
    "upper": of(string.ascii_uppercase),
    "lower": of(string.ascii_lowercase),
    "space": SPACE,
    "blank": of(" \t"),
    "xdigit": of(string.hexdigits),
    "punct": of(string.punctuation),
    "word": WORD,
    "print": between(" ", "~"),
    "graph": between("!", "~"),
    "cntrl": between("\0", "\x1f") | of("\x7f"),
}
