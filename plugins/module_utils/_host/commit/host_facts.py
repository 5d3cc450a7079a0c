"""What a play must know of a host before it stages."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..._httpd.vocabulary.layout import Layout
from ..machine.httpd import read_httpd
from ..machine.packages import missing_packages
from ..machine.x509 import HAS_CRYPTOGRAPHY
from ..store.damage import damaged_blobs
from ..store.salvage import salvage_proved
from ..store.staging import overlaid, staged
from ..store.store import Store
from .standing import Standing, standing


@dataclass(frozen=True)
class Wanted:
    """What a stage wants of a host: its parts' digests by name, none for a part that is to go, and their packages.

    `serve` tells whether the server is to run.
    """

    digests: Mapping[str, str] = field(default_factory=dict)
    packages: Sequence[str] = ()
    reads_certificates: bool = False
    serve: bool = True


def probe_host(layout: Layout, token: str, wanted: Wanted) -> dict[str, Any]:
    """Return plain data: whether httpd is there, and what a commit of the play of `token` would begin from."""
    httpd = read_httpd(layout)
    store = Store(layout.gatehouse)
    pending = staged(token)
    proved = salvage_proved(store)
    parts = overlaid(proved.release.parts, pending)
    # A key that is gone comes with its part only, and so does what somebody edited.
    to_be_sent = proved.damaged - {part.manifest.name for part in pending}
    digests = {
        part.manifest.name: ""
        if part.manifest.name in to_be_sent or any(damaged_blobs(store, (part.manifest,)))
        else part.digest
        for part in parts
    }
    # Its digest is that of what this version reads of it, which may be the same.
    newer = {part.manifest.name for part in parts if part.manifest.unknown}
    differing = [
        name
        for name, digest in wanted.digests.items()
        if name in newer or digests.get(name, "") != digest
    ]
    # What the play is about to change anyway, its commit looks at.
    is_changing = bool(differing or pending)
    found = Standing() if is_changing else standing(store, httpd, layout, serve=wanted.serve)
    is_settled = found.is_settled and not is_changing
    missing = [
        *(() if httpd else layout.packages),
        *(
            layout.certificate_packages
            if wanted.reads_certificates and not HAS_CRYPTOGRAPHY
            else ()
        ),
        *missing_packages(wanted.packages),
    ]
    return {
        "installed": httpd is not None,
        "os_family": layout.os_family if os.path.exists("/etc/debian_version") else "unknown",
        "version": ".".join(map(str, httpd.version)) if httpd else "",
        "release": store.proved,
        "parts": digests,
        "differing": differing,
        "pending": [part.manifest.name for part in pending],
        "is_settled": is_settled,
        "drift": list(found.drift),
        "needs_commit": httpd is None or found.has_rest or not is_settled,
        "missing_packages": list(dict.fromkeys(missing)),
        "warnings": list(found.warnings),
    }
