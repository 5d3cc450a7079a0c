"""The syntax of regular expressions that httpd and Python read alike, as expressions of Python's `re`.

What isn't listed here is refused: a class that PCRE reads otherwise, a back-reference, an option in the middle.
httpd compiles with DOTALL and DOLLAR_ENDONLY, without UTF (RegexDefaultOptions): `.` is any byte, `$` the very end.
"""

from __future__ import annotations

import re

from . import charsets
from .charsets import ALL
from .pattern_piece import Malformed, Piece, Unreadable, either, joined, repeated

MOST_REPEATS = 255
_QUANTIFIER = re.compile(r"([*+?])|\{([0-9]{1,4})(,([0-9]{0,4}))?\}")
# Literal text to PCRE2 before 10.43, a quantifier since.
_NEW_QUANTIFIER = re.compile(r"\{\s*(?:[0-9]+\s*,?|,|[0-9]+\s*,\s*[0-9]+|,\s*[0-9]+)\s*\}")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "e": "\x1b", "a": "\a"}


def read_pattern(text: str, *, ignore_case: bool) -> Piece:
    """Read a whole expression. Raises Unreadable, and Malformed where PCRE refuses it too."""
    reader = _Reader(text, ignore_case)
    while reader.take("(?i)"):
        reader.ignore_case = True
    piece = reader.alternatives(0)
    if reader.at < len(text):
        raise Malformed("it has a `)` too many")
    if "(?=" in text and reader.has_names:
        # PCRE2 10.42 doesn't match `(?=b)a*(?<n>b)c` where it should: asked of httpd.
        raise Unreadable("it looks ahead and has a named group")
    return piece


