"""Guards over all parts of a host: an inventory that lost its contents, and owners that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..concerns.catalogue import CONCERNS
from ..syntax.parse import parse_tree
from ..syntax.problem import Problem
from ..syntax.quoting import unquote
from ..syntax.tree import Directive, Place
from .part import Part
from .problem_kinds import EMPTIED_INVENTORY, LARGE_REMOVAL, SHARED_BY_TWO_OWNERS

MOST_REMOVED = 0.25  # of the virtual hosts that a host serves
FEW = 2  # virtual hosts that may go whatever share they are


def removal_problem(
    before: Sequence[str], after: Sequence[str], *, allow_empty: bool, allow_removal: bool
) -> Problem | None:
    """Refuse to remove all of the virtual hosts that a host serves, or more than a quarter and more than two."""
    place = Place("apache_vhosts", is_leaf=True)
    removed = sorted({*before} - {*after})
    if before and not after and not allow_empty:
        message = (
            f"every virtual host would be removed, {len(before)} of {len(before)}: {_some(removed)}"
        )
        fix = "restore the list; if they are to go, set apache_allow_empty: true for this run"
        return EMPTIED_INVENTORY.problem(place, message, fix)
    is_large = len(removed) > max(FEW, MOST_REMOVED * len({*before}))
    if after and is_large and not allow_removal:
        message = (
            f"{len(removed)} of {len({*before})} virtual hosts would be removed: {_some(removed)}"
        )
        fix = "restore them, or set apache_allow_removal: true"
        return LARGE_REMOVAL.problem(place, message, fix)
    return None


def shared_problems(parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield what owners say differently of what a host has once; httpd would take the last of them, silently."""
    yield from _log_format_problems(parts)
    for concern in CONCERNS:
        saying = [part for part in parts if part.manifest.concern == concern.name and part.texts]
        for part in saying[1:] if concern.is_shared else ():
            if list(part.texts.values()) != list(saying[0].texts.values()):
                owners = f"the owners `{saying[0].manifest.owner}` and `{part.manifest.owner}`"
                names = " or ".join(f"apache_{name}" for name in concern.variables)
                message = f"{owners} say different things in {names}, which a host has once"
                fix = "have one of them say it, or both the same"
                place = Place(f"apache_{concern.variables[0]}", is_leaf=True)
                yield SHARED_BY_TWO_OWNERS.problem(place, message, fix)


def _log_format_problems(parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield the names of log formats by which two owners mean different things: httpd knows each name once."""
    said: dict[str, tuple[str, str]] = {}
    trees = ((part, parse_tree(text, "")[0]) for part in parts for text in _of_server(part))
    for part, tree in trees:
        for node in (node for node in tree if isinstance(node, Directive)):
            if node.name == "LogFormat" and len(node.args) == 2:
                owner = part.manifest.owner
                text, name = map(unquote, node.args)
                first, before = said.setdefault(name, (owner, text))
                if before != text:
                    message = f"the owners `{first}` and `{owner}` mean different formats by the name `{name}`, which a host has once"
                    place = Place(f"apache_log_formats.{name}", is_leaf=True)
                    fix = "have one of them write another name, or both the same format"
                    yield SHARED_BY_TWO_OWNERS.problem(place, message, fix)


def _of_server(part: Part) -> Iterable[str]:
    """Return the texts in which an owner says log formats."""
    return part.texts.values() if part.manifest.concern == "server" else ()


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
