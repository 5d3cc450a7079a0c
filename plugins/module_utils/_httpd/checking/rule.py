"""What a rule is: a function from a server to findings, with the page that explains it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..reading.environment import Environment
from ..reading.server import Server
from ..syntax.problem import Problem, ProblemKind, Severity
from ..syntax.tree import Place
from ..vocabulary.version import Version

UNKNOWN = Environment(closed=False)


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule, what is wrong with the value there, and what to write instead."""

    place: Place
    message: str
    fix: str


Find = Callable[[Server], Iterator[Finding]]
FindIn = Callable[[Server, Environment], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule over a server; `bad` and `good` are configurations, its documentation and its first two tests.

    `source` is the httpd page, CVE or measurement behind it. `examples_in` is the world in which the examples are read.
    A rule holds for the versions from `since` on and below `below`, and for a version that isn't known.
    """

    kind: ProblemKind
    source: str
    bad: str
    good: str
    find: FindIn
    examples_in: Environment = UNKNOWN
    since: Version | None = None
    below: Version | None = None

    @property
    def id(self) -> str:
        """Its id, which is that of its problems."""
        return self.kind.id

    def problems(self, server: Server, environment: Environment = UNKNOWN) -> Iterator[Problem]:
        """Yield a problem for each finding."""
        if not self._holds_for(environment.version):
            return
        for finding in self.find(server, environment):
            yield self.kind.problem(finding.place, finding.message, finding.fix)

    def _holds_for(self, version: Version | None) -> bool:
        """Tell whether the rule has something to say of a version."""
        if version is None:
            return True
        return (self.since is None or self.since <= version) and (
            self.below is None or version < self.below
        )


def rule(
    severity: Severity,
    *,
    source: str,
    bad: str,
    good: str,
    since: Version | None = None,
    below: Version | None = None,
) -> Callable[[Find], Rule]:
    """Make a rule of a function: its name with dashes is the id, its docstring the page."""

    def declare(find: Find) -> Rule:
        made = _made(find, lambda server, _environment: find(server), severity, source, bad, good)
        return replace(made, since=since, below=below)

    return declare


def environment_rule(
    severity: Severity, *, source: str, bad: str, good: str, examples_in: Environment
) -> Callable[[FindIn], Rule]:
    """Make a rule of a function that asks for the version or the modules too."""

    def declare(find: FindIn) -> Rule:
        return replace(_made(find, find, severity, source, bad, good), examples_in=examples_in)

    return declare


def _made(
    written: Find | FindIn, find: FindIn, severity: Severity, source: str, bad: str, good: str
) -> Rule:
    """Make a rule; `written` has the name and the page."""
    name = written.__name__.replace("_", "-")
    kind = ProblemKind(name, severity, inspect.getdoc(written) or "", document="rules.md")
    return Rule(kind, source, inspect.cleandoc(bad), inspect.cleandoc(good), find)
