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
from ..store.ledger import ledger_change
from ..store.store import Release, Store
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
    modules = _modules(manifests)
    changes = (
        *module_changes(modules, layout=layout, built_in=httpd.built_in),
        *default_site_changes(layout),
    )
    planned = environment_of(httpd, layout, changed_files(files, changes))
    paths = HostPaths(
        store=store.root,
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
    ordered = _in_order(changes, renewal, release, store, layout)
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
