"""Releases of the same parts, which differ by what is the host's own: no rollback goes from one to the other."""

from __future__ import annotations

from ..machine.lock import HostError
from .release import DIGEST, FRAME, Release
from .release_difference import (
    HostDifference,
    host_difference,
    some,
    without_digest,
)
from .store import Store


def host_change(store: Store, digest: str, release: Release) -> str:
    """Say what of the host's own has changed since a release that is kept, and makes `release` another one."""
    found = _difference(store, digest, release)
    has = "have" if len(found.files) > 1 else "has"
    return f"{some(found.files) or _of_configuration(found, 'its own')} {has} changed"


def only_difference(store: Store, digest: str, release: Release) -> str:
    """Say by what of the host's own a release that is kept differs from `release`; nothing where its parts differ too."""
    if digest in ("", release.digest) or not _has_same_parts(store, digest, release):
        return ""
    found = _difference(store, digest, release)
    are = "are" if len(found.files) > 1 else "is"
    if found.files:
        return f"{digest} differs only by {some(found.files)}, which {are} the host's own"
    whose = "the host's own"
    return f"{digest} differs only by {_of_configuration(found, whose)}"


def _of_configuration(found: HostDifference, whose: str) -> str:
    addresses = f" ({some(found.addresses)})" if found.addresses else ""
    return f"{whose} configuration{addresses or ' or the version of Gatehouse'}"


def _has_same_parts(store: Store, digest: str, release: Release) -> bool:
    """Tell so; a release of an older Gatehouse doesn't know its parts' digests."""
    try:
        digests = [row.get(DIGEST) for row in store.rows(digest)]
    except HostError:
        return False
    return digests == [part.digest for part in release.parts]


def _difference(store: Store, digest: str, release: Release) -> HostDifference:
    kept = store.present_texts(digest, (FRAME,)).get(FRAME, "")
    return host_difference(
        without_digest(kept, digest), without_digest(release.frame, release.digest)
    )
