"""What one owner says of one concern: its manifest, its files, and what lies beside releases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..concerns.catalogue import CONCERN_NAMES
from ..concerns.ssl.facts import read_tls
from ..syntax.digests import digest_of
from .manifest import Manifest
from .old_manifests import read_manifest


@dataclass(frozen=True)
class Part:
    """A manifest and its files' texts by path within a release.

    `blobs` are texts by digest on their way to a host; a part that was read from a release has none. One that
    `is_absent` takes the place of whatever part the host has by its name.
    """

    manifest: Manifest
    texts: Mapping[str, str]
    blobs: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_absent: bool = False

    def to_plain(self) -> dict[str, Any]:
        """Return the part as plain data."""
        return {
            "manifest": self.manifest.to_plain(),
            "texts": dict(self.texts),
            "blobs": dict(self.blobs),
            "is_absent": self.is_absent,
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Part:
        """Read what `to_plain` returned, from JSON or not."""
        return Part(
            read_manifest(plain["manifest"]),
            plain["texts"],
            plain.get("blobs", {}),
            plain.get("is_absent", False),
        )

    @cached_property
    def digest(self) -> str:
        """Identify the part by all that it says."""
        return part_digest(self.manifest.to_plain(), self.texts)

    @property
    def reads_certificates(self) -> bool:
        """Whether a commit of the part looks into certificates."""
        speaks = any(one.speaks_tls for one in read_tls((self.manifest.facts,)))
        return speaks or bool(self.manifest.host_files)


def part_digest(manifest: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return the digest of a part whose manifest is plain data, of whichever version of Gatehouse."""
    return digest_of((json.dumps(manifest, sort_keys=True), *_flat(texts)))


def in_order(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return parts by concern, then by owner, whatever the order in which they were staged."""
    return tuple(sorted(parts, key=lambda part: order_of(part.manifest)))


def order_of(manifest: Manifest) -> tuple[int, str, str]:
    """Return where a part stands among others; a concern that this version doesn't know comes last."""
    concern = manifest.concern
    known = CONCERN_NAMES.index(concern) if concern in CONCERN_NAMES else len(CONCERN_NAMES)
    return (known, concern, manifest.owner)


def _flat(texts: Mapping[str, str]) -> Iterable[str]:
    """Yield paths and texts in order of path."""
    for path in sorted(texts):
        yield path
        yield texts[path]
