"""What the module `stage` asks of a host: what it has, or to take parts in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._httpd.vocabulary.layout import DEBIAN
from ..commit.host_facts import Wanted, probe_host
from ..machine.lock import HostError, in_the_way
from ..store import staging


def answer(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the module's result, plain data; `warnings` are its warnings, and `failed` says that it fails."""
    try:
        if params["state"] == "probed":
            return _told(params)
        found = staging.obstacles_set_aside(params["token"])
        parts = staging.stage(params["src"], params["token"])
    except HostError as error:
        return {"failed": True, "msg": str(error)}
    except OSError as error:
        return {"failed": True, "msg": in_the_way(error)}
    return {"changed": True, "staged": [part.manifest.name for part in parts], "warnings": found}


def _told(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the host has."""
    wanted = Wanted(
        digests=params["digests"],
        packages=params["packages"],
        reads_certificates=params["reads_certificates"],
        serve=params["service_state"] == "started",
    )
    facts = probe_host(DEBIAN, params["token"], wanted)
    drift = facts["drift"] if facts["installed"] else ()
    told = (f"the host isn't as the last commit left it: {one}" for one in drift)
    return {"changed": False, **facts, "warnings": [*facts["warnings"], *told]}
