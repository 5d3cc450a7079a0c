"""Text that is no configuration of httpd's at all: another program's, a page, a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .directives import DIRECTIVES
from .problem import Problem
from .tree import Directive, Section, Tree

MANUAL = "https://httpd.apache.org/docs/2.4/configuring.html#syntax"
# A third party's modules have names of their own, but no file of a site holds hardly anything else.
LEAST_KNOWN = 0.2

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def foreign_text(tree: Tree) -> Iterator[Problem]:
    """Report once what most lines are: names that no module can have, or none that httpd knows."""
    directives = list(_directives(tree))
    impossible = [found for found in directives if not _NAME.fullmatch(found.name)]
    if impossible:
        first = impossible[0]
        message = f"`{first.name[:40]}` can't be a directive's name"
        if len(impossible) > 1:
            message += f", nor can the names of {len(impossible) - 1} further lines"
        yield _problem(first, message)
    known = sum(found.name.lower() in DIRECTIVES for found in directives)
    if not impossible and known < LEAST_KNOWN * len(directives):
        first = next(found for found in directives if found.name.lower() not in DIRECTIVES)
        yield _problem(first, f"httpd knows {known} of the {len(directives)} directives here")


def _directives(tree: Tree) -> Iterator[Directive]:
    """Yield every directive but those of <Perl>, which are Perl."""
    for node in tree:
        if isinstance(node, Directive):
            yield node
        elif isinstance(node, Section) and node.name.lower() != "perl":
            yield from _directives(node.children)


def _problem(directive: Directive, message: str) -> Problem:
    fix = "check a file that is written for Apache httpd"
    return Problem("no-configuration", "error", directive.origin, message, fix, MANUAL)
