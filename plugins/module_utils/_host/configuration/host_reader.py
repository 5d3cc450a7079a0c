"""A host's configuration as it is and as it would be, with every file read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..._httpd.vocabulary.layout import Layout
from ..machine.changes import Change
from ..machine.files import ABSENT, State, read_state
from ..machine.httpd import Httpd
from ..machine.lock import HostError
from ..store.release import FRAME, Release
from ..store.store import Store
from .disk import Disk
from .host_configuration import HostConfiguration, environment_of, read_configuration_of
from .planned_files import PlannedFiles


@dataclass(frozen=True)
class HostReader:
    """Reads what httpd reads of a host. Gatehouse's own directory is left out, but for the release that is meant."""

    layout: Layout
    httpd: Httpd
    store: Store
    disk: Disk = field(default_factory=Disk)

    @cached_property
    def followed(self) -> Release | None:
        """The release that Apache follows, if there is one that can be read. Raises OSError."""
        is_followed = self.store.current and read_state(self.layout.entry_link).kind != "absent"
        try:
            return self.store.read(self.store.current) if is_followed else None
        except HostError:
            # A commit has said so before it came here; a removal goes on.
            return None

    @cached_property
    def as_it_is(self) -> HostConfiguration:
        """What httpd reads now, without the insides of Gatehouse's virtual hosts, of which there may be a thousand."""
        return self._read((), self.followed and _hollow(self.followed))

    @cached_property
    def live(self) -> HostConfiguration:
        """The whole of what httpd reads now."""
        return self._read((), self.followed) if self.followed else self.as_it_is

    def planned(self, release: Release, changes: tuple[Change, ...]) -> HostConfiguration:
        """Read what httpd would read with a release, after changes of the host's own files."""
        return self._read(changes, release)

    def without_release(self, changes: tuple[Change, ...] = ()) -> HostConfiguration:
        """Read the host's own configuration, after changes of it."""
        return self._read(changes, None)

    def _read(self, changes: tuple[Change, ...], release: Release | None) -> HostConfiguration:
        layout = self.layout
        states = {
            **{change.path: change.after for change in changes},
            **dict.fromkeys((layout.gatehouse, layout.entry, layout.entry_link), ABSENT),
            **(self._states(release) if release else {}),
        }
        files = PlannedFiles(self.disk, states)
        return read_configuration_of(layout, environment_of(self.httpd, layout, files))

    def _states(self, release: Release) -> Mapping[str, State]:
        """Return a release's files where they lie, and the entry that leads to them."""
        directory = self.store.directory(release.digest)
        texts = {
            **{f"{directory}/{path}": text for path, text in release.texts.items()},
            f"{self.store.link('current')}/{FRAME}": release.frame,
            self.layout.entry_link: self.layout.entry_text,
        }
        # Opaque: a rule set of a megabyte is nobody's directives.
        blobs = {
            f"{self.store.blobs if blob.reader == 'root' else self.store.shared}/{blob.digest}": ""
            for manifest in release.manifests
            for blob in manifest.blobs
        }
        return {path: State("file", text) for path, text in {**texts, **blobs}.items()}


def _hollow(release: Release) -> Release:
    """Return a release with its virtual hosts' files empty."""
    parts = (
        replace(part, texts=dict.fromkeys(part.texts, ""))
        if part.manifest.concern == "vhosts"
        else part
        for part in release.parts
    )
    return replace(release, parts=tuple(parts))
