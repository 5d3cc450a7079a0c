"""From a file and line of a release back to the variable that was printed there, which is all that operators know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place
from .release import Release

_HTTPD_PLACE = re.compile(r"line ([0-9]+) of \S*/releases/[^/]+/([^\s:]+)")
_PLACE = re.compile(
    r"\S*/releases/[^/\s]+/([^\s:]+):([0-9]+)(\.[a-z_]+(?:\[[0-9]+\])?)?(?: \(included from [^)]*\)+)?"
)
_VARIABLE_COMMENT = re.compile(r"^\s*# (apache_\w+.*)$")


def with_variables(words: Iterable[str], release: Release) -> tuple[str, ...]:
    """Add to each of httpd's lines that names a place the variable that was printed there."""
    return tuple(_with_variable(line, release) for line in words)


def in_variables(problems: Iterable[Problem], release: Release) -> tuple[Problem, ...]:
    """Return problems with variables in the place of a release's files, in messages too."""
    return tuple(_in_variables(problem, release) for problem in problems)


def key_at(place: Place, key: str) -> Place:
    """Name a key of the virtual host that was printed at a line, for `in_variables`; none where it is empty."""
    if not key:
        return place
    return Place(f"{place.source}:{place.line}.{key}", is_leaf=True)


def _with_variable(line: str, release: Release) -> str:
    """Add the variable to one line."""
    place = _HTTPD_PLACE.search(line)
    comment = _comment_above(place[2], int(place[1]), release) if place else ""
    return f"{line.rstrip(':')} ({comment}):" if comment else line


def _in_variables(problem: Problem, release: Release) -> Problem:
    def variable(found: re.Match[str]) -> str:
        named = _comment_above(found[1], int(found[2]), release).partition(": ")[0]
        # Where the comment names a key already, that is the place: `extra_directives`, what redirects to TLS.
        key = found[3] or "" if named.endswith(")") else ""
        return f"{named}{key}{_owner_of(found[1], release)}" if named else found[0]

    place = _PLACE.sub(variable, str(problem.place))
    message = _PLACE.sub(variable, problem.message)
    is_same = place == str(problem.place)
    return replace(problem, message=message, place=problem.place if is_same else Place(place))


def _owner_of(path: str, release: Release) -> str:
    """Say whose variable is printed in a file; nothing where the host has one owner."""
    owners = {part.manifest.owner for part in release.parts}
    owner = next((part.manifest.owner for part in release.parts if path in part.texts), "")
    return f" of the owner `{owner}`" if owner and len(owners) > 1 else ""


def _comment_above(path: str, line: int, release: Release) -> str:
    """Return the comment above a line that names a variable; empty where there is none."""
    above = release.texts.get(path, "").split("\n")[:line]
    comments = [match[1] for printed in above if (match := _VARIABLE_COMMENT.match(printed))]
    return comments[-1] if comments else ""
