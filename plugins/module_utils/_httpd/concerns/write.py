"""The few shapes in which compiled configuration is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..syntax.quoting import words
from ..syntax.silencing_comments import SilencedRule, write_silenced_rule
from ..syntax.tree import Comment, Directive, Node, Place, Section, Tree
from ..vocabulary.reserved_names import RELEASE_VARIABLE
from .vhosts.vhost_parts import CheckOff


def directive(name: str, *values: str, place: Place) -> Directive:
    """Write a directive; each value is quoted as that directive reads it. Raises Refused."""
    return Directive(name, words(name, *values), place)


def section(name: str, *values: str, children: Tree, place: Place) -> Section:
    """Write a section; its values are quoted like a directive's. Raises Refused."""
    return Section(name, words(name, *values), children, place)


def include(path: str, *, place: Place) -> Directive:
    """Write the strict Include of a file of the same release."""
    return Directive("Include", (f"${{{RELEASE_VARIABLE}}}/{path}",), place)


def compile_silencing(entries: Iterable[CheckOff]) -> Iterator[Comment]:
    """Write what is silenced, with the reasons."""
    for one in entries:
        yield write_silenced_rule(SilencedRule(one.rule, one.reason, one.place))


def block(place: Place, *nodes: Node, title: str = "") -> Tree:
    """Write nodes under a comment that names their variable; nothing where there are none."""
    if not nodes:
        return ()
    comment = f"# {place}: {title}" if title else f"# {place}"
    return (Comment(""), Comment(comment, place), *nodes)
