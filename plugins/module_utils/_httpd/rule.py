"""What a rule is: a function from a server to findings, with the page that explains it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .problem import Problem, Severity
from .server import Server
from .tree import Origin

PAGE = "https://github.com/gatehouse/apache/blob/main/docs/rules.md"


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule, what is wrong with the value there, and what to write instead."""

    origin: Origin
    message: str
    fix: str


Find = Callable[[Server], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue; `bad` and `good` are configurations, its documentation and its first two tests.

    `page` is what the user reads; `source` is the httpd page, CVE or measurement behind it.
    """

    id: str
    severity: Severity
    page: str
    source: str
    bad: str
    good: str
    find: Find

    def problems(self, server: Server) -> Iterator[Problem]:
        """Yield a problem for each finding."""
        for finding in self.find(server):
            url = f"{PAGE}#{self.id}"
            yield Problem(self.id, self.severity, finding.origin, finding.message, finding.fix, url)


def rule(severity: Severity, *, source: str, bad: str, good: str) -> Callable[[Find], Rule]:
    """Make a rule of a function: its name with dashes is the id, its docstring the page."""

    def declare(find: Find) -> Rule:
        page = inspect.getdoc(find) or ""
        name = find.__name__.replace("_", "-")
        return Rule(
            name, severity, page, source, inspect.cleandoc(bad), inspect.cleandoc(good), find
        )

    return declare
