"""The certificates that Gatehouse signs itself: made once for a set of names, and anew before they end,
by a commit or by the timer (renew_own.py).

Each set of names has a link in the store, by which the configuration names it, to a directory of certificate and key.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .._httpd.certificate import SELF_SIGNED_FILES
from .._httpd.compile.certificates import self_signed_name
from .._httpd.part import Manifest
from .._httpd.reserved_names import UNKNOWN_HOST
from .files import ABSENT, link_to, read_state
from .journal import Change
from .self_signed import is_due, make_beside
from .store import Store
from .x509 import read_chain, read_key


@dataclass(frozen=True)
class Made:
    """New certificates: the files to write before a commit, by path, and the links that lead to them."""

    files: Mapping[str, str]
    changes: tuple[Change, ...]


def make_certificates(manifests: tuple[Manifest, ...], store: Store, now: datetime) -> Made:
    """Make what these manifests need and the host lacks, or has for too short a time."""
    files: dict[str, str] = {}
    changes = []
    for names, link in _due(manifests, store, now):
        target, texts = make_beside(link, names, now)
        files.update(texts)
        changes.append(Change(link, read_state(link), link_to(target)))
    return Made(files, tuple(changes))


def is_any_due(manifests: tuple[Manifest, ...], store: Store, now: datetime) -> bool:
    """Tell whether one is to be made."""
    return bool(_due(manifests, store, now))


def _due(
    manifests: tuple[Manifest, ...], store: Store, now: datetime
) -> list[tuple[tuple[str, ...], str]]:
    """Return the names and the link of each that is to be made."""
    links = [
        (names, f"{store.self_signed}/{self_signed_name(names)}")
        for names in wanted_names(manifests)
    ]
    return [(names, link) for names, link in links if not _is_good(link, now)]


def forget_unused(manifests: Iterable[Manifest], store: Store) -> None:
    """Remove what no release names, and what no link leads to."""
    if not os.path.isdir(store.self_signed):
        return
    used = {self_signed_name(names) for names in wanted_names(tuple(manifests))}
    for name in os.listdir(store.self_signed):
        if os.path.islink(f"{store.self_signed}/{name}") and name not in used:
            os.unlink(f"{store.self_signed}/{name}")
    kept = {read_state(f"{store.self_signed}/{name}").content for name in used}
    for name in os.listdir(store.self_signed):
        if name not in used and name not in kept:
            # Nothing leads to what stays, and the next commit tries again.
            shutil.rmtree(f"{store.self_signed}/{name}", ignore_errors=True)


def wanted_names(manifests: tuple[Manifest, ...]) -> list[tuple[str, ...]]:
    """Return the sets of names that have one, that of unknown hosts where anybody speaks TLS."""
    entries = [entry for manifest in manifests for entry in manifest.certificates]
    wanted = [entry.names for entry in entries if entry.kind == "self_signed"]
    is_tls = any(entry.tls for manifest in manifests for entry in manifest.vhosts)
    return list(dict.fromkeys([*wanted, *([(UNKNOWN_HOST,)] if is_tls else [])]))


def _is_good(link: str, now: datetime) -> bool:
    """Tell whether a certificate is there, with its key, and has time left."""
    if read_state(link) == ABSENT:
        return False
    try:
        texts = [Path(link, name).read_text(encoding="utf-8") for name in SELF_SIGNED_FILES]
        (certificate,), key = read_chain(texts[0]), read_key(texts[1])
    # What isn't UTF-8 or isn't one certificate is as bad as what isn't there.
    except (OSError, ValueError):
        return False
    return certificate.key == key and not is_due(certificate, now)
