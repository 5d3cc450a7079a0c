"""Everything that can be said of variables before a host is touched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..checking.check import check_all
from ..concerns.balancers.unused import unused_balancers, with_use_of
from ..concerns.catalogue import CONCERNS, staged_concerns
from ..concerns.inventory import Inventory, misspelt_variables, read_inventory
from ..concerns.vhosts.constraints import undefined_problem
from ..concerns.vhosts.model import Vhost
from ..concerns.vhosts.vhost_defaults import placed_in_defaults
from ..concerns.vhosts.vhost_parts import Expect
from ..reading.view import view
from ..syntax.problem import Problem, reported, worst_first
from ..vocabulary.reserved_names import FRAME_PLACE
from .compile_parts import CompiledInventory, compile_inventory
from .loops import loops
from .route_tests import route_problems
from .silencing_by_variables import silencing_by_variables


@dataclass(frozen=True)
class CheckedVariables:
    """A host's variables, read once: the inventory, what a run stages of it, and every problem, worst first.

    A silenced problem is among them; it has its reason.
    """

    inventory: Inventory
    compiled: CompiledInventory
    problems: tuple[Problem, ...]


def check_variables(
    variables: Mapping[str, Any], concerns: Iterable[str]
) -> tuple[CompiledInventory, tuple[Problem, ...]]:
    """Read and compile a host's variables; return what a run of `concerns` stages, and the problems that aren't silenced."""
    checked = check_all_variables(variables, concerns)
    return checked.compiled, reported(checked.problems)


def check_all_variables(variables: Mapping[str, Any], concerns: Iterable[str]) -> CheckedVariables:
    """Read and compile a host's variables, and find every problem at once.

    `concerns` are those that the run asks for; only a run that asks for virtual hosts must see a list of them. Of the
    host's other variables the names will do.
    """
    wanted = tuple(concerns)
    inventory, refused = read_inventory(variables)
    found = [*refused, *misspelt_variables(variables)]
    for concern in CONCERNS:
        found.extend(concern.problems(inventory, refused))
    if "vhosts" in wanted and not inventory.lists_vhosts:
        found.append(undefined_problem())
    everything = compile_inventory(inventory)
    compiled = everything.of(staged_concerns(wanted, inventory))
    server = view(compiled.whole_tree)
    found = [*check_all(server, found=found)]
    if "balancers" in wanted:
        found.extend(_problems_of_unused(inventory))
    if "vhosts" in wanted:
        found.extend(loops(server))
    if "vhosts" in wanted and any(vhost.expect for vhost in inventory.vhosts):
        # A role of one concern sees the balancers too, whose members a route may lead to.
        whole = server if compiled is everything else view(everything.whole_tree)
        found.extend(route_problems(whole, [*_whole_vhosts(inventory, refused)]))
    problems = silencing_by_variables(inventory).applied(found)
    mended = (
        placed_in_defaults(_in_words_of_variables(one), variables)
        for one in _without_echoes([*problems], refused)
    )
    return CheckedVariables(inventory, compiled, worst_first(_each_once(mended)))


def _problems_of_unused(inventory: Inventory) -> Iterator[Problem]:
    """Yield what rules find in the balancers that no virtual host uses."""
    unused = unused_balancers(inventory)
    if not unused:
        return
    server = view(compile_inventory(with_use_of(unused, inventory)).whole_tree)
    own = tuple(str(balancer.place) for balancer in unused)
    for problem in check_all(server):
        if str(problem.place).startswith(own):
            yield problem


def _whole_vhosts(inventory: Inventory, refused: Sequence[Problem]) -> Iterator[Vhost]:
    """Yield the virtual hosts of which nothing was refused, nor of the balancers that they use: others fail any test.

    Of tests that were refused the others are left.
    """
    places = [str(problem.place) for problem in refused]
    has_all_balancers = not any(place.startswith("apache_balancers") for place in places)
    for vhost in inventory.vhosts:
        own = [place for place in places if place.startswith(str(vhost.place))]
        is_whole = all(place.startswith(f"{vhost.place}.expect") for place in own)
        uses_balancers = any(rule.url and rule.url.is_balancer for rule in vhost.rules)
        if is_whole and (has_all_balancers or not uses_balancers):
            yield replace(vhost, expect=tuple(_whole_tests(vhost, own))) if own else vhost


def _whole_tests(vhost: Vhost, refused: Sequence[str]) -> Iterator[Expect]:
    """Yield the route tests of which nothing was refused, by the places of what was."""
    for expect in vhost.expect:
        own = str(expect.place)
        if not any(place == own or place.startswith(f"{own}.") for place in refused):
            yield expect


def _in_words_of_variables(problem: Problem) -> Problem:
    """Say what to write in an inventory, where the rule's own words are for a configuration."""
    fix = _FIXES.get(problem.rule)
    is_written_out = ".extra_directives" in str(problem.place)
    return problem if fix is None or is_written_out else replace(problem, fix=fix)


_FIXES = {
    "ssl-engine-missing": "write `ssl: managed`, or another certificate, or another port",
}


def _without_echoes(problems: Sequence[Problem], unread: Iterable[Problem]) -> Iterator[Problem]:
    """Drop what a rule says of a place that the reader has refused already, or finds only because it was refused."""
    refused = {
        str(problem.place)
        for problem in problems
        if problem.severity == "error" and not problem.reason
    }
    hidden = {
        rule
        for rule, variable in _FOLLOWS_FROM.items()
        if any(re.fullmatch(rf"{variable}{_WHOLE_OR_NAMELESS}", place) for place in refused)
        or any(re.fullmatch(rf"{variable}{_MEMBER}", str(one.place)) for one in unread)
    }
    said = {(problem.rule, str(problem.place)) for problem in problems if not problem.reason}
    said_anywhere = {rule for rule, _place in said}
    for problem in problems:
        is_echo = problem.severity != "error" and str(problem.place) in refused
        key = _FOLLOWS_FROM_KEY.get(problem.rule)
        is_echo = is_echo or (key is not None and f"{problem.place}.{key}" in refused)
        is_echo = is_echo or (_FOLLOWS_FROM_RULE.get(problem.rule), str(problem.place)) in said
        if problem.place == FRAME_PLACE:
            is_echo = is_echo or _FOLLOWS_IN_FRAME.get(problem.rule) in said_anywhere
        if problem.rule not in hidden and not is_echo:
            yield problem


def _each_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Drop what is said twice: by two readers, or of what all virtual hosts have from their defaults."""
    seen: set[tuple[str, str]] = set()
    for problem in problems:
        said = (str(problem.place), problem.message)
        if said not in seen:
            seen.add(said)
            yield problem


# What a rule finds of variables that others read is no news where those were refused themselves.
_FOLLOWS_FROM = {"undefined-balancer": "apache_balancers"}
_FOLLOWS_FROM_KEY = {"ssl-engine-missing": "ssl", "expect-depends": "request"}
# Of one place.
_FOLLOWS_FROM_RULE = {"rule-never-fires": "two-rules-for-everything"}
# The frame is nobody's text.
_FOLLOWS_IN_FRAME = {"ssl-engine-missing": "mixed-tls"}
_WHOLE_OR_NAMELESS = r"(\[[0-9]+\]( \(.*\))?(\.(name|members))?)?"
# Without one that couldn't be read a balancer may have none.
_MEMBER = r"\[[0-9]+\]( \(.*\))?\.members\[[0-9]+\](\.url)?"