class _Reader:
    """A position in an expression."""

    def __init__(self, text: str, ignore_case: bool) -> None:
        self.text = text
        self.at = 0
        self.ignore_case = ignore_case
        self.has_names = False

    def take(self, expected: str) -> bool:
        """Step over a text if it comes next."""
        if not self.text.startswith(expected, self.at):
            return False
        self.at += len(expected)
        return True

    def next(self) -> str:
        """Step over one character."""
        if self.at >= len(self.text):
            raise Malformed("it ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def alternatives(self, depth: int) -> Piece:
        """Read up to the group's end."""
        if depth > 50:
            raise Unreadable("its groups are nested too deep")
        branches = [self.sequence(depth)]
        while self.take("|"):
            branches.append(self.sequence(depth))
        return branches[0] if len(branches) == 1 else either(branches)

    def sequence(self, depth: int) -> Piece:
        """Read one alternative."""
        pieces: list[Piece] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            pieces.append(self.quantified(self.atom(depth)))
        return joined(pieces)

    def atom(self, depth: int) -> Piece:
        """Read what a quantifier may follow."""
        character = self.next()
        if character == "(":
            return self.group(depth)
        if character == "[":
            return self.single(self.char_class())
        if character == ".":
            return self.single(ALL)
        if character == "^":
            return Piece("^", 0, 0, begins_at_start=True)
        if character == "$":
            return Piece(r"\Z", 0, 0)
        if character == "\\":
            return self.escape()
        if character in "*+?" or self._is_quantifier(self.at - 1):
            raise Malformed("it has a quantifier after nothing")
        return self.single(charsets.of(character))

    def single(self, bits: int) -> Piece:
        """Return the piece that takes one byte of a set."""
        if self.ignore_case:
            bits = charsets.folded(bits)
        return Piece(charsets.written(bits), bits, 1, is_single=True)

    def group(self, depth: int) -> Piece:
        """Read a group from behind its parenthesis."""
        opening, is_assertion = "(", False
        if self.text.startswith("*", self.at):
            raise Unreadable("it has a verb")
        if self.take("?"):
            opening, is_assertion = self.group_kind()
        inner = self.alternatives(depth + 1)
        if not self.take(")"):
            raise Malformed("it has a `(` too many")
        source = f"{opening}{inner.source})"
        if is_assertion:
            return Piece(source, 0, 0, inner.degree, inner.factor, is_fixed=inner.is_fixed)
        return Piece(
            source, inner.first, inner.least, inner.degree, inner.factor,
            is_fixed=inner.is_fixed, open_end=inner.open_end, begins_at_start=inner.begins_at_start,
        )  # fmt: skip

    def group_kind(self) -> tuple[str, bool]:
        """Read what follows `(?`: the opening for `re`, and whether it only looks ahead."""
        if self.take(":"):
            return "(?:", False
        for ahead in ("=", "!"):
            if self.take(ahead):
                return f"(?{ahead}", True
        named = re.compile(r"P?<[A-Za-z_]\w{0,31}>", re.ASCII).match(self.text, self.at)
        if not named:
            raise Unreadable(f"it has `(?{self.text[self.at : self.at + 3]}`")
        self.at = named.end()
        self.has_names = True
        return "(", False

    def escape(self) -> Piece:
        """Read what follows a backslash."""
        character = self.next()
        if character == "b":
            return Piece(r"\b", 0, 0)
        if character in "Az":
            return Piece(
                r"\A" if character == "A" else r"\Z", 0, 0, begins_at_start=character == "A"
            )
        return self.single(self.escaped_set(character))

    def escaped_set(self, character: str) -> int:
        """Return the set that an escape stands for."""
        if character.lower() in charsets.CLASSES:
            bits = charsets.CLASSES[character.lower()]
            return bits if character.islower() else ALL & ~bits
        if character in _CONTROLS:
            return charsets.of(_CONTROLS[character])
        if character == "x":
            digits = re.compile("[0-9A-Fa-f]{2}").match(self.text, self.at)
            if digits:
                self.at = digits.end()
                return 1 << int(digits.group(), 16)
        if character.isalnum():
            raise Unreadable(f"it has `\\{character}`")
        return charsets.of(character)

    def char_class(self) -> int:
        """Read a class from behind its bracket."""
        is_negated = self.take("^")
        bits, is_first = 0, True
        while not (self.text.startswith("]", self.at) and not is_first):
            is_first = False
            bits |= self.class_item()
        self.at += 1
        if self.ignore_case:
            bits = charsets.folded(bits)
        return ALL & ~bits if is_negated else bits

    def class_item(self) -> int:
        """Read one member or range of a class."""
        named = re.compile(r"\[:(\^?)(\w+):\]", re.ASCII).match(self.text, self.at)
        if named:
            self.at = named.end()
            if named.group(2) not in charsets.NAMED:
                raise Unreadable(f"it has `[:{named.group(2)}:]`")
            bits = charsets.NAMED[named.group(2)]
            return ALL & ~bits if named.group(1) else bits
        low = self.class_member()
        if self.text[self.at : self.at + 1] != "-" or self.text[self.at + 1 : self.at + 2] in (
            "]",
            "",
        ):
            return low
        self.at += 1
        if self.text.startswith("[:", self.at):
            raise Unreadable("it has a range that ends in a class")
        high = self.class_member()
        first, last = low.bit_length() - 1, high.bit_length() - 1
        if low != 1 << first or high != 1 << last:
            raise Unreadable("it has a range of classes")
        if first > last:
            raise Malformed("it has a range that ends before it begins")
        return charsets.between(chr(first), chr(last))

    def class_member(self) -> int:
        """Read one character or escape of a class."""
        character = self.next()
        if character == "[" and self.text[self.at : self.at + 1] in (".", "="):
            raise Unreadable("it has a collating element")
        if character != "\\":
            return charsets.of(character)
        character = self.next()
        return 1 << 8 if character == "b" else self.escaped_set(character)

    def quantified(self, piece: Piece) -> Piece:
        """Read the quantifier after a piece, if there is one."""
        if not self._is_quantifier(self.at):
            return piece
        found = _QUANTIFIER.match(self.text, self.at)
        if found is None:
            return piece
        if piece.source[:1] in ("^", "\\") and piece.least == 0:
            raise Unreadable("it repeats an anchor")
        self.at = found.end()
        source, least, most = found.group(), *_bounds(found)
        if self.take("?"):
            source += "?"
        elif self.take("+"):
            raise Unreadable("it has a possessive quantifier")
        if self._is_quantifier(self.at):
            if self.text[self.at] == "{":
                raise Unreadable("it has a doubled quantifier")
            raise Malformed("it has a quantifier after a quantifier")
        return repeated(piece, source, least, most)

    def _is_quantifier(self, at: int) -> bool:
        if _QUANTIFIER.match(self.text, at):
            return True
        if _NEW_QUANTIFIER.match(self.text, at):
            raise Unreadable("it has a quantifier that releases of PCRE2 read in two ways")
        return False


def _bounds(found: re.Match[str]) -> tuple[int, int]:
    """Return how often at least and at most; -1 is any number."""
    if found.group(1):
        return {"*": (0, -1), "+": (1, -1), "?": (0, 1)}[found.group(1)]
    least = int(found.group(2))
    if found.group(3) is None:
        return least, least
    most = int(found.group(4)) if found.group(4) else -1
    if 0 <= most < least:
        raise Malformed(f"it has `{found.group()}`, which ends before it begins")
    if max(least, most) > MOST_REPEATS:
        raise Unreadable(f"it has `{found.group()}`")
    return least, most
