"""From httpd's words, which name a file and line of a release, back to the variable that was printed there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..store.store import Release

_PLACE = re.compile(r"line (\d+) of \S*/releases/[^/]+/([^\s:]+)")
_VARIABLE_COMMENT = re.compile(r"^\s*# (apache_\w+.*)$")


def with_variables(words: Iterable[str], release: Release) -> tuple[str, ...]:
    """Add to each line that names a place the variable that the comment above it names."""
    return tuple(_with_variable(line, release) for line in words)


def _with_variable(line: str, release: Release) -> str:
    """Add the variable to one line."""
    place = _PLACE.search(line)
    text = release.texts.get(place[2], "") if place else ""
    above = text.splitlines()[: int(place[1])] if place else []
    variables = [match[1] for printed in above if (match := _VARIABLE_COMMENT.match(printed))]
    return f"{line.rstrip(':')} ({variables[-1]}):" if variables else line
