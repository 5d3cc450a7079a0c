"""Every rule over a server."""

from __future__ import annotations

from collections.abc import Iterable

from ..reading.environment import Environment
from ..reading.server import Server
from ..syntax.problem import Problem, reported, worst_first
from .rule import UNKNOWN, Rule
from .rules.all_rules import RULES
from .silencing import silencing_of, silencing_problems


def check(
    server: Server, environment: Environment = UNKNOWN, *, found: Iterable[Problem] = ()
) -> tuple[Problem, ...]:
    """Return what every rule finds, worst first; what `environment` doesn't know, no rule presumes.

    What was `found` before the server was there is silenced by its comments too.
    """
    return reported(check_all(server, environment, found=found))


def check_all(
    server: Server,
    environment: Environment = UNKNOWN,
    rules: tuple[Rule, ...] = RULES,
    *,
    found: Iterable[Problem] = (),
) -> tuple[Problem, ...]:
    """Return the same with what is silenced, which has its reason; `rules` may be fewer than all."""
    by_rules = (problem for rule in rules for problem in rule.problems(server, environment))
    everything = (*found, *by_rules, *silencing_problems(server))
    return worst_first(silencing_of(server).applied(everything))
