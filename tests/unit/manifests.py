"""Manifests of virtual hosts with certificates, as tests of the host want them."""

from __future__ import annotations

from module_utils._httpd.concerns.ssl.facts import VhostTls
from module_utils._httpd.release.manifest import Manifest
from module_utils._httpd.tls.entries import CertificateEntry


def tls_manifest(*certificates: CertificateEntry) -> Manifest:
    """Return the manifest of a virtual host on 443 for each certificate."""
    hosts = [VhostTls(("*:443",), True, certificate=one).to_plain() for one in certificates]
    return Manifest("main", "vhosts", facts={"ssl": {"vhosts": hosts}})
