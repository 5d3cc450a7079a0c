"""What can be wrong besides the rules: a foreign text, silencing, what couldn't be checked."""

from __future__ import annotations

from ..syntax.problem import ProblemKind

NO_CONFIGURATION = ProblemKind(
    "no-configuration",
    "error",
    """
    The text isn't a configuration of httpd, or a line of it can't be: another program's file, a
    web page, a diff.

    Check a file that is written for Apache httpd. If one line is at fault, the line before it may
    want a `\\` at its end.
    """,
    never_silenced="httpd doesn't start with such a line",
)
INCLUDE_NOT_FOLLOWED = ProblemKind(
    "include-not-followed",
    "hint",
    """
    Only a text was given, so the files that it includes weren't read. What is right or wrong in
    them isn't known, and some problems may be none once they are seen.

    Check the main file or the configuration root instead (`-e apache_check_path=/etc/apache2`).
    """,
)
UNKNOWN_RULE = ProblemKind(
    "unknown-rule",
    "warning",
    """
    An id is silenced that no problem has. Nothing is silenced by it.

    Write an id of [rules.md](rules.md) or [problems.md](problems.md), as the problem shows it.
    """,
)
SILENCED_WITHOUT_REASON = ProblemKind(
    "silenced-without-reason",
    "warning",
    """
    A comment silences a problem and gives no reason, so the problem is still reported. Whoever
    reads the file next year has to know why it doesn't matter.

    Write `# gatehouse: off ID REASON`.
    """,
)
NEVER_SILENCED = ProblemKind(
    "never-silenced",
    "warning",
    """
    An id is silenced that can't be: what it reports would keep httpd from starting, lose data, or
    deploy something else than was asked. The problem is still reported; its own section says why.

    Remove the entry, and mend what the problem says.
    """,
)
NOT_CHECKED = ProblemKind(
    "not-checked",
    "error",
    """
    A host couldn't be checked: it can't be reached, has no Python, or the task failed there. The
    message has Ansible's own words.

    Mend that, and run `gatehouse.apache.check` again.
    """,
    never_silenced="nothing of the host was checked",
)
