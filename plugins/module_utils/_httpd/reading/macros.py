"""What mod_macro makes of a macro's lines (modules/core/mod_macro.c)."""

from __future__ import annotations

import re
from collections.abc import Mapping


def filled(text: str, parameters: Mapping[str, str]) -> str:
    """Put the values of parameters into lines: of names that begin alike the longest one, and nothing into what was put in.

    A name that begins with `@` has its value quoted, wherever it stands.
    """
    names = sorted(filter(None, parameters), key=len, reverse=True)
    if not names:
        return text
    values = {
        name: _quoted(parameters[name]) if name[0] == "@" else parameters[name] for name in names
    }
    return re.sub("|".join(map(re.escape, names)), lambda match: values[match[0]], text)


def _quoted(value: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
