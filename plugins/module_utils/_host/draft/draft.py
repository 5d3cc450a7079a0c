"""What a commit would write on this host: the release of its parts, and every change of a file, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from ..._httpd.reading.environment import Environment
from ..._httpd.reading.view import view
from ..._httpd.release.frame import HostPaths, Neighbours, compile_release, proof_port
from ..._httpd.release.manifest import Manifest
from ..._httpd.release.part import Part, in_order
from ..._httpd.syntax.digests import digest_of
from ..._httpd.syntax.print import print_tree
from ..._httpd.tls.profiles import curves_known_to
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.needed_modules import needed_modules
from ..certificates.file_digests import read_digests
from ..certificates.managed import certificate_store
from ..certificates.own_certificates import make_certificates
from ..certificates.renewal import renewal_changes
from ..machine.changes import Change
from ..machine.effective import Httpd, changed_files, environment_of, expand_host, read_files
from ..machine.files import read_state
from ..store.ledger import ledger_change, read_ledger
from ..store.store import Release, Store
from .beside_releases import directory_changes, directory_definitions, host_text_changes
from .distribution import default_site_changes, entry_changes, module_changes


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


def make_draft(parts: tuple[Part, ...], *, store: Store, layout: Layout, httpd: Httpd) -> Draft:
    """Assemble the release of `parts` for this host. Raises HostError where the host lacks a module."""
    files = read_files(layout)
    host = environment_of(httpd, layout, files)
    parts = in_order(parts)
    manifests = tuple(part.manifest for part in parts)
    bare = tuple(module for manifest in manifests for module in manifest.bare_modules)
    modules = module_changes(_modules(manifests), bare=bare, layout=layout, built_in=httpd.built_in)
    sites = default_site_changes(layout)
    planned = environment_of(httpd, layout, changed_files(files, (*modules, *sites)))
    paths = HostPaths(
        store=store.root,
        definitions=directory_definitions(manifests, layout),
        shared=store.shared,
        ca_file=layout.ca_file,
        curves=curves_known_to(httpd.curves),
        files=read_digests(manifests),
    )
    release = _assemble(parts, store=store, paths=paths, neighbours=_neighbours(layout, planned))
    made = make_certificates(release.manifests, store, datetime.now(timezone.utc))
    renewal = renewal_changes(
        release.manifests,
        store=store,
        managed_store=certificate_store(planned.files, layout),
        layout=layout,
    )
    former = store.proved_release().manifests
    beside = (
        *directory_changes(manifests, former, layout),
        *host_text_changes(manifests, former, ledger=read_ledger(store.ledger)),
    )
    ordered = _in_order(modules, sites, (*beside, *renewal), release, store, layout)
    return Draft(release, (*made.changes, *ordered), made.files, host, planned)


def _assemble(
    parts: tuple[Part, ...], *, store: Store, paths: HostPaths, neighbours: Neighbours
) -> Release:
    """Put parts together; the digest is of everything that the release says but the digest itself."""
    manifests = tuple(part.manifest for part in parts)
    draft = compile_release(manifests, neighbours=neighbours, paths=paths, digest="")
    digest = digest_of((print_tree(draft), *(part.digest for part in parts)))
    frame = compile_release(
        manifests,
        neighbours=neighbours,
        paths=replace(paths, release=store.directory(digest)),
        digest=digest,
    )
    return Release(digest, print_tree(frame), parts)


def _modules(manifests: tuple[Manifest, ...]) -> tuple[str, ...]:
    """Return the modules that a release of these parts needs, in order."""
    frame = compile_release(manifests, neighbours=Neighbours(), paths=HostPaths(), digest="")
    parts = (module for manifest in manifests for module in manifest.modules)
    return tuple(dict.fromkeys((*needed_modules(frame), *parts)))


def _neighbours(layout: Layout, environment: Environment) -> Neighbours:
    """Return what the host's own configuration listens on, under whatever condition, and serves."""
    conditional, _problems = expand_host(layout, environment.without_conditions())
    effective, _problems = expand_host(layout, environment)
    served = {address for vhost in view(effective.tree).vhosts for address in vhost.addresses}
    return Neighbours(view(conditional.tree).listens, frozenset(served))


def _in_order(
    modules: tuple[Change, ...],
    sites: tuple[Change, ...],
    beside: tuple[Change, ...],
    release: Release,
    store: Store,
    layout: Layout,
) -> tuple[Change, ...]:
    """Return every change of the commit: modules first, then the release, then what leads to it, then the old default.

    The server would start after each of them; directories are there before what names them, and what lies elsewhere
    comes last. Logs are no part of the ledger: removal leaves them.
    """
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
    ledger = (ledger_change(store.ledger, distribution),) if distribution else ()
    directories = tuple(change for change in beside if change.after.kind == "directory")
    others = tuple(change for change in beside if change not in directories)
    return (*ledger, *modules, *directories, *swaps, *entry, *sites, *others)
