"""The certificates that mod_md gets: what became of each, and the wait for those of a first run.

mod_md writes what it did to its store (md/staging/NAME/job.json); a certificate that came lies in staging until the next
graceful restart, and in md/domains/NAME afterwards.
"""

from __future__ import annotations

import glob
import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..._httpd.concerns.ssl.facts import read_certificates
from ..._httpd.reading.server import Server
from ..._httpd.release.manifest import Manifest
from ..._httpd.syntax.quoting import unquote
from ..._httpd.tls.certificate import Certificate
from ..._httpd.vocabulary.layout import Layout
from ..machine import systemd
from ..machine.file_kinds import regular
from ..machine.progress import tell
from ..machine.x509 import Unreadable, read_chain

_REMEDY = "see that the name leads here, and that the authority reaches its ports 80 or 443"
PAUSE = 0.5  # seconds
# Others may be about to come: one reload serves them all.
GATHERING = 5.0  # seconds
# mod_md tries again by itself; what fails twice is told.
ATTEMPTS = 2


@dataclass(frozen=True)
class ManagedCertificate:
    """A managed certificate: issued, ready for the next reload, waiting, or failing for a reason."""

    names: tuple[str, ...]
    state: Literal["issued", "ready", "waiting", "failing"]
    attempts: int = 0
    reason: str = ""


def managed_names(manifests: Iterable[Manifest]) -> tuple[tuple[str, ...], ...]:
    """Return each set of names, once."""
    entries = read_certificates(manifest.facts for manifest in manifests)
    return tuple(dict.fromkeys(entry.names for entry in entries if entry.kind == "managed"))


def certificate_store(server: Server, layout: Layout) -> str:
    """Return the directory of mod_md's store, as a server names it."""
    named = server.main.last("mdstoredir")
    if named is None or not named.args:
        return layout.certificate_store
    return os.path.join(layout.config_root, unquote(named.args[0]))


def wait_for_certificates(
    wanted: Sequence[tuple[str, ...]], *, directory: str, layout: Layout, patience: float
) -> tuple[ManagedCertificate, ...]:
    """Wait `patience` (seconds) for certificates, and reload once they have come; return what became of each."""
    deadline = time.monotonic() + patience
    came = 0.0
    while True:
        now = time.monotonic()
        found = tuple(_look(names, directory) for names in wanted)
        is_ready = any(one.state == "ready" for one in found)
        is_open = any(_is_open(one) for one in found)
        came = (came or now) if is_ready else 0.0
        if is_ready and (not is_open or now > min(came + GATHERING, deadline)):
            tell("reloading the server for certificates that have come")
            systemd.act("reload", layout.unit)
            came = 0.0
        elif now > deadline or not (is_ready or is_open):
            return found
        tell(_awaited(found, patience))
        time.sleep(PAUSE)


def _awaited(found: Iterable[ManagedCertificate], patience: float) -> str:
    """Say for which certificates a run waits, and how long at most."""
    names = [one.names[0] for one in found if one.state != "issued"]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"waiting {patience:.0f} s at most for certificates of {', '.join(names[:3])}{more}"


def _is_open(managed: ManagedCertificate) -> bool:
    """Tell whether waiting may bring a certificate."""
    is_tried_again = managed.state == "failing" and managed.attempts < ATTEMPTS
    return managed.state == "waiting" or is_tried_again


def _look(names: tuple[str, ...], directory: str) -> ManagedCertificate:
    """Read what mod_md wrote of a set of names."""
    if issued(names, directory):
        return ManagedCertificate(names, "issued")
    job = _job(f"{directory}/staging/{names[0]}/job.json")
    if job.get("finished") is True:
        return ManagedCertificate(names, "ready")
    attempts = job.get("errors", 0)
    if attempts:
        return ManagedCertificate(names, "failing", attempts, _reason(job))
    return ManagedCertificate(names, "waiting", reason="the authority hasn't answered yet")


def issued(names: tuple[str, ...], directory: str) -> Certificate | None:
    """Return the certificate for all names, if there is one."""
    for path in glob.glob(f"{glob.escape(directory)}/domains/{names[0]}/pubcert*.pem"):
        try:
            with open(path, encoding="utf-8", opener=regular) as stream:
                leaf = read_chain(stream.read())[0]
        except (OSError, Unreadable):
            continue
        if all(map(leaf.covers, names)):
            return leaf
    return None


def _job(path: str) -> dict[str, Any]:
    """Return what mod_md wrote of its last attempt; nothing where there was none."""
    try:
        with open(path, encoding="utf-8", opener=regular) as stream:
            job = json.load(stream)
    except (OSError, ValueError):
        return {}
    return job if isinstance(job, dict) else {}


def _reason(job: dict[str, Any]) -> str:
    """Return what mod_md says of an attempt that failed: which step did, and the authority's own problem."""
    last = job.get("last", {})
    steps = [str(entry.get("detail", "")) for entry in job.get("log", {}).get("entries", ())]
    failed = [step for step in steps if " failed" in step]
    words = (last.get("problem", ""), *failed[:1], last.get("detail", ""))
    told = "; ".join(dict.fromkeys(str(word) for word in words if word))
    return f"{told or 'mod_md gives no reason'}; {_REMEDY}"
