"""What a commit would make of the server: as httpd reads it now, and as it would read the draft."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from ..._httpd.checking.check import check
from ..._httpd.checking.rules.server.loaded_modules import http2_inactive
from ..._httpd.reading.environment import Environment
from ..._httpd.reading.server import Server
from ..._httpd.reading.view import view
from ..._httpd.release.manifest import Manifest
from ..._httpd.syntax.problem import Problem, has_errors
from ..._httpd.vocabulary.layout import Layout
from ..machine.effective import expand_host
from ..machine.files import read_state
from ..machine.units import needs_restart
from ..store.store import FRAME, Release, Store
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


@dataclass(frozen=True)
class HostConfiguration:
    """A server, the world that it makes with the MPMs in it, and what is wrong with its text."""

    server: Server
    environment: Environment
    mpm: frozenset[str]
    problems: tuple[Problem, ...]

    def all_problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the text, and what every rule finds here."""
        return check(self.server, self.environment, found=self.problems)


def make_plan(draft: Draft, *, store: Store, layout: Layout) -> Plan:
    """Read the whole configuration as httpd does now and as it would, and compare."""
    after = view_host(layout, _with_release(draft.planned, draft.release, store, layout))
    # Listeners and limits don't stand in virtual hosts, of which there may be a thousand.
    before = view_host(layout, live_environment(draft.host, store, layout))
    problems = _of_gatehouse(after.all_problems(), layout)
    problems = _with_http2_demanded(problems, draft.release.manifests)
    if has_errors(problems):
        whole = view_live(draft.host, store, layout)
        known = {_identity(problem) for problem in whole.all_problems()}
        problems = tuple(problem for problem in problems if _identity(problem) not in known)
    modules = after.environment.modules or frozenset()
    action = compare(before, after)
    limits = needs_restart(draft.changes, layout)
    if limits:
        action = Action("restart", f"{limits} changes")
    return Plan(before.server, after.server, modules, problems, action)


def view_live(host: Environment, store: Store, layout: Layout) -> HostConfiguration:
    """Read what httpd serves now, with the insides of Gatehouse's virtual hosts."""
    live = _followed(store, layout)
    return view_host(layout, _with_release(host, live, store, layout) if live else host)


def live_environment(host: Environment, store: Store, layout: Layout) -> Environment:
    """Return what httpd reads now, without the insides of Gatehouse's virtual hosts."""
    live = _followed(store, layout)
    return _with_release(host, _hollow(live), store, layout) if live else host


def view_host(layout: Layout, environment: Environment) -> HostConfiguration:
    """Read a configuration as httpd would."""
    expansion, problems = expand_host(layout, environment)
    modules = expansion.environment.modules or frozenset()
    mpm = frozenset(module for module in modules if module.startswith("mpm_"))
    return HostConfiguration(view(expansion.tree), expansion.environment, mpm, problems)


def compare(before: HostConfiguration, after: HostConfiguration) -> Action:
    """Choose what carries one server over to the other."""
    return choose_action(
        before=before.server, after=after.server, mpm_before=before.mpm, mpm_after=after.mpm
    )


def _followed(store: Store, layout: Layout) -> Release | None:
    """Return the release that Apache follows, if there is one."""
    is_followed = store.current and read_state(layout.entry_link).kind != "absent"
    return store.read(store.current) if is_followed else None


def _with_release(
    environment: Environment, release: Release, store: Store, layout: Layout
) -> Environment:
    """Add a release's files where they lie, and the entry that leads to them."""
    followed = {
        **_files(release, store),
        f"{store.link('current')}/{FRAME}": release.frame,
        layout.entry_link: layout.entry_text,
    }
    return replace(environment, files={**environment.files, **followed})


def _hollow(release: Release) -> Release:
    """Return a release with its virtual hosts' files empty."""
    parts = (
        replace(part, texts=dict.fromkeys(part.texts, ""))
        if part.manifest.concern == "vhosts"
        else part
        for part in release.parts
    )
    return replace(release, parts=tuple(parts))


def _files(release: Release, store: Store) -> Mapping[str, str]:
    """Return a release's texts by absolute path."""
    directory = store.directory(release.digest)
    return {f"{directory}/{path}": text for path, text in release.texts.items()}


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
