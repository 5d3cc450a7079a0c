"""Text that is no configuration of httpd's, or not all of it: another program's, a page, a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..syntax.problem import Problem
from ..syntax.tree import Directive, Section, Tree
from ..vocabulary.directives import DIRECTIVES
from .problem_kinds import NO_CONFIGURATION

# A third party's modules have names of their own, but no file of a site holds hardly anything else.
LEAST_KNOWN = 0.2

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def foreign_text(directives: Sequence[Directive]) -> tuple[Problem, ...]:
    """Report a text of which httpd knows hardly a line; of that there is nothing more to say."""
    unknown = [found for found in directives if found.name.lower() not in DIRECTIVES]
    known = len(directives) - len(unknown)
    if known >= LEAST_KNOWN * len(directives):
        return ()
    fix = "check a file that is written for Apache httpd"
    message = f"httpd knows {known} of the {len(directives)} directives here"
    return (_problem(unknown[0], message, fix),)


def impossible_names(directives: Sequence[Directive]) -> tuple[Problem, ...]:
    """Report once the lines that begin with what can't be the name of any module's directive."""
    # A server has a great many directives, and few names.
    names = {directive.name for directive in directives}
    impossible = {name for name in names if not _NAME.fullmatch(name)}
    if not impossible:
        return ()
    found = [directive for directive in directives if directive.name in impossible]
    more = f", nor can the names of {len(found) - 1} further lines" if len(found) > 1 else ""
    message = f"`{found[0].name[:40]}` can't be a directive's name{more}"
    return (_problem(found[0], message, "remove it, or mend the line before"),)


def directives_of(tree: Tree) -> Iterator[Directive]:
    """Yield every directive but those of <Perl>, which are Perl."""
    for node in tree:
        if isinstance(node, Directive):
            yield node
        elif isinstance(node, Section) and node.name.lower() != "perl":
            yield from directives_of(node.children)


def _problem(directive: Directive, message: str, fix: str) -> Problem:
    return NO_CONFIGURATION.problem(directive.place, message, fix)
