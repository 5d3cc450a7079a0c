"""The releases of a host: complete, immutable, named by their digest."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..._httpd.release.manifest import ExpectEntry, Manifest
from ..._httpd.release.old_manifests import OLD_KEYS, read_manifest
from ..._httpd.release.part import Part
from ..._httpd.vocabulary.layout import DEBIAN
from ..._httpd.vocabulary.reserved_names import BLOBS, KEYS, SELF_SIGNED
from ..machine.files import (
    ABSENT,
    State,
    forget_draft,
    give_to_group,
    link_to,
    read_state,
    sync_directory,
    write_file,
    write_state,
)

KEPT_RELEASES = 5
MANIFEST = "manifest.json"
FRAME = "gatehouse.conf"


@dataclass(frozen=True)
class Release:
    """One release: its parts, and gatehouse.conf, which holds them together."""

    digest: str
    frame: str
    parts: tuple[Part, ...]

    @property
    def texts(self) -> dict[str, str]:
        """Every file that httpd reads, by path within the release."""
        parts = {path: text for part in self.parts for path, text in part.texts.items()}
        return {FRAME: self.frame, **parts}

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """What the parts are."""
        return tuple(part.manifest for part in self.parts)

    @property
    def server_names(self) -> list[str]:
        """The names of its virtual hosts."""
        return [entry.server_name for manifest in self.manifests for entry in manifest.vhosts]

    @property
    def expects(self) -> tuple[ExpectEntry, ...]:
        """The requests to ask once it is live."""
        return tuple(entry for manifest in self.manifests for entry in manifest.expects)


@dataclass(frozen=True)
class Store:
    """The directory that Gatehouse owns on a host; httpd's children are of `group`."""

    root: str
    group: str = DEBIAN.run_group

    @property
    def journal(self) -> str:
        """The path of the journal."""
        return f"{self.root}/journal"

    @property
    def ledger(self) -> str:
        """The path of the ledger: how each file that Gatehouse changed was before."""
        return f"{self.root}/ledger"

    @property
    def current(self) -> str:
        """The digest of the release that Apache follows; empty for none."""
        return self._pointed("current")

    @property
    def proved(self) -> str:
        """The digest of the release that was proved last; empty for none."""
        return self._pointed("proved")

    @property
    def blobs(self) -> str:
        """The directory of blobs that root alone reads."""
        return f"{self.root}/{BLOBS}"

    @property
    def shared(self) -> str:
        """The directory of blobs that httpd's children read too; it lies beside the store, which is root's alone."""
        return f"{self.root}-shared"

    @property
    def removed(self) -> str:
        """The name of a store that is being removed."""
        return f"{self.root}.removed"

    @property
    def keys(self) -> str:
        """The directory of private keys of releases that an older Gatehouse wrote."""
        return f"{self.root}/{KEYS}"

    @property
    def self_signed(self) -> str:
        """The directory of the certificates that Gatehouse signs itself."""
        return f"{self.root}/{SELF_SIGNED}"

    def directory(self, digest: str) -> str:
        """Return where a release lies."""
        return f"{self.root}/releases/{digest}"

    def link(self, name: str) -> str:
        """Return the path of `current` or `proved`."""
        return f"{self.root}/{name}"

    def target(self, digest: str) -> State:
        """Return the state of a link to a release; nothing where there is none."""
        return link_to(f"releases/{digest}") if digest else ABSENT

    def prove(self, digest: str) -> None:
        """Move `proved`."""
        write_state(self.link("proved"), self.target(digest))

    def proved_release(self) -> Release:
        """Return the release that was proved last; one without parts where there is none."""
        return self.read(self.proved) if self.proved else Release("", "", ())

    def proved_manifests(self) -> tuple[Manifest, ...]:
        """Return what the parts of that release are, without reading its files."""
        return self._manifests(self.proved) if self.proved else ()

    def create(self) -> None:
        """Make the directory, root's alone."""
        os.makedirs(f"{self.root}/releases", mode=0o700, exist_ok=True)
        os.chmod(self.root, 0o700)

    def remove(self) -> None:
        """Remove all of it, at once: what a killed removal left of a store, no run could read."""
        os.rename(self.root, self.removed)
        self.finish_removal()

    def finish_removal(self) -> None:
        """Remove what a removal left that was killed; its blobs go first, for its name tells that they are nobody's."""
        if os.path.isdir(self.removed):
            if os.path.isdir(self.shared):
                shutil.rmtree(self.shared)
            shutil.rmtree(self.removed)

    def write(self, release: Release) -> None:
        """Write a release whole, under a name of its own until it is."""
        self.create()
        write_blobs(release, root=self.blobs, shared=self.shared, group=self.group)
        directory = self.directory(release.digest)
        if os.path.isdir(directory):
            return
        draft = f"{self.root}/releases/.new-{release.digest}"
        shutil.rmtree(draft, ignore_errors=True)
        try:
            write_release_files(draft, release)
            # One for a thousand files, each of which would cost a disk's flush of its own.
            os.sync()
            os.rename(draft, directory)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        sync_directory(f"{self.root}/releases")

    def read(self, digest: str) -> Release:
        """Read a release. Raises OSError."""
        directory = self.directory(digest)
        parts = tuple(
            Part(manifest, {path: _read(f"{directory}/{path}") for path in manifest.files})
            for manifest in self._manifests(digest)
        )
        return Release(digest, _read(f"{directory}/{FRAME}"), parts)

    def sweep(self) -> None:
        """Remove drafts that killed runs left; only under the host's lock."""
        for name in ("current", "proved", "history", "ledger", "journal"):
            forget_draft(f"{self.root}/{name}")
        self._collect()

    def history(self) -> list[str]:
        """Return the digests that were proved, oldest first."""
        state = read_state(f"{self.root}/history")
        return state.content.split()

    def remember(self, digest: str) -> None:
        """Add a digest to the history, and forget the releases that fall out of it."""
        history = [*(known for known in self.history() if known != digest), digest][-KEPT_RELEASES:]
        write_file(f"{self.root}/history", "".join(f"{known}\n" for known in history))
        self._collect()

    def _collect(self) -> None:
        """Remove every release that nothing names, and drafts of releases."""
        wanted = {*self.history(), self.current, self.proved}
        releases = f"{self.root}/releases"
        for name in os.listdir(releases) if os.path.isdir(releases) else ():
            if name not in wanted:
                shutil.rmtree(f"{self.root}/releases/{name}", ignore_errors=True)
        self._collect_blobs()

    def kept_manifests(self) -> Iterator[Manifest]:
        """Yield what the parts of every release are. Raises OSError."""
        releases = f"{self.root}/releases"
        for name in os.listdir(releases) if os.path.isdir(releases) else ():
            yield from self._manifests(name)

    def _collect_blobs(self) -> None:
        """Remove every blob and key that no release names."""
        kept = tuple(self.kept_manifests())
        blobs = {(blob.reader, blob.digest) for manifest in kept for blob in manifest.blobs}
        keys = {f"{digest}.pem" for manifest in kept for digest in manifest.facts.get(OLD_KEYS, ())}
        for directory, used in (
            (self.blobs, {digest for reader, digest in blobs if reader == "root"}),
            (self.shared, {digest for reader, digest in blobs if reader != "root"}),
            (self.keys, keys),
        ):
            for name in os.listdir(directory) if os.path.isdir(directory) else ():
                if name not in used:
                    os.unlink(f"{directory}/{name}")

    def _manifests(self, digest: str) -> tuple[Manifest, ...]:
        """Read what the parts of a release are. Raises OSError."""
        with open(f"{self.directory(digest)}/{MANIFEST}", encoding="utf-8") as stream:
            rows: list[dict[str, Any]] = json.load(stream)
        return tuple(map(read_manifest, rows))

    def _pointed(self, name: str) -> str:
        return os.path.basename(read_state(self.link(name)).content)


