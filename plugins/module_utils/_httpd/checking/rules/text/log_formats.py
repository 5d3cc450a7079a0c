"""Formats of access logs that httpd can't read."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.environment import Environment
from ....reading.server import Server
from ....vocabulary.logs.log_format import (
    FORMAT_WORDS,
    LETTERS,
    LETTERS_OF_SSL,
    LogItem,
    format_of,
    log_items,
)
from ...rule import Finding, environment_rule
from ..helpers.scopes import everywhere, values

_PERCENT = "`%%` for a percent sign"


@environment_rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    bad="LogFormat '%h %Q \"%r\"' mine",
    good="LogFormat '%h %q \"%r\" 100%%' mine",
    examples_in=Environment(modules=frozenset()),
)
def unreadable_log_format(server: Server, environment: Environment) -> Iterator[Finding]:
    """A format of LogFormat, CustomLog or GlobalLog has a `%` with a letter that httpd doesn't know, or with none: httpd
    refuses to start.

    Between the two may stand statuses (`%400,!501s`), `<` or `>`, and a name in braces (`%{Referer}i`). `%c` and `%x` are
    mod_ssl's.
    """
    modules = environment.modules
    has_ssl = modules is None or "ssl_module" in modules
    for placed in everywhere(server, *FORMAT_WORDS):
        for item in log_items(format_of(placed.name, values(placed))):
            if item.letter in LETTERS or (has_ssl and item.letter in LETTERS_OF_SSL):
                continue
            message = f"the log format has `{item.text}`, {_why(item)}"
            yield Finding(placed.directive.place, message, _fix(item))


def _why(item: LogItem) -> str:
    if not item.letter:
        return "and ends before the letter that says what is to be logged"
    if item.letter in LETTERS_OF_SSL:
        return "which needs the module ssl, and that isn't loaded"
    return "which httpd doesn't know"


def _fix(item: LogItem) -> str:
    """Say what is written nearly so."""
    if item.letter in LETTERS_OF_SSL:
        return "load it: `a2enmod ssl`"
    other = item.letter.swapcase()
    if other in LETTERS:
        return f"write `%{item.modifiers}{other}`, or {_PERCENT}"
    name = item.modifiers if item.modifiers.endswith("}") else ""
    if name and not item.letter.isalpha():
        return f"write `%{name}i` for a header of the request, `%{name}o` for one of the answer"
    return f"write a letter that httpd's manual of LogFormat has, or {_PERCENT}"
