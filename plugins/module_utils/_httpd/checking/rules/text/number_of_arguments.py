"""How many words a directive has, and which."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import PlacedDirective, Server
from ....syntax.quoting import read_words
from ....vocabulary.argument_counts import CHOICES, COUNTS, FLAGS, MANY, NUMBERS, SECTIONS
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, shared, values, written

SYNTAX = "https://httpd.apache.org/docs/2.4/mod/directive-dict.html#Syntax"
_COUNTED, _CHOSEN, _NUMBERED = frozenset(COUNTS), FLAGS.union(CHOICES), frozenset(NUMBERS)
_SWITCH = ("on", "off")


@rule(
    "error",
    source=SYNTAX,
    bad="ProxyTimeout 30 seconds",
    good="ProxyTimeout 30",
)
def wrong_number_of_arguments(server: Server) -> Iterator[Finding]:
    """A directive has more words than httpd takes, or fewer: it refuses to start (AH00526).

    A value with blanks is one word only in quotes.
    """
    for placed in everywhere(server, *shared(server, _COUNTED)):
        least, most = COUNTS[placed.name]
        if not _is_taken(placed, least, most) and not _is_open(placed):
            message = f"`{written(placed)}` has the wrong number of arguments: it takes {_span(least, most)}"
            fix = "put a value with blanks into quotes, and leave out what is too much"
            yield Finding(placed.directive.place, message, fix)
    for section, _around in server.sections:
        if section.name.lower() not in SECTIONS:
            continue
        words = read_words(section.name, section.args)
        count = len(words[1:] if words[:1] == ("~",) else words)
        if count != 1 and not any("${" in word for word in words):
            message = f"`<{section.name} {' '.join(section.args)}>` has the wrong number of arguments: it takes 1"
            yield Finding(section.place, message, "put a value with blanks into quotes")


@rule(
    "error",
    source=SYNTAX,
    bad="ProxyPreserveHost yes",
    good="ProxyPreserveHost On",
)
def unknown_setting(server: Server) -> Iterator[Finding]:
    """A directive that is On or Off, or takes one of a few words, says something else: httpd refuses to start (AH00526).

    It refuses a ProxyTimeout that is no number from 1, too.
    """
    for placed in everywhere(server, *shared(server, _CHOSEN), *shared(server, _NUMBERED)):
        for word in () if _is_open(placed) else values(placed)[:1]:
            choices = CHOICES.get(placed.name, _SWITCH)
            if placed.name not in NUMBERS and word.lower() not in choices:
                message = f"`{placed.directive.name} {word}` is no setting that httpd takes"
                yield Finding(placed.directive.place, message, f"write one of {', '.join(choices)}")
            elif placed.name in NUMBERS and not re.match(NUMBERS[placed.name], word):
                message = f"`{written(placed)}` is no number that httpd takes"
                yield Finding(placed.directive.place, message, "write a number from 1")


def _is_taken(placed: PlacedDirective, least: int, most: int) -> bool:
    """Tell whether a directive has the words that httpd wants; an empty one is none to it."""
    words = values(placed)
    return least <= len(words) <= most and (not least or all(words[: min(least, 2)]))


def _is_open(placed: PlacedDirective) -> bool:
    """Tell whether a variable is left that may stand for any words."""
    return any("${" in word or "@{" in word for word in values(placed))


def _span(least: int, most: int) -> str:
    """Say how many words there should be."""
    if most == MANY:
        return f"at least {least} argument{'s' if least > 1 else ''}"
    span = f"{least} to {most}" if least < most else f"{most}"
    return f"{span} argument{'s' if most > 1 else ''}"