def write_blobs(release: Release, *, root: str, shared: str, group: str) -> None:
    """Write the blobs that came with a release, each for its readers; those that are there stay as they are."""
    texts = {digest: text for part in release.parts for digest, text in part.blobs.items()}
    blobs = dict.fromkeys(blob for manifest in release.manifests for blob in manifest.blobs)
    for blob in (one for one in blobs if one.digest in texts):
        is_shared = blob.reader == "children"
        directory = shared if is_shared else root
        if not os.path.isdir(directory):
            os.makedirs(directory, mode=0o700)
            if is_shared:
                give_to_group(directory, group, mode=0o750)
        path = f"{directory}/{blob.digest}"
        if not os.path.exists(path):
            write_file(path, texts[blob.digest], mode=0o600)
            if is_shared:
                give_to_group(path, group, mode=0o640)


def write_release_files(directory: str, release: Release) -> None:
    """Write a release's files below a new directory, for root alone."""
    manifests = [manifest.to_plain() for manifest in release.manifests]
    texts = {**release.texts, MANIFEST: json.dumps(manifests, indent=1)}
    mask = os.umask(0o077)
    try:
        os.mkdir(directory)
        for below in sorted({os.path.dirname(path) for path in texts}):
            os.makedirs(f"{directory}/{below}", exist_ok=True)
        for path, text in texts.items():
            with open(f"{directory}/{path}", "w", encoding="utf-8") as stream:
                stream.write(text)
    finally:
        os.umask(mask)


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as stream:
        return stream.read()
