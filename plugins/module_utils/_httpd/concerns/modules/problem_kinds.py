"""What can be wrong with the modules that operators load."""

from __future__ import annotations

from ...syntax.problem import ProblemKind

MPM_CHOSEN = ProblemKind(
    "mpm-chosen",
    "warning",
    """
    `apache_modules` names an MPM. It is the whole server's: every site of the host moves to it, those
    that people wrote by hand too, by a restart. It stays when it is named no more, until
    `gatehouse.apache.remove` brings the former one back, or another is named.

    Leave it out, and the host keeps the MPM that it has. If the change is meant, silence this with the
    reason in `apache_check_off`; `apache_modules: [mpm_event]` goes back to Debian's own.
    """,
)
MODULE_MISSPELT = ProblemKind(
    "module-misspelt",
    "warning",
    """
    `apache_modules` has a name that is none of Debian's own modules, and nearly one of them
    (`proxy_htttp` instead of `proxy_http`). A host without such a module refuses the run.

    Write the name that the message has. If another package brings the module, silence this with that
    reason in `apache_check_off`.
    """,
)
