"""A release and its files: written whole, once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._httpd.release.manifest import ExpectEntry, Manifest
from ..._httpd.release.part import Part
from ..._httpd.syntax.digests import digest_of
from ..machine.file_kinds import regular
from ..machine.files import give_to_group, write_file

MANIFEST = "manifest.json"
FRAME = "gatehouse.conf"
# In a part's row of the manifest file; releases of older versions have none.
DIGEST = "digest"
FRAME_DIGEST = "frame"


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


def write_blobs(release: Release, *, root: str, shared: str, group: str) -> None:
    """Write the blobs that came with a release, each for its readers; those that are there and intact stay as they are."""
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
        if not is_intact(path, blob.digest):
            write_file(path, texts[blob.digest], mode=0o600)
            if is_shared:
                give_to_group(path, group, mode=0o640)


def is_intact(path: str, digest: str) -> bool:
    """Tell whether a blob is there itself, not behind a link, and is what its name says."""
    if os.path.islink(path) or os.path.islink(os.path.dirname(path)):
        return False
    try:
        with open(path, "rb", opener=regular) as stream:
            return hashlib.sha256(stream.read()).hexdigest() == digest
    except OSError:
        return False


def write_release_files(directory: str, release: Release) -> None:
    """Write a release's files below a new directory, for root alone."""
    texts = {**release.texts, MANIFEST: print_rows(release)}
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


def print_rows(release: Release) -> str:
    """Return the text of a release's manifest file: a row for each part, with the digest by which edits are found."""
    frame = digest_of((release.frame,))
    rows = [
        {**part.manifest.to_plain(), DIGEST: part.digest, FRAME_DIGEST: frame}
        for part in release.parts
    ]
    return json.dumps(rows, indent=1)


def read_rows(path: str) -> tuple[Mapping[str, Any], ...]:
    """Read a manifest file. Raises OSError, and ValueError where it is none."""
    with open(path, encoding="utf-8", opener=regular) as stream:
        rows = json.load(stream)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("it isn't a list of parts")
    return tuple(rows)
