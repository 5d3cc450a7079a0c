# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several commits of a play did on a host together: each role has its own, and all but the first mostly find nothing.

Each task runs in a process of its own, so it lies in the run's own directory, which goes with the run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from ansible import constants
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain
from ansible_collections.gatehouse.apache.plugins.plugin_utils.private_file import (
    read_text,
    write_private,
)

# Of a commit's result.
_TOLD = ("release", "previous", "what", "action", "reason", "warnings", "deployed", "changed")


def noted(token: str, host: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Note what a commit of the play of `token` did; return that of all of the play's, where others changed the host before."""
    if result.get("failed") or result.get("unreachable"):
        return {}
    path = _path(token, host)
    text = read_text(path)
    before = json.loads(text) if text else {}
    now = {name: plain(result[name]) for name in _TOLD if name in result}
    whole = joined(before, now) if before else now
    if whole.get("changed") and whole != before:
        write_private(path, json.dumps(whole))
    return whole if before else {}


def joined(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return what two commits did together; the first changed something."""
    warnings = [*before.get("warnings", ()), *now.get("warnings", ())]
    whole = {**before, "warnings": list(dict.fromkeys(warnings))}
    if not now.get("changed"):
        return whole
    what = "; ".join(filter(None, (before.get("what", ""), now.get("what", ""))))
    told = before if now.get("action", "none") == "none" else now
    whole |= {name: now[name] for name in ("release", "deployed") if name in now}
    return {**whole, "what": what, "action": told.get("action"), "reason": told.get("reason", "")}


def _path(token: str, host: str) -> str:
    """Return the file of a play and a host, whose name may be anything."""
    name = hashlib.sha256(f"{token} {host}".encode()).hexdigest()
    return os.path.join(constants.DEFAULT_LOCAL_TMP, f"gatehouse-committed-{name}")
