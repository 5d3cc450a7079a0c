"""What a commit would make of the server: as httpd reads it now, and as it would read the draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from ..._httpd.checking.check import check
from ..._httpd.reading.problem_kinds import EXPANSION
from ..._httpd.reading.server import Server
from ..._httpd.syntax.problem import Problem, has_errors
from ..._httpd.vocabulary.layout import Layout
from ..configuration.host_configuration import HostConfiguration
from ..machine import processes, systemd
from ..machine.changes import Change
from ..machine.units import needs_restart
from ..store.line_variables import in_variables
from .draft import Draft
from .draft_problems import host_problems
from .restart import Action, choose_action

_BALANCER_FILE = re.compile(r"/balancers/[^/]+\.conf\b")
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Plan:
    """What a draft makes of the server, which `modules` it has then, and which MPM it has now.

    `problems` are those that rules find, `judged` those of which concerns know on the host; both are new ones only,
    and name variables.
    """

    before: Server
    after: Server
    modules: Set[str]
    problems: tuple[Problem, ...]
    judged: tuple[Problem, ...]
    action: Action
    mpm_before: frozenset[str] = frozenset()


def make_plan(draft: Draft, *, layout: Layout) -> Plan:
    """Compare what httpd reads now with what it would read."""
    before, after = draft.host.as_it_is, draft.after
    found = _without_echoes(_of_gatehouse(all_problems(after), layout), layout)
    problems = in_variables(found, draft.release)
    judged = in_variables(host_problems(draft, found), draft.release)
    if has_errors((*problems, *judged)):
        known = set(map(_identity, _live_problems(draft)))
        problems, judged = (
            tuple(problem for problem in several if _identity(problem) not in known)
            for several in (problems, judged)
        )
    modules = after.environment.modules or frozenset()
    mpm = running_mpm(before, layout)
    action = compare(before, after, draft.changes, layout, mpm=mpm)
    return Plan(before.server, after.server, modules, problems, judged, action, mpm)


def all_problems(configuration: HostConfiguration) -> tuple[Problem, ...]:
    """Return what is wrong with a configuration's text, and what every rule finds in it."""
    return check(configuration.server, configuration.environment, found=configuration.problems)


def running_mpm(configuration: HostConfiguration, layout: Layout) -> frozenset[str]:
    """Return the MPM that the running server has loaded, whatever its files say by now; theirs, where none is seen."""
    loaded = processes.loaded_modules(systemd.main_pid(layout.unit))
    mpms = frozenset(f"{name}_module" for name in loaded if name.startswith("mpm_"))
    return mpms or configuration.mpm


def compare(
    before: HostConfiguration,
    after: HostConfiguration,
    changes: Iterable[Change],
    layout: Layout,
    *,
    mpm: frozenset[str],
) -> Action:
    """Choose what carries a server that has this MPM over to the other one with these changes."""
    unit = needs_restart(changes, layout)
    if unit:
        return Action("restart", f"{unit} changes")
    return choose_action(
        before=before.server, after=after.server, mpm_before=mpm, mpm_after=after.mpm
    )


def _of_gatehouse(problems: tuple[Problem, ...], layout: Layout) -> tuple[Problem, ...]:
    """Return the problems of Gatehouse's files, or that they share with the host's own."""
    return tuple(
        problem for problem in problems if layout.gatehouse in f"{problem.place} {problem.message}"
    )


def _without_echoes(problems: tuple[Problem, ...], layout: Layout) -> tuple[Problem, ...]:
    """Leave out that a release includes the file of a balancer which isn't defined: nobody wrote that Include."""
    if not any(problem.rule == "undefined-balancer" for problem in problems):
        return problems
    return tuple(
        problem
        for problem in problems
        if problem.rule != EXPANSION.id
        or not str(problem.place).startswith(f"{layout.gatehouse}/")
        or not _BALANCER_FILE.search(problem.message)
    )


def _live_problems(draft: Draft) -> tuple[Problem, ...]:
    """Return what is wrong already, with variables: the same text stands in another line of another release."""
    problems = all_problems(draft.host.live)
    followed = draft.host.followed
    return in_variables(problems, followed) if followed else problems


def _identity(problem: Problem) -> tuple[str, str]:
    """Return what stays the same of a problem when lists grow."""
    return (problem.rule, _INDEX.sub("", problem.message))
