"""When the certificates end that a release shows to clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from ..._httpd.reading.server import Server
from ..._httpd.release.manifest import Manifest
from ..._httpd.syntax.quoting import unquote
from ..._httpd.tls.served_certificates import named_by
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.reserved_names import GATEHOUSE_HOSTS
from ..certificates.managed import certificate_store, issued, managed_names
from ..machine.file_kinds import regular
from ..machine.x509 import HAS_CRYPTOGRAPHY, Unreadable, read_chain


def certificate_ends(
    server: Server, manifests: Iterable[Manifest], layout: Layout, now: datetime
) -> list[dict[str, Any]]:
    """Return each certificate once, the one that ends first before all others; one that can't be read has no end."""
    if not HAS_CRYPTOGRAPHY:
        return []
    found = [*_of_files(server, now), *_managed(server, manifests, layout, now)]
    return sorted(found, key=lambda one: (one["ends"], one["names"]))


def _of_files(server: Server, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield what virtual hosts name as files, each with the names of all that show it."""
    names: dict[str, list[str]] = {}
    for entry in named_by(server).certificates:
        if entry.names[0] not in GATEHOUSE_HOSTS:
            names.setdefault(unquote(entry.certificate), []).extend(entry.names)
    for path, shown_for in names.items():
        try:
            with open(path, encoding="utf-8", errors="replace", opener=regular) as stream:
                end = read_chain(stream.read())[0].not_after
        except (OSError, Unreadable):
            yield _plain(shown_for, None, now)
        else:
            yield _plain(shown_for, end, now)


def _managed(
    server: Server, manifests: Iterable[Manifest], layout: Layout, now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield what Apache has from its authority."""
    directory = certificate_store(server, layout)
    for names in managed_names(manifests):
        leaf = issued(names, directory)
        yield _plain(names, leaf.not_after if leaf else None, now)


def _plain(names: Iterable[str], end: datetime | None, now: datetime) -> dict[str, Any]:
    """Return a certificate as plain data; `days` are those that it still holds."""
    return {
        "names": list(dict.fromkeys(names)),
        "ends": end.date().isoformat() if end else "",
        "days": (end - now).days if end else 0,
    }
