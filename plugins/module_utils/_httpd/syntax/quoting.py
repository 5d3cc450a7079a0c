"""How httpd writes values into words, and reads words back: the one table of how each directive quotes.

Measured on httpd 2.4.71 and read in server/util.c (ap_getword_conf) and modules/mappers/mod_rewrite.c (parseargline).
"""

from __future__ import annotations

import re
from collections.abc import Callable


class Refused(ValueError):
    """A value that httpd would not read as it is meant: `message` says what is wrong, `fix` what to write instead."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message}; {self.fix}"


def split_words(text: str) -> tuple[str, ...]:
    """Split a directive's arguments as ap_getword_conf does, quotes and escapes kept."""
    if text.isascii() and text.isprintable() and '"' not in text and "'" not in text:
        return tuple(text.split())  # nearly all; the one blank of printable ASCII is the space
    return tuple(_WORD.findall(text))


def split_rewrite_words(text: str) -> tuple[str, ...]:
    r"""Split the arguments of RewriteRule and RewriteCond: a quote ends at the next one, `\ ` joins words."""
    return tuple(_REWRITE_WORD.findall(text))


def unquote(word: str) -> str:
    r"""Return the value of a word: its quotes go, `\\` and an escaped quote become one character."""
    quote_mark = word[:1] if word[:1] in ("'", '"') else ""
    if not quote_mark:
        return word.replace("\\\\", "\\")
    body = word[1:-1] if len(word) > 1 and word.endswith(quote_mark) else word[1:]
    return re.sub(rf"\\([\\{quote_mark}])", r"\1", body)


def unquote_rewrite(word: str) -> str:
    """Return the value of a RewriteRule's or RewriteCond's word: only its quotes go."""
    if word[:1] in ("'", '"'):
        return word[1:-1] if len(word) > 1 and word.endswith(word[0]) else word[1:]
    return word


def quote(value: str) -> str:
    """Write a literal value; bare where that is safe. Raises Refused."""
    _refuse_unwritable(value)
    if _BARE.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quote_rewrite(value: str) -> str:
    """Write a RewriteRule's or RewriteCond's word, which knows no escapes. Raises Refused."""
    _refuse_unwritable(value)
    if _REWRITE_BARE.fullmatch(value):
        return value
    for quote_mark in ('"', "'"):
        if quote_mark not in value:
            return f"{quote_mark}{value}{quote_mark}"
    raise Refused(
        "has both kinds of quotes, which a rewrite argument can't hold", "use one kind of quotes"
    )


def quote_expression_string(value: str) -> str:
    """Write literal text as a string inside an expression, `'…'`. Raises Refused.

    An expression has no escape for `%{`, and `$1` is a back-reference.
    """
    _refuse_unwritable(value)
    if re.search(r"['\\]|%\{|\$[0-9]", value):
        message = "has a quote, a backslash, `%{` or `$1`, which an expression can't hold"
        raise Refused(message, "remove it")
    return f"'{value}'"


Quote = Callable[[str], str]

# The kind of each argument, by directive; the last kind holds for the rest. What isn't listed is literal throughout.
ARGUMENT_KINDS: dict[str, tuple[Quote, ...]] = {
    "rewriterule": (quote_rewrite,),
    "rewritecond": (quote_rewrite,),
}


def words(name: str, *values: str) -> tuple[str, ...]:
    """Write the values of directive `name`, each as that directive reads it. Raises Refused."""
    kinds = ARGUMENT_KINDS.get(name.lower())
    if kinds is None:
        return tuple(map(quote, values))
    return tuple(
        kinds[min(position, len(kinds) - 1)](value) for position, value in enumerate(values)
    )


def read_words(name: str, args: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values of a directive's words: the inverse of `words`."""
    whole = "".join(args)
    # Nearly all words are bare, and a server has a great many.
    if '"' not in whole and "'" not in whole and "\\" not in whole:
        return args
    read = unquote_rewrite if name.lower() in REWRITE_DIRECTIVES else unquote
    return tuple(read(word) for word in args)


REWRITE_DIRECTIVES = frozenset({"rewriterule", "rewritecond"})
# Their argument is an expression or a text of its own, in which blanks and quotes mean what they say.
RAW_DIRECTIVES = frozenset({"if", "elseif"})

_WORD = re.compile(r'"(?:\\["\\]|[^"])*(?:"|$)|\'(?:\\[\'\\]|[^\'])*(?:\'|$)|\S+', re.ASCII)
_REWRITE_WORD = re.compile(r'"[^"]*(?:"|$)|\'[^\']*(?:\'|$)|(?:\\\s|\S)+', re.ASCII)
# Neither quotes nor what a reader could take for syntax: `<` opens a section, `#` a comment, `\` may join lines.
_BARE = re.compile(r"[A-Za-z0-9_./:@%+=,*!?&;$^()|\[\]{}~-]+")
# A backslash at the end would join the next word.
_REWRITE_BARE = re.compile(r"[^\s\"'\\#<>][^\s\\]*(?:\\[^\s][^\s\\]*)*(?<!\\)", re.ASCII)


def size_in_bytes(value: str) -> int:
    """Return a value's length as httpd counts it; a byte that was no UTF-8 is one."""
    return len(value.encode(errors="replace"))


def _refuse_unwritable(value: str) -> None:
    """Refuse what no quoting can carry into httpd."""
    found = _UNWRITABLE.search(value)
    if found:
        other = "a control character" if found.group() < "\x80" else "a byte that is no UTF-8"
        raise Refused(_REASONS.get(found.group(), f"has {other}"), "remove it")


_UNWRITABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]|\$\{")
_REASONS = {
    "\n": "has a line break",
    "\r": "has a carriage return",
    "\0": "has a NUL character",
    "${": "has `${`, which httpd expands even inside quotes and which has no escape",
}
