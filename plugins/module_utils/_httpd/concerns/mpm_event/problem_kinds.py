"""What can be wrong with the sizes of the event MPM."""

from __future__ import annotations

from ...syntax.problem import ProblemKind

MPM_CONTRADICTION = ProblemKind(
    "mpm-contradiction",
    "error",
    """
    Settings of `apache_mpm_event` can't hold together: `server_limit` leaves no room for the children
    that `max_request_workers` needs, or more children are asked for than httpd takes. httpd would lower
    one of them, and serve less than was asked for. Or only one of `requests_per_second` and
    `backend_seconds` is said, from which nothing follows.

    Write what the message says, or leave the figure out, for what follows from the others.
    """,
    never_silenced="the server would be another one than was asked for",
)
MPM_OF_ANOTHER_KIND = ProblemKind(
    "mpm-of-another-kind",
    "error",
    """
    `apache_mpm_event` sizes the event MPM, and `apache_modules` asks for another one. A server has one.

    Take one of the two out.
    """,
    never_silenced="a server has one MPM",
)
MPM_TOO_SMALL = ProblemKind(
    "mpm-too-small",
    "warning",
    """
    The host doesn't bear what `apache_mpm_event` asks for: its memory is too little for so many requests
    at once, a limit of files or processes for so many connections or children. Or `server_limit` leaves
    a reload's children no slots beside those of today, so that clients wait until these have ended.

    Give the host more, ask for less, or say with `memory_share` that httpd may take more of it.
    """,
)
