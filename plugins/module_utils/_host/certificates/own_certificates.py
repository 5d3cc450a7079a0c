"""The certificates that Gatehouse signs itself: made once for a set of names, and anew before they end,
by a commit or by the timer (renew_own.py).

Each set of names has a link in the store, by which the configuration names it, to a directory of certificate and key.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ..._httpd.concerns.ssl.certificate_words import self_signed_name
from ..._httpd.concerns.ssl.facts import read_certificates, read_tls
from ..._httpd.release.manifest import Manifest
from ..._httpd.tls.certificate import SELF_SIGNED_FILES
from ..._httpd.tls.entries import CertificateEntry
from ..._httpd.vocabulary.reserved_names import UNKNOWN_HOST
from ..machine.changes import Change
from ..machine.file_kinds import clear, names_in, text_of
from ..machine.files import ABSENT, link_to, read_state
from ..machine.x509 import read_chain, read_key
from ..store.store import Store
from .self_signed import is_due, make_beside


@dataclass(frozen=True)
class NewCertificates:
    """New certificates: the files to write before a commit, by path, and the links that lead to them."""

    files: Mapping[str, str]
    changes: tuple[Change, ...]


def make_certificates(
    manifests: tuple[Manifest, ...], store: Store, now: datetime
) -> NewCertificates:
    """Make what these manifests need and the host lacks, or has for too short a time."""
    files: dict[str, str] = {}
    changes = []
    for one, link in _due(manifests, store, now):
        target, texts = make_beside(link, one.names, kind=one.key_kinds[0], now=now)
        files.update(texts)
        changes.append(Change(link, read_state(link), link_to(target)))
    return NewCertificates(files, tuple(changes))


def _due(
    manifests: tuple[Manifest, ...], store: Store, now: datetime
) -> list[tuple[CertificateEntry, str]]:
    """Return each that is to be made, with its link."""
    links = [
        (one, f"{store.self_signed}/{self_signed_name(one.names)}") for one in wanted(manifests)
    ]
    return [(one, link) for one, link in links if not _is_good(link, one, now)]


def forget_unused(manifests: Iterable[Manifest], store: Store) -> None:
    """Remove what no release names, and what no link leads to."""
    used = {self_signed_name(one.names) for one in wanted(tuple(manifests))}
    for name in names_in(store.self_signed):
        if os.path.islink(f"{store.self_signed}/{name}") and name not in used:
            os.unlink(f"{store.self_signed}/{name}")
    kept = {read_state(f"{store.self_signed}/{name}").content for name in used}
    for name in names_in(store.self_signed):
        if name not in used and name not in kept:
            # Nothing leads to what stays, and the next commit tries again.
            with contextlib.suppress(OSError):
                clear(f"{store.self_signed}/{name}")


def wanted(manifests: tuple[Manifest, ...]) -> list[CertificateEntry]:
    """Return what is to be there, once for a set of names, with that of unknown hosts where anybody speaks TLS."""
    facts = [manifest.facts for manifest in manifests]
    own = [entry for entry in read_certificates(facts) if entry.kind == "self_signed"]
    if any(one.speaks_tls for one in read_tls(facts)):
        own.append(_OF_UNKNOWN_HOSTS)
    chosen: dict[str, CertificateEntry] = {}
    for entry in own:
        chosen.setdefault(self_signed_name(entry.names), entry)
    return list(chosen.values())


_OF_UNKNOWN_HOSTS = CertificateEntry("", "self_signed", (UNKNOWN_HOST,))


def _is_good(link: str, wanted: CertificateEntry, now: datetime) -> bool:
    """Tell whether a certificate is there, for its names, with its key of the right kind, and has time left."""
    if read_state(link) == ABSENT:
        return False
    try:
        texts = [text_of(f"{link}/{name}") for name in SELF_SIGNED_FILES]
        (certificate,), key = read_chain(texts[0]), read_key(texts[1])
    # What isn't UTF-8 or isn't one certificate is as bad as what isn't there.
    except (OSError, ValueError):
        return False
    is_for_names = all(map(certificate.covers, wanted.names))
    is_of_kind = key.kind in wanted.key_kinds
    return certificate.key == key and is_for_names and is_of_kind and not is_due(certificate, now)
