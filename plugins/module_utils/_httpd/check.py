"""Every rule over a server, and everything that can be said of variables before a host is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .compile.release import Neighbours, compile_release
from .constraints import inventory_problems, undefined_problem
from .inventory import VHOST_LISTS, Inventory, read_inventory
from .part import compile_part, compile_trees
from .problem import Problem, worst_first
from .rules import RULES
from .server import Server
from .tree import Directive, Section, Tree
from .view import view

# Any directory will do: on the controller nothing is included from disk.
_DIRECTORY = "/release"


def check(server: Server) -> tuple[Problem, ...]:
    """Return what every rule finds, worst first."""
    return worst_first(problem for rule in RULES for problem in rule.problems(server))


def check_variables(
    variables: Mapping[str, Any], concerns: Sequence[str]
) -> tuple[Inventory, tuple[Problem, ...]]:
    """Read a host's variables and return them with every problem at once, worst first.

    `concerns` are those that the run stages; only a run that stages virtual hosts must see a list of them.
    """
    inventory, problems = read_inventory(variables)
    found = [*problems, *inventory_problems(inventory)]
    if "vhosts" in concerns and not any(variables.get(name) is not None for name in VHOST_LISTS):
        found.append(undefined_problem())
    found.extend(check(view(whole_tree(inventory, concerns))))
    return inventory, worst_first(_without_echoes(found))


def whole_tree(inventory: Inventory, concerns: Sequence[str]) -> Tree:
    """Return the release that an inventory makes as one tree, with the variables as origins."""
    trees = {
        path: tree
        for concern in concerns
        for path, tree in compile_trees(inventory, concern).items()
    }
    manifests = tuple(compile_part(inventory, concern).manifest for concern in concerns)
    frame = compile_release(manifests, neighbours=Neighbours(), directory=_DIRECTORY, digest="")
    return tuple(_inlined(frame, trees))


def _inlined(tree: Tree, trees: Mapping[str, Tree]) -> Iterator[Any]:
    """Put the trees of a release in the place of their Includes."""
    for node in tree:
        if isinstance(node, Directive) and node.name == "Include":
            path = node.args[0].partition("/")[2]
            yield from _inlined(trees.get(path, ()), trees)
        elif isinstance(node, Section):
            yield Section(node.name, node.args, tuple(_inlined(node.children, trees)), node.origin)
        else:
            yield node


def _without_echoes(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Drop what a rule says of a place that the reader has refused already, and what is said twice."""
    refused = {str(problem.origin) for problem in problems if problem.severity == "error"}
    seen: set[tuple[str, str]] = set()
    for problem in problems:
        place = (str(problem.origin), problem.message)
        if place not in seen and (
            problem.severity == "error" or str(problem.origin) not in refused
        ):
            seen.add(place)
            yield problem
