"""What a commit would do to this host: the release, the files, the server before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from .._httpd.check import check
from .._httpd.compile.release import Neighbours, Places, compile_release, proof_port
from .._httpd.environment import Environment
from .._httpd.layout import Layout
from .._httpd.needed_modules import needed_modules
from .._httpd.part import Manifest, Part, digest_of
from .._httpd.print import print_tree
from .._httpd.problem import Problem, has_errors
from .._httpd.rules.modules import http2_inactive
from .._httpd.server import Server
from .._httpd.tls_profiles import curves_known_to
from .._httpd.view import view
from .distribution import default_site_changes, entry_changes, module_changes
from .effective import Httpd, changed_files, environment_of, expand_host, read_files
from .files import read_state
from .journal import Change
from .ledger import ledger_change
from .managed import certificate_store
from .own_certificates import make_certificates
from .renewal import renewal_changes
from .restart import Action, choose_action
from .store import FRAME, Release, Store


@dataclass(frozen=True)
class Draft:
    """A commit's release and changes, in order; `host` and `planned` are what httpd reads of the host's own, before
    and after. `files` are new certificates and keys, to be written before."""

    release: Release
    changes: tuple[Change, ...]
    files: Mapping[str, str]
    host: Environment
    planned: Environment

    @property
    def port(self) -> int:
        """The port that answers the release's digest."""
        return proof_port(self.release.manifests)


@dataclass(frozen=True)
class Plan:
    """What a draft makes of the server; `problems` are new ones only."""

    before: Server
    after: Server
    problems: tuple[Problem, ...]
    action: Action


@dataclass(frozen=True)
class Seen:
    """A server, the world that it makes with the MPMs in it, and what is wrong with its text."""

    server: Server
    environment: Environment
    mpm: frozenset[str]
    problems: tuple[Problem, ...]

    def all_problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the text, and what every rule finds here."""
        return (*self.problems, *check(self.server, self.environment))


def make_draft(parts: tuple[Part, ...], *, store: Store, layout: Layout, httpd: Httpd) -> Draft:
    """Assemble the release of `parts` for this host. Raises HostError where the host lacks a module."""
    files = read_files(layout)
    host = environment_of(httpd, layout, files)
    modules = _modules(tuple(part.manifest for part in parts))
    changes = (
        *module_changes(modules, layout=layout, built_in=httpd.built_in),
        *default_site_changes(layout),
    )
    planned = environment_of(httpd, layout, changed_files(files, changes))
    places = Places("", store.root, layout.ca_file, curves_known_to(httpd.curves))
    release = assemble(parts, store=store, places=places, neighbours=_neighbours(layout, planned))
    made = make_certificates(release.manifests, store, datetime.now(timezone.utc))
    renewal = renewal_changes(
        release.manifests,
        store=store,
        managed_store=certificate_store(planned.files, layout),
        layout=layout,
    )
    ordered = _in_order(changes, renewal, release, store, layout)
    return Draft(release, (*made.changes, *ordered), made.files, host, planned)


def make_plan(draft: Draft, *, store: Store, layout: Layout) -> Plan:
    """Read the whole configuration as httpd does now and as it would, and compare."""
    after = see(layout, _with_release(draft.planned, draft.release, store, layout))
    # Listeners and limits don't stand in virtual hosts, of which there may be a thousand.
    before = see(layout, live_environment(draft.host, store, layout))
    problems = _of_gatehouse(after.all_problems(), layout)
    problems = _with_http2_demanded(problems, draft.release.manifests)
    if has_errors(problems):
        whole = see_live(draft.host, store, layout)
        known = {_identity(problem) for problem in whole.all_problems()}
        problems = tuple(problem for problem in problems if _identity(problem) not in known)
    return Plan(before.server, after.server, problems, compare(before, after))


def see_live(host: Environment, store: Store, layout: Layout) -> Seen:
    """Read what httpd serves now, with the insides of Gatehouse's virtual hosts."""
    live = _followed(store, layout)
    return see(layout, _with_release(host, live, store, layout) if live else host)


def live_environment(host: Environment, store: Store, layout: Layout) -> Environment:
    """Return what httpd reads now, without the insides of Gatehouse's virtual hosts."""
    live = _followed(store, layout)
    return _with_release(host, _hollow(live), store, layout) if live else host


def assemble(
    parts: tuple[Part, ...], *, store: Store, places: Places, neighbours: Neighbours
) -> Release:
    """Put parts together; the digest is of everything that the release says but the digest itself."""
    manifests = tuple(part.manifest for part in parts)
    draft = compile_release(manifests, neighbours=neighbours, places=places, digest="")
    digest = digest_of((print_tree(draft), *(part.digest for part in parts)))
    frame = compile_release(
        manifests,
        neighbours=neighbours,
        places=replace(places, release=store.directory(digest)),
        digest=digest,
    )
    return Release(digest, print_tree(frame), parts)


def see(layout: Layout, environment: Environment) -> Seen:
    """Read a configuration as httpd would."""
    expansion, problems = expand_host(layout, environment)
    modules = expansion.environment.modules or frozenset()
    mpm = frozenset(module for module in modules if module.startswith("mpm_"))
    return Seen(view(expansion.tree), expansion.environment, mpm, problems)


def compare(before: Seen, after: Seen) -> Action:
    """Choose what carries one server over to the other."""
    return choose_action(
        before=before.server, after=after.server, mpm_before=before.mpm, mpm_after=after.mpm
    )


def _modules(manifests: tuple[Manifest, ...]) -> tuple[str, ...]:
    """Return the modules that a release of these parts needs, in order."""
    frame = compile_release(manifests, neighbours=Neighbours(), places=Places(), digest="")
    parts = (module for manifest in manifests for module in manifest.modules)
    return tuple(dict.fromkeys((*needed_modules(frame), *parts)))


def _neighbours(layout: Layout, environment: Environment) -> Neighbours:
    """Return what the host's own configuration listens on, under whatever condition, and serves."""
    conditional, _problems = expand_host(layout, environment.without_conditions())
    effective, _problems = expand_host(layout, environment)
    served = {address for vhost in view(effective.tree).vhosts for address in vhost.addresses}
    return Neighbours(view(conditional.tree).listens, frozenset(served))


def _in_order(
    changes: tuple[Change, ...],
    renewal: tuple[Change, ...],
    release: Release,
    store: Store,
    layout: Layout,
) -> tuple[Change, ...]:
    """Return every change of the commit: modules first, then the release, then what leads to it, then the old default.

    The server would start after each of them; what renews its certificates comes last.
    """
    current = store.link("current")
    swap = Change(current, read_state(current), store.target(release.digest))
    swaps = (swap,) if swap.before != swap.after else ()
    modules = tuple(change for change in changes if change.after.kind == "link")
    sites = tuple(change for change in changes if change.after.kind == "absent")
    entry = entry_changes(layout)
    units = tuple(change for change in renewal if not change.path.startswith(f"{store.root}/"))
    distribution = (*modules, *entry, *sites, *units)
    ledger = (ledger_change(store.ledger, distribution),) if distribution else ()
    return (*ledger, *modules, *swaps, *entry, *sites, *renewal)


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
        problem for problem in problems if layout.gatehouse in f"{problem.origin} {problem.message}"
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
