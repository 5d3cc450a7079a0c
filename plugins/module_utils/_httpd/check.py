"""Every rule over a server, and everything that can be said of variables before a host is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .compiled import Compiled, compile_inventory
from .constraints import inventory_problems, undefined_problem
from .environment import Environment
from .inventory import VHOST_LISTS, read_inventory
from .origins_constraints import origins_problems
from .part import CONCERNS
from .problem import Problem, live, worst_first
from .route_tests import route_problems
from .rule import UNKNOWN
from .rules import RULES
from .server import Server
from .switches import switch_problems, with_reasons
from .tls_constraints import tls_problems
from .view import view

IDS = frozenset(rule.id for rule in RULES)


def check(server: Server, environment: Environment = UNKNOWN) -> tuple[Problem, ...]:
    """Return what every rule finds, worst first; what `environment` doesn't know, no rule presumes."""
    return live(check_all(server, environment))


def check_all(server: Server, environment: Environment = UNKNOWN) -> tuple[Problem, ...]:
    """Return the same, with what is switched off; that has its reason."""
    found = (problem for rule in RULES for problem in rule.problems(server, environment))
    return worst_first((*with_reasons(found, server), *switch_problems(server, IDS)))


def check_variables(
    variables: Mapping[str, Any], concerns: Sequence[str]
) -> tuple[Compiled, tuple[Problem, ...]]:
    """Read and compile a host's variables, and find every problem at once, worst first.

    `concerns` are those that the run stages; only a run that stages virtual hosts must see a list of them.
    """
    compiled, problems = check_all_variables(variables, concerns)
    return compiled, live(problems)


def check_all_variables(
    variables: Mapping[str, Any], concerns: Sequence[str]
) -> tuple[Compiled, tuple[Problem, ...]]:
    """Return the same, with what is switched off; that has its reason."""
    inventory, problems = read_inventory(variables)
    found = [*problems, *inventory_problems(inventory)]
    found.extend(tls_problems(inventory, problems))
    found.extend(origins_problems(inventory.vhosts))
    if "vhosts" in concerns and not any(variables.get(name) is not None for name in VHOST_LISTS):
        found.append(undefined_problem())
    compiled = compile_inventory(inventory, concerns)
    found.extend(check_all(view(compiled.whole_tree)))
    if "vhosts" in concerns and any(vhost.expect for vhost in inventory.vhosts):
        # A role of one concern sees the balancers too, whose members a route may lead to.
        whole = view(compile_inventory(inventory, CONCERNS).whole_tree)
        found.extend(route_problems(whole, inventory.vhosts))
    return compiled, worst_first(_without_echoes(found))


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
