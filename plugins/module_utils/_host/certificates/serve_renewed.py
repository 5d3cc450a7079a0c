"""Renews what Gatehouse signs itself, and has Apache serve what was renewed: a program that a timer starts on the host.

mod_md leaves what it renewed in its staging directory until the next graceful restart.
"""

from __future__ import annotations

import glob
import json
import sys
from datetime import datetime, timezone

from ..machine import systemd
from ..machine.file_kinds import regular
from ..machine.lock import HostError
from .renew_own import renew_own


def main(self_signed: str, staging: str, unit: str) -> int:
    """Return 0, or 1 for what the journal is told of; the paths are those of both kinds of certificates."""
    failures = []
    try:
        renewed = renew_own(self_signed, datetime.now(timezone.utc))
    except (HostError, OSError) as error:
        renewed, failures = (), [f"own certificates weren't renewed: {error}"]
    is_waiting = renewed or any(map(is_ready, glob.glob(f"{glob.escape(staging)}/*/job.json")))
    if is_waiting and systemd.is_active(unit):
        failures += [systemd.act("reload", unit)]
    told = [failure for failure in failures if failure]
    sys.stderr.write("".join(f"{failure}\n" for failure in told))
    return 1 if told else 0


def is_ready(path: str) -> bool:
    """Tell whether a job of mod_md has its certificate."""
    try:
        with open(path, encoding="utf-8", opener=regular) as stream:
            job = json.load(stream)
    except (OSError, ValueError):
        return False
    return isinstance(job, dict) and job.get("finished") is True
