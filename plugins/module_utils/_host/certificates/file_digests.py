"""The host's own files that httpd reads when it starts: told apart by what they say, but for keys."""

from __future__ import annotations

from collections.abc import Iterable

from ..._httpd.release.frame import file_lines
from ..._httpd.release.manifest import Manifest
from ..._httpd.syntax.digests import digest_of
from ..machine.file_kinds import regular
from ..machine.x509 import without_keys
from ..store.release import Release

UNREADABLE = "unreadable"


def read_digests(manifests: Iterable[Manifest]) -> tuple[tuple[str, str], ...]:
    """Return each path with the digest of its text."""
    paths = dict.fromkeys(file.path for manifest in manifests for file in manifest.host_files)
    return tuple((path, _digest(path)) for path in paths)


def changed_paths(release: Release) -> frozenset[str]:
    """Return which of the host's files say something else now than when a release was made of them."""
    written = set(release.frame.splitlines())
    files = read_digests(release.manifests)
    return frozenset(
        path for (path, _digest_now), line in zip(files, file_lines(files)) if line not in written
    )


def _digest(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace", opener=regular) as stream:
            return digest_of((without_keys(stream.read()),))
    except OSError:
        return UNREADABLE
