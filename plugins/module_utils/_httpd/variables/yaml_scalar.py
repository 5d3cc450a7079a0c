"""Single values as YAML has them: what somebody copies reads back as it was."""

from __future__ import annotations

import re

# Read as the same text, in a line's braces too.
_BARE = re.compile(r"[A-Za-z/^][A-Za-z0-9_./@+^-]*")
# Words that YAML 1.1 reads as something else.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# What Ansible would take for a template; LogFormat's `%{%Y}t` is none.
TEMPLATE = re.compile(r"\{\{|\{%|\{#")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
# What an operator writes without quotes, which nothing here takes for another value.
_PLAIN = re.compile(r"0|[1-9][0-9]*|[a-z][a-z0-9+]*://[A-Za-z0-9_./:-]*[A-Za-z0-9_/-]")


def as_written(raw: object) -> str:
    """Write a raw value, text or number, as an operator would into a key or a line's list."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    text = str(raw)
    return scalar(text) if isinstance(raw, str) and not _PLAIN.fullmatch(text) else text


def scalar(text: str) -> str:
    """Write a text of one line, quoted where YAML or Ansible would read something else."""
    if _BARE.fullmatch(text) and text.lower() not in _WORDS:
        return text
    tag = "!unsafe " if TEMPLATE.search(text) else ""
    return f'{tag}"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    """Write one character within double quotes."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    number = ord(character)
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )
