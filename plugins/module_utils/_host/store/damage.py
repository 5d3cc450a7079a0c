"""What of a release isn't as it was written: files that somebody edited or removed, keys that are gone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from ..._httpd.release.manifest import Manifest
from ..machine.lock import HostError
from .release import FRAME, MANIFEST, Release, is_intact
from .store import Store


def damaged_paths(store: Store, release: Release) -> list[str]:
    """Return the paths of its files and blobs that don't say what it says."""
    directory = store.directory(release.digest)
    present = store.present_texts(release.digest, (*release.texts, MANIFEST))
    wrong = [path for path, text in release.texts.items() if present.get(path) != text]
    try:
        store.manifests(release.digest)
        is_readable = True
    except HostError:
        is_readable = False
    # One that a link leads to can be read, and goes with what isn't Gatehouse's.
    if not is_readable or MANIFEST not in present:
        wrong.append(MANIFEST)
    return [*(f"{directory}/{path}" for path in wrong), *damaged_blobs(store, release.manifests)]


def damaged_blobs(store: Store, manifests: Iterable[Manifest]) -> Iterator[str]:
    """Yield the paths of the blobs that are gone, or aren't what their names say."""
    for blob in dict.fromkeys(blob for manifest in manifests for blob in manifest.blobs):
        path = f"{store.shared if blob.reader == 'children' else store.blobs}/{blob.digest}"
        if not is_intact(path, blob.digest):
            yield path


def live_texts(store: Store, planned: Release) -> dict[str, str]:
    """Return the texts of the release that Apache follows, as they lie there."""
    if not store.current:
        return {}
    with contextlib.suppress(HostError):
        manifests = store.manifests(store.current)
        paths = (FRAME, *(path for manifest in manifests for path in manifest.files))
        return store.present_texts(store.current, paths)
    return store.present_texts(store.current, planned.texts)
