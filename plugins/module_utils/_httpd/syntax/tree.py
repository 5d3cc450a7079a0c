"""The syntax of an httpd configuration, and nothing else: directives, sections, comments and where each came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Union

from .record import record


@record(frozen=True)
class Place:
    """Where something was written: a variable's path, or a file and a line.

    `source` is `apache_vhosts[2] (shop.example.com).proxy_pass[0]` or `sites/shop.conf`; `line` is 0 for a variable.
    `included_from` is the Include (or Use) that brought a file in.
    `is_leaf` says that the variable is a single value, so no key can be named below it.
    """

    source: str
    line: int = 0
    included_from: Place | None = None
    is_leaf: bool = False

    def at(self, key: str) -> Place:
        """Name one key of the variable here; a file's line has no keys and stays as it is."""
        if self.line or self.is_leaf or not self.source:
            return self
        return Place(f"{self.source}.{key}", is_leaf=True)

    def __str__(self) -> str:
        here = f"{self.source}:{self.line}" if self.line else self.source
        return f"{here} (included from {self.included_from})" if self.included_from else here


NOWHERE = Place("")


@record(frozen=True)
class Directive:
    """One directive; `args` are words as they are written, quotes and escapes included."""

    name: str
    args: tuple[str, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)


@record(frozen=True)
class Section:
    """A `<Name args>…</Name>` block."""

    name: str
    args: tuple[str, ...] = ()
    children: Tree = ()
    place: Place = field(default=NOWHERE, compare=False)


@record(frozen=True)
class Comment:
    """A comment line without its leading blanks, `#` included; the empty text is a blank line."""

    text: str
    place: Place = field(default=NOWHERE, compare=False)


Node = Union[Directive, Section, Comment]
Tree = tuple[Node, ...]


def is_named(node: Node, *names: str) -> bool:
    """Tell whether `node` is a directive or section of one of `names`, in any letter case."""
    return not isinstance(node, Comment) and node.name.lower() in {name.lower() for name in names}


def walk(tree: Tree) -> Iterator[Node]:
    """Yield every node in file order, a section before its children."""
    for node in tree:
        yield node
        if isinstance(node, Section):
            yield from walk(node.children)
