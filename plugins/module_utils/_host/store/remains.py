"""What nothing in a store needs any more: what killed runs left, releases that fell out of the history, their blobs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from ..._httpd.release.old_manifests import OLD_KEYS
from ..machine.file_kinds import clear, names_in
from ..machine.files import draft_of
from ..machine.lock import HostError
from .store import Store


def remains(store: Store) -> list[str]:
    """Return the paths of what is to go. Raises OSError."""
    links = ("current", "proved", "history", "ledger", "journal", "stopped")
    drafts = (draft_of(f"{store.root}/{name}") for name in links)
    wanted = {*store.history(), store.current, store.proved}
    kept = [name for name in store.written() if name in wanted]
    return [
        *(path for path in drafts if os.path.lexists(path)),
        *(f"{store.root}/releases/{name}" for name in store.written() if name not in wanted),
        *_unnamed_blobs(store, kept),
    ]


def sweep(store: Store) -> None:
    """Remove them; only under the host's lock."""
    for path in remains(store):
        # The draft of a link leads to a release. What can't be removed costs room only, and the next commit tries again.
        with contextlib.suppress(OSError):
            clear(path)


def _unnamed_blobs(store: Store, kept: list[str]) -> Iterator[str]:
    """Yield every blob and key that no kept release names; none where a release can't be read, which may name them all."""
    found = {
        directory: names_in(directory) for directory in (store.blobs, store.shared, store.keys)
    }
    # Most hosts have none, and then no release need be read.
    if any(found.values()):
        try:
            manifests = [manifest for digest in kept for manifest in store.manifests(digest)]
        except HostError:
            return
        blobs = [blob for manifest in manifests for blob in manifest.blobs]
        keys = (digest for manifest in manifests for digest in manifest.facts.get(OLD_KEYS, ()))
        used = {
            store.blobs: {blob.digest for blob in blobs if blob.reader == "root"},
            store.shared: {blob.digest for blob in blobs if blob.reader != "root"},
            store.keys: {f"{digest}.pem" for digest in keys},
        }
        for directory, names in found.items():
            yield from (f"{directory}/{name}" for name in names if name not in used[directory])
