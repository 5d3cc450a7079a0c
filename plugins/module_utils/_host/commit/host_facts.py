"""What a play must know of a host before it stages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from ..._httpd.release.manifest import Manifest
from ..._httpd.vocabulary.layout import Layout
from ..certificates.file_digests import changed_paths
from ..concerns.catalogue import HOST_SIDES
from ..concerns.contract import Machine
from ..machine.httpd import read_httpd
from ..machine.packages import missing_packages
from ..machine.x509 import HAS_CRYPTOGRAPHY
from ..store.staging import overlaid, staged
from ..store.store import Store


def probe_host(
    layout: Layout, token: str, *, packages: Sequence[str] = (), reads_certificates: bool = False
) -> dict[str, Any]:
    """Return plain data: whether httpd is there, and what a commit of the play of `token` would begin from.

    `packages` are those that its parts ask for.
    """
    httpd = read_httpd(layout)
    store = Store(layout.gatehouse)
    proved = store.proved_release()
    parts = overlaid(proved.parts, staged(token))
    manifests = tuple(part.manifest for part in parts)
    now = datetime.now(timezone.utc)
    return {
        "installed": httpd is not None,
        "os_family": layout.os_family if os.path.exists("/etc/debian_version") else "unknown",
        "version": ".".join(map(str, httpd.version)) if httpd else "",
        "parts": {part.manifest.name: part.digest for part in parts},
        "is_settled": store.current == store.proved
        and not os.path.exists(store.journal)
        and not changed_paths(proved)
        and (httpd is None or _is_settled(manifests, Machine(layout, store, httpd, now))),
        "missing_packages": list(
            dict.fromkeys(
                (
                    *(() if httpd else layout.packages),
                    *(
                        layout.certificate_packages
                        if reads_certificates and not HAS_CRYPTOGRAPHY
                        else ()
                    ),
                    *missing_packages(packages),
                )
            )
        ),
    }


def _is_settled(manifests: tuple[Manifest, ...], machine: Machine) -> bool:
    """Tell whether all concerns find the host as the last commit left it."""
    return all(side.is_settled(manifests, machine) for side in HOST_SIDES)
