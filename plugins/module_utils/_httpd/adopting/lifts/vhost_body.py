"""A virtual host's body while what variables say is taken out of it; what is left is kept, with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ...syntax.condition_sections import CONDITIONS
from ...syntax.print import print_tree
from ...syntax.quoting import Refused, read_words
from ...syntax.tree import Comment, Directive, Node, Place, Section, Tree, is_named, walk
from ...variables.door import Door, Invalid, Kind

Plain = dict[str, Any]
Outcome = Literal["extra_directives", "host", "changed"]


@dataclass(frozen=True)
class Leftover:
    """What the variables don't say by a key of their own, and why.

    `directive` is its name alone: arguments may be secrets. `outcome` is `extra_directives` (kept as it is, in its
    virtual host), `host` (stays in the host's own configuration) or `changed` (Gatehouse does it otherwise).
    """

    place: Place
    directive: str
    outcome: Outcome
    reason: str


@dataclass
class Body:
    """The nodes directly inside a <VirtualHost>; those that are taken follow from the variables."""

    nodes: list[Node]
    taken: set[int] = field(default_factory=set)
    reasons: dict[int, str] = field(default_factory=dict)
    overridden: set[int] = field(default_factory=set)

    def directives(self, *names: str) -> list[tuple[int, Directive]]:
        """Return what isn't taken of `names`, with its index, in file order; what stands in sections isn't here."""
        return [
            (index, node)
            for index, node in enumerate(self.nodes)
            if index not in self.taken and isinstance(node, Directive) and is_named(node, *names)
        ]

    def sections(self, *names: str) -> list[tuple[int, Section]]:
        """Return the sections of `names` that aren't taken, with their indexes."""
        return [
            (index, node)
            for index, node in enumerate(self.nodes)
            if index not in self.taken and isinstance(node, Section) and is_named(node, *names)
        ]

    def is_conditional(self, *names: str) -> bool:
        """Tell whether a directive of `names` stands under a condition that is still open."""
        conditions = self.sections(*CONDITIONS)
        return any(
            is_named(node, *names) for _index, one in conditions for node in walk(one.children)
        )

    def keep(self, indexes: list[int], reason: str) -> None:
        """Give the reason for which nodes stay; the first one given holds."""
        for index in indexes:
            self.reasons.setdefault(index, reason)

    def take_last(self, found: list[tuple[int, Directive]]) -> None:
        """Take directives of which the last holds; those that say something else are told."""
        self.taken |= {index for index, _directive in found}
        said = [values_of(directive) for _index, directive in found]
        self.overridden |= {
            index for (index, _directive), values in zip(found, said) if values != said[-1]
        }

    def without(self, index: int, *names: str) -> None:
        """Take the directives of `names` out of a section, and the section where nothing else is left in it."""
        section = self.nodes[index]
        if isinstance(section, Section):
            rest = tuple(node for node in section.children if not is_named(node, *names))
            self.nodes[index] = replace(section, children=rest)
            if all(isinstance(node, Comment) for node in rest):
                self.taken.add(index)

    def kept(self) -> Iterator[Leftover]:
        """Yield what is left, with the reasons."""
        for index, node in enumerate(self.nodes):
            if isinstance(node, Comment):
                continue
            if index in self.overridden:
                yield Leftover(node.place, node.name, "changed", f"a later {node.name} holds")
            if index not in self.taken:
                reason = self.reasons.get(index) or _default_reason(node)
                yield Leftover(node.place, name_of(node), "extra_directives", reason)

    def text(self) -> str:
        """Print what is left, each with the comment lines right above it."""
        return print_tree(tuple(self._rest()))

    def _rest(self) -> Iterator[Node]:
        """Yield what is left and its comments; those that Gatehouse wrote are not an operator's."""
        comments: list[Comment] = []
        for index, node in enumerate(self.nodes):
            if isinstance(node, Comment):
                is_own = not node.text or node.text.startswith("# apache_")
                comments = [] if is_own else [*comments, node]
                continue
            if index not in self.taken:
                yield from comments
                yield node
            comments = []


def name_of(node: Directive | Section) -> str:
    """Name a node in a report: a directive without its arguments, a section with them."""
    return " ".join((f"<{node.name}", *node.args)) + ">" if isinstance(node, Section) else node.name


def values_of(node: Directive | Section) -> tuple[str, ...]:
    """Return the values of a node's arguments."""
    return read_words(node.name, node.args)


def not_lifted(reason: str) -> Refused:
    """Return the refusal of what no variable says."""
    return Refused(reason, "write it into `extra_directives`")


def accepted(kind: Kind, plain: Any) -> Any:
    """Read plain data as the variables' own door does. Raises Refused with the first mistake."""
    door = Door()
    try:
        value = kind.read(plain, Place(""), door)
    except Invalid:
        value = None
    if door.problems:
        raise Refused(door.problems[0].message, door.problems[0].fix)
    return value


def seen(tree: Tree) -> list[tuple[str, tuple[str, ...]]]:
    """Return what httpd reads of directives, in order: lower-case name and values."""
    return [(node.name.lower(), values_of(node)) for node in tree if isinstance(node, Directive)]


def _default_reason(node: Directive | Section) -> str:
    """Say why a node that nothing takes is kept."""
    if isinstance(node, Section) and node.name.lower() in CONDITIONS:
        return f"whether {name_of(node)} holds isn't known"
    if is_named(node, "RewriteEngine", "RewriteCond", "RewriteRule", "RewriteMap", "RewriteBase"):
        return "rewrites have no variable"
    return f"no variable says {f'<{node.name}>' if isinstance(node, Section) else node.name}"
