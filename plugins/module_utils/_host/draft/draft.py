"""What a commit would write on this host: the release of its parts, and every change of a file, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from ..._httpd.reading.server import Server
from ..._httpd.release.frame import HostPaths, proof_port
from ..._httpd.release.manifest import Manifest
from ..._httpd.release.part import Part, in_order
from ..._httpd.vocabulary.layout import Layout
from ..certificates.file_digests import read_digests
from ..concerns.catalogue import HOST_SIDES
from ..concerns.child_weight import child_weight
from ..concerns.contract import Machine
from ..configuration.host_configuration import HostConfiguration
from ..configuration.host_reader import HostReader
from ..machine.changes import Change
from ..machine.files import read_state
from ..machine.httpd import Httpd
from ..store.ledger import known_ledger, ledger_change
from ..store.release import Release
from ..store.salvage import salvaged_manifests
from ..store.store import Store
from .assembly import assemble
from .beside_releases import directory_changes, directory_definitions, host_text_changes
from .distribution import default_site_changes, entry_changes, module_changes
from .neighbours import neighbours_in


@dataclass(frozen=True)
class Draft:
    """A commit's release and changes, in order; `files` are new certificates and keys, to be written before.

    `host` reads the host's configuration. `planned` is what it will be, None where it stays as it is.
    """

    release: Release
    changes: tuple[Change, ...]
    files: Mapping[str, str]
    host: HostReader
    planned: HostConfiguration | None
    machine: Machine

    @property
    def port(self) -> int:
        """The port that answers the release's digest."""
        return proof_port(self.release.manifests)

    @property
    def after(self) -> HostConfiguration:
        """The whole of what httpd would read."""
        return self.planned or self.host.live

    @property
    def outline(self) -> Server:
        """The server that httpd would be; where nothing changes, without the insides of Gatehouse's virtual hosts."""
        return (self.planned or self.host.as_it_is).server


def make_draft(parts: tuple[Part, ...], *, store: Store, layout: Layout, httpd: Httpd) -> Draft:
    """Assemble the release of `parts` for this host. Raises HostError where the host lacks a module."""
    machine = Machine(layout, store, httpd, datetime.now(timezone.utc), child_weight(store))
    host = HostReader(layout, httpd, store)
    parts = in_order(parts)
    manifests = tuple(part.manifest for part in parts)
    paths = _paths(manifests, machine)
    sites = default_site_changes(layout, host.as_it_is.server.main)
    neighbours = neighbours_in(host.as_it_is, layout, without=sites)
    release, needed = assemble(parts, store=store, paths=paths, neighbours=neighbours)
    bare = tuple(module for manifest in manifests for module in manifest.bare_modules)
    modules = module_changes(needed, bare=bare, layout=layout, built_in=httpd.built_in)
    planned = None
    # Somebody may have edited the files of the one that Apache follows.
    if modules or sites or host.followed is None or host.followed.texts != release.texts:
        planned = host.planned(release, (*modules, *sites))
        met = neighbours_in(planned, layout)
        if met != neighbours:
            # The host's own files say something else with the modules to come.
            release, _needed = assemble(parts, store=store, paths=paths, neighbours=met)
            planned = host.planned(release, (*modules, *sites))
    server = (planned or host.as_it_is).server
    prepared = [side.changes(manifests, machine, server) for side in HOST_SIDES]
    beside = (
        *_beside(manifests, machine),
        *(change for one in prepared for change in one.last),
    )
    ordered = _in_order(modules, sites, beside, release, machine)
    return Draft(
        release,
        (*(change for one in prepared for change in one.first), *ordered),
        {path: text for one in prepared for path, text in one.files.items()},
        host,
        planned,
        machine,
    )


def _paths(manifests: tuple[Manifest, ...], machine: Machine) -> HostPaths:
    """Return where things lie on this host, and what only it can say."""
    definitions = dict(directory_definitions(manifests, machine.layout))
    for side in HOST_SIDES:
        definitions.update(side.definitions(manifests, machine))
    return HostPaths(
        store=machine.store.root,
        shared=machine.store.shared,
        files=read_digests(manifests),
        definitions=definitions,
    )


def _beside(manifests: tuple[Manifest, ...], machine: Machine) -> tuple[Change, ...]:
    """Return the changes of what parts have beside releases."""
    former = salvaged_manifests(machine.store)
    ledger = known_ledger(machine.store.ledger, machine.layout)
    return (
        *directory_changes(manifests, former, machine.layout),
        *host_text_changes(manifests, former, machine.layout, ledger=ledger),
    )


def _in_order(
    modules: tuple[Change, ...],
    sites: tuple[Change, ...],
    beside: tuple[Change, ...],
    release: Release,
    machine: Machine,
) -> tuple[Change, ...]:
    """Return every change of the commit: modules first, then the release, then what leads to it, then the old default.

    The server would start after each of them; directories are there before what names them, and what lies elsewhere
    comes last. Logs are no part of the ledger: removal leaves them.
    """
    store, layout = machine.store, machine.layout
    current = store.link("current")
    swap = Change(current, read_state(current), store.target(release.digest))
    swaps = (swap,) if swap.before != swap.after else ()
    entry = entry_changes(layout)
    outside = tuple(
        change
        for change in beside
        if not change.path.startswith((f"{store.root}/", f"{layout.log_directory}/"))
    )
    distribution = (*modules, *entry, *sites, *outside)
    known = known_ledger(store.ledger, layout)
    ledger = (ledger_change(store.ledger, known, distribution),) if distribution else ()
    directories = tuple(change for change in beside if change.after.kind == "directory")
    others = tuple(change for change in beside if change not in directories)
    return (*ledger, *modules, *directories, *swaps, *entry, *sites, *others)
