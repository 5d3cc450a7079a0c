"""What a commit would write on this host: the release of its parts, and every change of a file, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from ..._httpd.release.frame import HostPaths, Neighbours, compile_release, proof_port
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
from ..configuration.host_configuration import HostConfiguration
from ..configuration.host_reader import HostReader
from ..machine.changes import Change
from ..machine.files import read_state
from ..machine.httpd import Httpd
from ..store.ledger import ledger_change, read_ledger
from ..store.store import Release, Store
from .beside_releases import directory_changes, directory_definitions, host_text_changes
from .distribution import default_site_changes, entry_changes, module_changes
from .neighbours import neighbours_in


@dataclass(frozen=True)
class Draft:
    """A commit's release and changes, in order; `files` are new certificates and keys, to be written before.

    `host` reads the host's configuration. `planned` is what it will be, None where it stays as it is. `managed_store` is
    mod_md's directory.
    """

    release: Release
    changes: tuple[Change, ...]
    files: Mapping[str, str]
    host: HostReader
    planned: HostConfiguration | None
    managed_store: str

    @property
    def port(self) -> int:
        """The port that answers the release's digest."""
        return proof_port(self.release.manifests)

    @property
    def after(self) -> HostConfiguration:
        """The whole of what httpd would read."""
        return self.planned or self.host.live


def make_draft(parts: tuple[Part, ...], *, store: Store, layout: Layout, httpd: Httpd) -> Draft:
    """Assemble the release of `parts` for this host. Raises HostError where the host lacks a module."""
    host = HostReader(layout, httpd, store)
    parts = in_order(parts)
    manifests = tuple(part.manifest for part in parts)
    paths = HostPaths(
        store=store.root,
        definitions=directory_definitions(manifests, layout),
        shared=store.shared,
        ca_file=layout.ca_file,
        curves=curves_known_to(httpd.curves),
        files=read_digests(manifests),
    )
    sites = default_site_changes(layout)
    release, modules, planned = _fitted(parts, host, paths=paths, sites=sites)
    made = make_certificates(release.manifests, store, datetime.now(timezone.utc))
    managed_store = certificate_store((planned or host.as_it_is).server, layout)
    renewal = renewal_changes(
        release.manifests, store=store, managed_store=managed_store, layout=layout
    )
    is_proved = host.followed and host.followed.digest == store.proved
    proved = host.followed if is_proved else store.proved_release()
    former = proved.manifests if proved else ()
    beside = (
        *directory_changes(manifests, former, layout),
        *host_text_changes(manifests, former, ledger=read_ledger(store.ledger)),
    )
    ordered = _in_order(modules, sites, (*beside, *renewal), release, store, layout)
    return Draft(release, (*made.changes, *ordered), made.files, host, planned, managed_store)


def _fitted(
    parts: tuple[Part, ...], host: HostReader, *, paths: HostPaths, sites: tuple[Change, ...]
) -> tuple[Release, tuple[Change, ...], HostConfiguration | None]:
    """Assemble the release that fits the host as it will be; return the changes of modules, and what httpd will read.

    What is there now nearly always says what its neighbours will be, so that each configuration is expanded once.
    """
    layout = host.layout
    neighbours = neighbours_in(host.as_it_is, layout, without=sites)
    release, needed = _assemble(parts, store=host.store, paths=paths, neighbours=neighbours)
    bare = tuple(module for part in parts for module in part.manifest.bare_modules)
    built_in = host.httpd.built_in
    modules = module_changes(needed, bare=bare, layout=layout, built_in=built_in)
    changes = (*modules, *sites)
    if not changes and host.followed and host.followed.digest == release.digest:
        return release, modules, None
    planned = host.planned(release, changes)
    met = neighbours_in(planned, layout)
    if met != neighbours:
        # The host's own files say something else with the modules to come.
        release, _needed = _assemble(parts, store=host.store, paths=paths, neighbours=met)
        planned = host.planned(release, changes)
    return release, modules, planned


def _assemble(
    parts: tuple[Part, ...], *, store: Store, paths: HostPaths, neighbours: Neighbours
) -> tuple[Release, tuple[str, ...]]:
    """Put parts together; return the modules that they need too, in order.

    The digest is of everything that the release says but the digest itself.
    """
    manifests = tuple(part.manifest for part in parts)
    draft = compile_release(manifests, neighbours=neighbours, paths=paths, digest="")
    digest = digest_of((print_tree(draft), *(part.digest for part in parts)))
    frame = compile_release(
        manifests,
        neighbours=neighbours,
        paths=replace(paths, release=store.directory(digest)),
        digest=digest,
    )
    asked = (module for manifest in manifests for module in manifest.modules)
    modules = tuple(dict.fromkeys((*needed_modules(draft), *asked)))
    return Release(digest, print_tree(frame), parts), modules


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
