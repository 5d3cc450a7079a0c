"""Everything that can be said of variables before a host is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..checking.check import check_all
from ..concerns.inventory import VHOST_LISTS, read_inventory
from ..concerns.ssl.constraints import tls_problems
from ..concerns.vhosts.backend_tls_constraints import backends_problems
from ..concerns.vhosts.constraints import inventory_problems, undefined_problem
from ..reading.view import view
from ..syntax.problem import Problem, reported, worst_first
from .compile_parts import Compiled, compile_inventory
from .part import CONCERNS
from .route_tests import route_problems
from .silencing_by_variables import silencing_by_variables


def check_variables(
    variables: Mapping[str, Any], concerns: Sequence[str]
) -> tuple[Compiled, tuple[Problem, ...]]:
    """Read and compile a host's variables, and find every problem at once, worst first.

    `concerns` are those that the run stages; only a run that stages virtual hosts must see a list of them.
    """
    compiled, problems = check_all_variables(variables, concerns)
    return compiled, reported(problems)


def check_all_variables(
    variables: Mapping[str, Any], concerns: Sequence[str]
) -> tuple[Compiled, tuple[Problem, ...]]:
    """Return the same with what is silenced, which has its reason."""
    inventory, problems = read_inventory(variables)
    found = [*problems, *inventory_problems(inventory)]
    found.extend(tls_problems(inventory, problems))
    found.extend(backends_problems(inventory.vhosts))
    if "vhosts" in concerns and not any(variables.get(name) is not None for name in VHOST_LISTS):
        found.append(undefined_problem())
    compiled = compile_inventory(inventory, concerns)
    found = [*check_all(view(compiled.whole_tree), found=found)]
    if "vhosts" in concerns and any(vhost.expect for vhost in inventory.vhosts):
        # A role of one concern sees the balancers too, whose members a route may lead to.
        whole = view(compile_inventory(inventory, CONCERNS).whole_tree)
        found.extend(route_problems(whole, inventory.vhosts))
    silencing = silencing_by_variables(inventory)
    return compiled, worst_first(_without_echoes([*silencing.applied(found)]))


def _without_echoes(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Drop what a rule says of a place that the reader has refused already, and what is said twice."""
    refused = {
        str(problem.place)
        for problem in problems
        if problem.severity == "error" and not problem.reason
    }
    seen: set[tuple[str, str]] = set()
    for problem in problems:
        place = (str(problem.place), problem.message)
        if place not in seen and (problem.severity == "error" or str(problem.place) not in refused):
            seen.add(place)
            yield problem
