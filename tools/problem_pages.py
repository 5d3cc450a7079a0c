"""The pages of rules and of other problems; tools/generate_docs.py writes them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from module_utils._httpd.checking.problem_catalogue import TOPICS
from module_utils._httpd.checking.rule import Rule
from module_utils._httpd.checking.rules.all_rules import RULES
from module_utils._httpd.syntax.problem import SEVERITIES, ProblemKind

WRITTEN = "written by tools/generate_docs.py"
INTRODUCTIONS = {
    "Certificates": """
        Gatehouse looks at the certificates that virtual hosts show, at the authorities and lists of revoked certificates by
        which clients and backends are verified, and at the certificates that backends are shown. What your variables have
        as content is looked at on the controller, before any host is touched; files of a host are looked at there, before
        its live configuration is touched.

        An error stops the deployment, and the site goes on. What is live already is a warning: on the day after a
        certificate expired an emergency change must still go through. What httpd can't start with stays an error, since it
        would end the server at its next reload, be it that of logrotate.

        httpd reads these files when it starts. A run that finds another text in one of them makes Apache reload, after the
        same proof as any other change; a run that has nothing to change still reports what is wrong with them. Certificates
        that Gatehouse signs itself (`self_signed`) and those of an authority (`managed`) aren't looked at: it renews them in
        time.
        """
}


def rules_page() -> str:
    """Write a section a rule."""
    lines = [
        "# Rules",
        "",
        "What Gatehouse checks in a configuration, worst first. Every rule can be [silenced](silencing.md); what else can be",
        f"wrong is in [problems.md](problems.md). This page is {WRITTEN}.",
    ]
    for severity in SEVERITIES:
        for rule in RULES:
            if rule.kind.severity == severity:
                lines += [
                    "",
                    f"## {rule.id}",
                    "",
                    " · ".join((f"*{severity}*", *versions(rule), f"[source]({rule.source})")),
                    "",
                    rule.kind.page,
                ]
                lines += [
                    "",
                    "Bad:",
                    "",
                    "```apache",
                    rule.bad,
                    "```",
                    "",
                    "Good:",
                    "",
                    "```apache",
                    rule.good,
                    "```",
                ]
    return "\n".join(lines) + "\n"


def problems_page() -> str:
    """Write a section for each problem that isn't a rule's, by topic."""
    lines = [
        "# Problems",
        "",
        "What can be wrong besides the [rules](rules.md): with the values of your variables, with certificates, with files",
        f"and hosts. [silencing.md](silencing.md) says how you silence one. This page is {WRITTEN}.",
    ]
    for topic, kinds in TOPICS.items():
        lines += ["", f"## {topic}"]
        if topic in INTRODUCTIONS:
            lines += ["", inspect.cleandoc(INTRODUCTIONS[topic])]
        for kind in kinds:
            lines += ["", f"### {kind.id}", "", standing(kind), "", inspect.cleandoc(kind.page)]
    return "\n".join(lines) + "\n"


def standing(kind: ProblemKind) -> str:
    """Say how bad a problem is, and whether it can be silenced."""
    severity = f"*{kind.severity}*" + (f", {kind.milder}" if kind.milder else "")
    never = f"can't be silenced: {kind.never_silenced}"
    return " · ".join((severity, *([never] if kind.never_silenced else ())))


def versions(rule: Rule) -> Iterator[str]:
    """Yield the versions that a rule is about, if it isn't about all."""
    if rule.since:
        yield f"since httpd {'.'.join(map(str, rule.since))}"
    if rule.below:
        yield f"below httpd {'.'.join(map(str, rule.below))}"
