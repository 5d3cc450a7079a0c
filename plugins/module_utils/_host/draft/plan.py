"""What a commit would make of the server: as httpd reads it now, and as it would read the draft."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from ..._httpd.checking.rules.server.loaded_modules import http2_inactive
from ..._httpd.reading.server import Server
from ..._httpd.release.manifest import Manifest
from ..._httpd.syntax.problem import Problem, has_errors
from ..._httpd.vocabulary.layout import Layout
from ..configuration.host_configuration import HostConfiguration
from ..machine.units import needs_restart
from .draft import Draft
from .restart import Action, choose_action


@dataclass(frozen=True)
class Plan:
    """What a draft makes of the server, and which `modules` it has then; `problems` are new ones only."""

    before: Server
    after: Server
    modules: Set[str]
    problems: tuple[Problem, ...]
    action: Action


def make_plan(draft: Draft, *, layout: Layout) -> Plan:
    """Compare what httpd reads now with what it would read."""
    before, after = draft.host.as_it_is, draft.after
    problems = _of_gatehouse(after.all_problems(), layout)
    problems = _with_http2_demanded(problems, draft.release.manifests)
    if has_errors(problems):
        known = {_identity(problem) for problem in draft.host.live.all_problems()}
        problems = tuple(problem for problem in problems if _identity(problem) not in known)
    modules = after.environment.modules or frozenset()
    action = compare(before, after)
    limits = needs_restart(draft.changes, layout)
    if limits:
        action = Action("restart", f"{limits} changes")
    return Plan(before.server, after.server, modules, problems, action)


def compare(before: HostConfiguration, after: HostConfiguration) -> Action:
    """Choose what carries one server over to the other."""
    return choose_action(
        before=before.server, after=after.server, mpm_before=before.mpm, mpm_after=after.mpm
    )


def _of_gatehouse(problems: tuple[Problem, ...], layout: Layout) -> tuple[Problem, ...]:
    """Return the problems of Gatehouse's files, or that they share with the host's own."""
    return tuple(
        problem for problem in problems if layout.gatehouse in f"{problem.place} {problem.message}"
    )


def _with_http2_demanded(
    problems: tuple[Problem, ...], manifests: tuple[Manifest, ...]
) -> tuple[Problem, ...]:
    """Make one error of HTTP/2 that can't be spoken, where a variable asks for it; a text may ask in vain."""
    inactive = [problem for problem in problems if problem.rule == http2_inactive.id]
    if not inactive or not any(one.concern == "http2" and one.files for one in manifests):
        return problems
    demanded = replace(inactive[0], severity="error")
    return (*(problem for problem in problems if problem not in inactive), demanded)


def _identity(problem: Problem) -> tuple[str, str]:
    return (problem.rule, problem.message)
