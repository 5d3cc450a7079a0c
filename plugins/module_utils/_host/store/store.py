"""The releases of a host: complete, immutable, named by their digest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..._httpd.release.manifest import Manifest
from ..._httpd.release.old_manifests import read_manifest
from ..._httpd.release.part import Part
from ..._httpd.vocabulary.layout import DEBIAN
from ..machine.file_kinds import (
    clear,
    is_directory,
    lack,
    link_above,
    make_way,
    names_in,
    text_of,
)
from ..machine.files import (
    ABSENT,
    State,
    link_to,
    read_state,
    sync_directory,
    write_file,
    write_state,
)
from ..machine.lock import HostError
from .history import Entry, added, print_entries, read_entries
from .release import (
    FRAME,
    MANIFEST,
    Release,
    print_rows,
    read_rows,
    write_blobs,
    write_release_files,
)
from .store_paths import StorePaths

KEPT_RELEASES = 5


@dataclass(frozen=True)
class Store(StorePaths):
    """The directory that Gatehouse owns on a host; httpd's children are of `group`."""

    group: str = DEBIAN.run_group
    _read: dict[str, Release] = field(default_factory=dict, repr=False, compare=False)
    _rows: dict[str, tuple[Mapping[str, Any], ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def current(self) -> str:
        """The digest of the release that Apache follows; empty for none."""
        return self._pointed("current")

    @property
    def proved(self) -> str:
        """The digest of the release that was proved last; empty for none."""
        return self._pointed("proved")

    @property
    def latest(self) -> str:
        """The digest of the release that was proved last, as far as anything says so; empty for none."""
        # A commit that is open, or a first one that failed, has a release that nobody proved.
        if self.proved or os.path.lexists(self.journal):
            return self.proved
        written = {name for name in self.written() if not name.startswith(".")}
        was_proved = written if os.path.lexists(self.ledger) else set()
        by_age = sorted(was_proved, key=lambda name: os.stat(self.directory(name)).st_mtime)
        known = (one for one in reversed(self.history()) if one in written)
        followed = [self.current] if self.current in written else []
        return next(iter((*followed, *known, *reversed(by_age))), "")

    def target(self, digest: str) -> State:
        """Return the state of a link to a release; nothing where there is none."""
        return link_to(f"releases/{digest}") if digest else ABSENT

    def prove(self, digest: str) -> None:
        """Move `proved`."""
        write_state(self.link("proved"), self.target(digest))

    def create(self) -> None:
        """Make the directory, root's alone."""
        os.makedirs(f"{self.root}/releases", mode=0o700, exist_ok=True)
        os.chmod(self.root, 0o700)

    def remove(self) -> None:
        """Remove all of it, at once: what a killed removal left of a store, no run could read."""
        clear(self.removed)
        os.rename(self.root, self.removed)
        self.finish_removal()

    def finish_removal(self) -> None:
        """Remove what a removal left that was killed; its blobs go first, for its name tells that they are nobody's."""
        if not os.path.lexists(self.removed):
            return
        # Of a store that is there, somebody has made a directory of that name.
        if not os.path.lexists(self.root):
            clear(self.shared)
        clear(self.removed)

    def write(self, release: Release) -> None:
        """Write a release whole, under a name of its own until it is; one that is there is mended where it was edited."""
        self.create()
        write_blobs(release, root=self.blobs, shared=self.shared, group=self.group)
        directory = self.directory(release.digest)
        if is_directory(directory):
            self._mend(release)
            return
        draft = f"{self.root}/releases/.new-{release.digest}"
        clear(draft)
        try:
            write_release_files(draft, release)
            # One for a thousand files, each of which would cost a disk's flush of its own.
            os.sync()
            clear(directory)
            os.rename(draft, directory)
        except OSError:
            with contextlib.suppress(OSError):
                clear(draft)
            raise
        sync_directory(f"{self.root}/releases")

    def _mend(self, release: Release) -> None:
        """Write each file anew that doesn't say what the release says."""
        texts = {**release.texts, MANIFEST: print_rows(release)}
        present = self.present_texts(release.digest, texts)
        for path in (path for path, text in texts.items() if present.get(path) != text):
            self.write_text(release.digest, path, texts[path])

    def write_text(self, digest: str, path: str, text: str) -> None:
        """Write one file of a release anew."""
        whole = f"{self.directory(digest)}/{path}"
        make_way(whole, below=self.directory(digest))
        os.makedirs(os.path.dirname(whole), mode=0o700, exist_ok=True)
        write_file(whole, text, mode=0o600)
        self._read.pop(digest, None)
        self._rows.pop(digest, None)

    def present_texts(self, digest: str, paths: Iterable[str]) -> dict[str, str]:
        """Return what lies at paths of a release, without those that are missing."""
        own = self._own(digest, paths)
        states = {path: read_state(f"{self.directory(digest)}/{path}") for path in own}
        return {path: state.content for path, state in states.items() if state.kind == "file"}

    def read(self, digest: str) -> Release:
        """Read a release as it lies there; once. Raises HostError where a file is missing, or its manifest is damaged."""
        if digest not in self._read:
            directory = self.directory(digest)
            manifests = self.manifests(digest)
            paths = [path for manifest in manifests for path in manifest.files]
            for path in {*paths} - {*self._own(digest, paths)}:
                raise HostError(lack(f"{directory}/{path}", below=self.root))
            try:
                parts = tuple(
                    Part(
                        manifest, {path: text_of(f"{directory}/{path}") for path in manifest.files}
                    )
                    for manifest in manifests
                )
                self._read[digest] = Release(digest, text_of(f"{directory}/{FRAME}"), parts)
            except PermissionError:
                raise
            except (OSError, UnicodeError) as error:
                raise _damaged(f"the release {directory}", error) from error
        return self._read[digest]

    def entries(self) -> tuple[Entry, ...]:
        """Return what was proved, oldest first."""
        state = read_state(f"{self.root}/history")
        return read_entries(state.content) if state.kind == "file" else ()

    def history(self) -> list[str]:
        """Return the digests that were proved, oldest first."""
        return [entry.digest for entry in self.entries()]

    def kept(self) -> dict[str, bool]:
        """Tell of each release in the history whether its files lie there still."""
        return {digest: self.is_complete(digest) for digest in self.history()}

    def is_complete(self, digest: str) -> bool:
        """Tell whether every file of a release lies there, whatever it says."""
        try:
            manifests = self.manifests(digest)
        except HostError:
            return False
        paths = [FRAME, *(path for manifest in manifests for path in manifest.files)]
        if len(self._own(digest, paths)) < len(paths):
            return False
        return all(os.path.isfile(f"{self.directory(digest)}/{path}") for path in paths)

    def remember(self, entry: Entry, *, before: str = "") -> None:
        """Add what was proved to the history, out of which the oldest fall; `before` was proved until then."""
        history = added(self.entries(), entry, before=before, most=KEPT_RELEASES)
        write_file(f"{self.root}/history", print_entries(history))

    def written(self) -> list[str]:
        """Return the digests of the releases that lie there, and the names of those that were never finished."""
        names = names_in(self.releases)
        return [name for name in names if is_directory(f"{self.releases}/{name}")]

    def kept_manifests(self) -> Iterator[Manifest]:
        """Yield what the parts of every release are. Raises HostError where one is damaged."""
        for name in self.written():
            yield from self.manifests(name)

    def manifests(self, digest: str) -> tuple[Manifest, ...]:
        """Read what the parts of a release are. Raises HostError where the file is damaged."""
        if digest in self._read:
            return self._read[digest].manifests
        rows = self.rows(digest)
        try:
            return tuple(map(read_manifest, rows))
        # Whatever somebody made of the file.
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _damaged(f"{self.directory(digest)}/{MANIFEST}", error) from error

    def rows(self, digest: str) -> tuple[Mapping[str, Any], ...]:
        """Read a release's manifest file; once. Raises HostError where it is damaged."""
        if digest not in self._rows:
            path = f"{self.directory(digest)}/{MANIFEST}"
            if link_above(path, below=self.root):
                raise HostError(lack(path, below=self.root))
            try:
                self._rows[digest] = read_rows(path)
            except PermissionError:
                raise
            except (OSError, ValueError) as error:
                raise _damaged(path, error) from error
        return self._rows[digest]

    def _own(self, digest: str, paths: Iterable[str]) -> list[str]:
        """Return those paths of a release that don't lie behind a link to a directory: what is there is somebody else's."""
        above = {path: os.path.dirname(path) for path in paths}
        linked = {
            one
            for one in {*above.values()}
            if link_above(f"{self.directory(digest)}/{one}/_", below=self.root)
        }
        return [path for path in above if above[path] not in linked]

    def _pointed(self, name: str) -> str:
        state = read_state(self.link(name))
        above, digest = os.path.split(state.content)
        # Others lead to no release, and files to nothing.
        is_ours = state.kind == "link" and os.path.basename(above) == "releases"
        return digest if is_ours else ""


def _damaged(what: str, error: Exception) -> HostError:
    if isinstance(error, OSError) and error.filename and not os.path.isfile(error.filename):
        return HostError(lack(error.filename))
    return HostError(f"{what} isn't as Gatehouse wrote it ({type(error).__name__}: {error})")
