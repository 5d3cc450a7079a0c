"""Every rule over a server."""

from __future__ import annotations

from ..reading.environment import Environment
from ..reading.server import Server
from ..syntax.problem import Problem, live, worst_first
from .rule import UNKNOWN, Rule
from .rules.all_rules import RULES
from .silencing import silencing_problems, with_reasons

IDS = frozenset(rule.id for rule in RULES)


def check(server: Server, environment: Environment = UNKNOWN) -> tuple[Problem, ...]:
    """Return what every rule finds, worst first; what `environment` doesn't know, no rule presumes."""
    return live(check_all(server, environment))


def check_all(
    server: Server, environment: Environment = UNKNOWN, rules: tuple[Rule, ...] = RULES
) -> tuple[Problem, ...]:
    """Return the same, with what is switched off; that has its reason."""
    found = (problem for rule in rules for problem in rule.problems(server, environment))
    return worst_first((*with_reasons(found, server), *silencing_problems(server, IDS)))
