"""Parts put together to a release."""

from __future__ import annotations

from dataclasses import replace

from ..._httpd.release.frame import HostPaths, Neighbours, compile_release
from ..._httpd.release.part import Part
from ..._httpd.syntax.digests import digest_of
from ..._httpd.syntax.print import print_tree
from ..._httpd.vocabulary.needed_modules import needed_modules
from ..store.release import Release
from ..store.store import Store


def assemble(
    parts: tuple[Part, ...], *, store: Store, paths: HostPaths, neighbours: Neighbours
) -> tuple[Release, tuple[str, ...]]:
    """Return the release of parts, and the modules that it needs, in order.

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


def presumed_release(parts: tuple[Part, ...], store: Store) -> Release:
    """Return the release of parts on a host without httpd, of which all else is to come."""
    return assemble(parts, store=store, paths=HostPaths(), neighbours=Neighbours())[0]
