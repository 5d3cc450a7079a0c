"""Where what Gatehouse owns on a host lies."""

from __future__ import annotations

from dataclasses import dataclass

from ..._httpd.vocabulary.reserved_names import BLOBS, KEYS, SELF_SIGNED

PROGRAMS = "renewals"


@dataclass(frozen=True)
class StorePaths:
    """The paths of a store below (and beside) its `root`."""

    root: str

    @property
    def journal(self) -> str:
        """The path of the journal."""
        return f"{self.root}/journal"

    @property
    def ledger(self) -> str:
        """The path of the ledger: how each file that Gatehouse changed was before."""
        return f"{self.root}/ledger"

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
    def releases(self) -> str:
        """The directory of releases."""
        return f"{self.root}/releases"

    @property
    def programs(self) -> str:
        """The directory of what timers run."""
        return f"{self.root}/{PROGRAMS}"

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
