"""Conditions that were evaluated and left in their place, and what remains where they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..syntax.record import record
from ..syntax.tree import Node, Section, Tree


@record(frozen=True)
class EvaluatedSection(Section):
    """A condition that was evaluated and is left in its place; `holds` is what came out."""

    holds: bool = True


def holding(tree: Tree) -> Iterator[Node]:
    """Yield what is left where conditions hold."""
    for node in tree:
        if isinstance(node, EvaluatedSection):
            yield from holding(node.children) if node.holds else ()
        elif isinstance(node, Section):
            yield replace(node, children=tuple(holding(node.children)))
        else:
            yield node
