"""A tree as text: two spaces a level, one node a line."""

from __future__ import annotations

from collections.abc import Iterator

from .tree import Comment, Section, Tree

INDENT = "  "


def print_tree(tree: Tree) -> str:
    """Write the tree as httpd reads it."""
    return "".join(f"{line}\n" for line in _lines(tree, ""))


def _lines(tree: Tree, indent: str) -> Iterator[str]:
    """Yield each node's lines; a blank line carries no indent."""
    for node in tree:
        if isinstance(node, Comment):
            yield f"{indent}{node.text}".rstrip()
            continue
        line = " ".join((node.name, *node.args))
        if isinstance(node, Section):
            yield f"{indent}<{line}>"
            yield from _lines(node.children, indent + INDENT)
            yield f"{indent}</{node.name}>"
        else:
            yield f"{indent}{line}"
