"""What changes while httpd reads on: modules, Defines and macros so far, how much may be read yet, and what went wrong."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ..syntax.problem import Problem
from ..syntax.tree import Directive, Place, Section
from .environment import Environment
from .included_files import UnreadableFile
from .problem_kinds import EXPANSION, UNREADABLE_FILE

# Characters that Includes, macros and Defines may make of one that was written: a few lines could ask for gigabytes.
MAX_GROWTH = 100


@dataclass
class Budget:
    """How many characters may be read yet, by how many were written; one for all branches."""

    problems: list[Problem]
    left: int = 1000 * MAX_GROWTH
    files: set[str] = field(default_factory=set)

    def grant(self, path: str, characters: int) -> None:
        """Allow for a file, once."""
        if path not in self.files:
            self.files.add(path)
            self.left += MAX_GROWTH * characters

    def spend(self, characters: int, place: Place) -> bool:
        """Tell whether so many characters more may be read; say once that they may not."""
        if self.left >= 0 > self.left - characters:
            message = "Includes, macros and Defines make this configuration too large to be read on"
            fix = "remove the repetition"
            self.problems.append(EXPANSION.problem(place, message, fix))
        self.left -= characters
        return self.left >= 0


@dataclass
class ReaderState:
    """What changes while httpd reads on; `environment` has the same `defines` and `modules`.

    `variables` are the values that Defines gave, by their names in lower case.
    """

    environment: Environment
    defines: set[str]
    modules: set[str] | None
    budget: Budget
    keeps_branches: bool
    problems: list[Problem] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    not_followed: list[Directive] = field(default_factory=list)
    macros: dict[str, Section] = field(default_factory=dict)
    nesting: int = 0
    has_gaps: bool = False

    def report(self, place: Place, message: str, fix: str) -> None:
        """Add an error."""
        self.problems.append(EXPANSION.problem(place, message, fix))

    def report_gap(self, fault: UnreadableFile, place: Place) -> None:
        """Say what can't be read. What comes after it may have been defined there."""
        self.has_gaps = True
        self.problems.append(gap(fault, place))

    def beside(self) -> ReaderState:
        """Return a reader of what httpd passes over: nothing there counts, nor is it wrong."""
        defines = set(self.defines)
        modules = None if self.modules is None else set(self.modules)
        environment = replace(self.environment, defines=defines, modules=modules)
        return replace(
            self,
            environment=environment,
            defines=defines,
            modules=modules,
            problems=[],
            not_followed=[],
            macros=dict(self.macros),
            variables=dict(self.variables),
        )


def unread(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems that leave gaps: files of which nothing is known."""
    return tuple(problem for problem in problems if problem.rule == UNREADABLE_FILE.id)


def gap(fault: UnreadableFile, included_from: Place | None = None) -> Problem:
    """Return the problem of a file that can't be read."""
    place = Place(fault.path, fault.line, included_from)
    message = f"{posixpath.basename(fault.path) or fault.path} {fault.message}"
    return UNREADABLE_FILE.problem(place, message, fault.fix)
