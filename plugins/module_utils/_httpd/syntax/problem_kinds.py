"""What can be wrong with a text before it is a tree."""

from __future__ import annotations

from .problem import ProblemKind

SYNTAX = ProblemKind(
    "syntax",
    "error",
    """
    A line can't be read: a section isn't closed, or is closed twice, or has no `>`. httpd doesn't
    start with it.

    Correct the line. In `extra_directives`, each section must begin and end within the same value.
    """,
    never_silenced="httpd doesn't start with such a line",
)
