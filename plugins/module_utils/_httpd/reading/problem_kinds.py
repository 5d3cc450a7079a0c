"""What can be wrong while files, variables and macros become one configuration."""

from __future__ import annotations

from ..syntax.problem import ProblemKind

EXPANSION = ProblemKind(
    "expansion",
    "error",
    """
    An Include finds no file, a macro is used that nobody defines or with the wrong number of
    arguments, or Includes, macros and variables go round in a circle. httpd doesn't start, or
    reads so much that Gatehouse stops.

    Write the path of a file that exists, or `IncludeOptional` where it may be missing. Define a
    macro before its `Use`.
    """,
    never_silenced="what such a line brings in isn't known, so nothing that it leads to was checked",
)
UNDEFINED_VARIABLE = ProblemKind(
    "undefined-variable",
    "warning",
    """
    `${NAME}` is used and nothing defines it. httpd starts, warns (AH00111), and takes the text as
    it stands: a file called `${NAME}`, a host called `${NAME}`.

    Write `Define NAME value` before the line, or remove `${NAME}`. If the service's environment
    defines it (`/etc/apache2/envvars`), check the host rather than the text.
    """,
)
UNREADABLE_FILE = ProblemKind(
    "unreadable-file",
    "error",
    """
    A file that the configuration needs can't be read: it is missing, is no regular file, is too
    large, isn't text, or the user who asks has no right to it. Whatever it says wasn't checked.

    Ask as a user who may read it (`become: true`), or name the right file.
    """,
    never_silenced="what the file says isn't known, so nothing in it was checked",
)
