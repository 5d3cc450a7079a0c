"""The release that the live server answers for, at the port that every release has for that."""

from __future__ import annotations

import http.client

from ..._httpd.release.frame import DEFAULT_PROOF_PORT, proof_port
from ..machine.lock import HostError
from ..store.store import Store

PROOF_HOST = "127.0.0.1"


def proof_port_of(store: Store, digest: str) -> int:
    """Return where a release answers; the default, where there is none or nothing of it can be read."""
    try:
        return proof_port(store.manifests(digest)) if digest else DEFAULT_PROOF_PORT
    except HostError:
        return DEFAULT_PROOF_PORT


def digest_at(port: int) -> str:
    """Return the digest that the proof port answers, whoever answers; empty for none."""
    connection = http.client.HTTPConnection(PROOF_HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        text = connection.getresponse().read(200).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
    return text.removeprefix("gatehouse ").strip() if text.startswith("gatehouse ") else ""
