"""What a commit would do to this host: the release, the files, the server before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .._httpd.check import check
from .._httpd.compile.release import Neighbours, compile_release, proof_port
from .._httpd.environment import Environment
from .._httpd.expand import expand
from .._httpd.layout import Layout
from .._httpd.needed_modules import needed_modules, with_companions
from .._httpd.parse import parse_tree
from .._httpd.part import Part, digest_of
from .._httpd.print import print_tree
from .._httpd.problem import Problem
from .._httpd.server import Server
from .._httpd.view import view
from .distribution import default_site_changes, entry_changes, module_changes
from .effective import Httpd, changed_files, environment_of, expand_host, read_files
from .files import read_state
from .journal import Change
from .ledger import ledger_change
from .restart import Action, choose_action
from .store import FRAME, Release, Store


@dataclass(frozen=True)
class Plan:
    """A commit before it is made. `changes` are in order; `problems` are new ones only."""

    release: Release
    changes: tuple[Change, ...]
    before: Server
    after: Server
    problems: tuple[Problem, ...]
    action: Action
    port: int


def make_plan(parts: tuple[Part, ...], *, store: Store, layout: Layout, httpd: Httpd) -> Plan:
    """Assemble the release of `parts` for this host. Raises HostError where the host lacks a module."""
    files = read_files(layout)
    bare = environment_of(httpd, layout, files)
    changes = (
        *module_changes(_modules(parts, bare), layout=layout, built_in=httpd.built_in),
        *default_site_changes(layout),
    )
    planned = environment_of(httpd, layout, changed_files(files, changes))
    release = assemble(parts, store=store, neighbours=_neighbours(layout, planned))
    changes = _in_order(changes, release, store, layout)
    before = _see(layout, environment_of(httpd, layout, {**files, **_live_files(store, layout)}))
    after = _see(
        layout,
        environment_of(httpd, layout, {**planned.files, **_files_of(release, store, layout)}),
    )
    return Plan(
        release=release,
        changes=changes,
        before=before.server,
        after=after.server,
        problems=_new_problems(before, after, layout),
        action=choose_action(
            before=before.server, after=after.server, mpm_before=before.mpm, mpm_after=after.mpm
        ),
        port=proof_port(release.manifests),
    )


def assemble(parts: tuple[Part, ...], *, store: Store, neighbours: Neighbours) -> Release:
    """Put parts together; the digest is of everything that the release says but the digest itself."""
    manifests = tuple(part.manifest for part in parts)
    draft = compile_release(manifests, neighbours=neighbours, directory="", digest="")
    digest = digest_of((print_tree(draft), *(part.digest for part in parts)))
    frame = compile_release(
        manifests, neighbours=neighbours, directory=store.directory(digest), digest=digest
    )
    return Release(digest, print_tree(frame), parts)


def _modules(parts: tuple[Part, ...], environment: Environment) -> tuple[str, ...]:
    """Return the modules that the parts need, and those that they ask for by name."""
    store = Store("/release")
    release = assemble(parts, store=store, neighbours=Neighbours())
    files = {
        f"{store.directory(release.digest)}/{path}": text for path, text in release.texts.items()
    }
    tree, _ = parse_tree(release.frame, FRAME)
    # Conditions stay open, so that what stands under one isn't taken for needed.
    world = Environment(defines=environment.defines, files=files)
    asked = tuple(module for part in parts for module in part.manifest.modules)
    return tuple(
        dict.fromkeys((*needed_modules(expand(tree, world).tree), *with_companions(asked)))
    )


def _neighbours(layout: Layout, environment: Environment) -> Neighbours:
    """Return what the host's own configuration listens on, under whatever condition, and serves."""
    conditional, _ = expand_host(layout, environment.without_conditions())
    effective, _ = expand_host(layout, environment)
    served = {address for vhost in view(effective.tree).vhosts for address in vhost.addresses}
    return Neighbours(view(conditional.tree).listens, frozenset(served))


def _in_order(
    changes: tuple[Change, ...], release: Release, store: Store, layout: Layout
) -> tuple[Change, ...]:
    """Return every change of the commit: modules first, then the release, then what leads to it, then the old default.

    The server would start after each of them.
    """
    current = store.link("current")
    swap = Change(current, read_state(current), store.target(release.digest))
    swaps = (swap,) if swap.before != swap.after else ()
    modules = tuple(change for change in changes if change.after.kind == "link")
    sites = tuple(change for change in changes if change.after.kind == "absent")
    entry = entry_changes(layout)
    distribution = (*modules, *entry, *sites)
    ledger = (ledger_change(store.ledger, distribution),) if distribution else ()
    return (*ledger, *modules, *swaps, *entry, *sites)


@dataclass(frozen=True)
class _Seen:
    """A server, the MPMs that it loads, and what is wrong with it."""

    server: Server
    mpm: frozenset[str]
    problems: tuple[Problem, ...]


def _see(layout: Layout, environment: Environment) -> _Seen:
    """Read the whole configuration as httpd would."""
    expansion, problems = expand_host(layout, environment)
    server = view(expansion.tree)
    modules = expansion.environment.modules or frozenset()
    mpm = frozenset(module for module in modules if module.startswith("mpm_"))
    return _Seen(server, mpm, (*problems, *check(server)))


def _files_of(release: Release, store: Store, layout: Layout) -> dict[str, str]:
    """Return a release's files where they lie, and the entry that leads to them."""
    directory = store.directory(release.digest)
    return {
        **{f"{directory}/{path}": text for path, text in release.texts.items()},
        f"{store.link('current')}/{FRAME}": release.frame,
        layout.entry_link: layout.entry_text,
    }


def _live_files(store: Store, layout: Layout) -> dict[str, str]:
    """Return the files of the release that Apache follows now."""
    if not store.current or read_state(layout.entry_link).kind == "absent":
        return {}
    return _files_of(store.read(store.current), store, layout)


def _new_problems(before: _Seen, after: _Seen, layout: Layout) -> tuple[Problem, ...]:
    """Return what the commit would bring: problems of Gatehouse's files, or that it shares with the host's own."""
    known = set(_identities(before.problems))
    return tuple(
        problem
        for problem, identity in zip(after.problems, _identities(after.problems))
        if identity not in known and layout.gatehouse in f"{problem.origin} {problem.message}"
    )


def _identities(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    return [(problem.rule, problem.message) for problem in problems]
