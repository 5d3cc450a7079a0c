# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Joins what a play did on a host with what the host serves then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import stage_token
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain

# Ansible's own word on how it runs modules, which it has said by then.
_ANSIBLES = "using the discovered Python interpreter"


class ActionModule(ActionBase):
    """Ask the host, and add what was done."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result with what the commit did; results of other tasks don't leave the controller."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        staged = self._task.args.get("staged") or {}
        committed = self._task.args.get("committed") or {}
        failure = plain(self._task.args.get("failure") or "")
        is_run_known = bool(staged or committed or failure)
        is_of_play = committed.get("play") == stage_token(self._task)
        committed = committed.get("of_play") or committed
        if "staged" in self._task.args and not staged.get("needs_commit") and not is_of_play:
            # A result is an earlier play's.
            committed = {}
        if staged and not staged.get("needs_commit") and not committed and not failure:
            # A run that changes nothing is quick: the stage has just looked at the host.
            done = _done(staged, {}, "", is_dry_run=self._task.check_mode)
            return {**result, **done, "release": plain(staged.get("release", "")), "is_seen": False}
        # The commit has looked already.
        looked = "" if failure else plain(committed.get("deployed") or "")
        found = {"looked": looked} if looked else self._found(task_vars)
        done = _done(staged, committed, failure, is_dry_run=self._task.check_mode)
        release = found.get("release", plain(committed.get("release", "")))
        return {**result, **done, **found, "release": release, "is_run_known": is_run_known}

    def _found(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Return what the host says; of one that can't be reached any more it is known still what was done."""
        try:
            found: dict[str, Any] = self._execute_module(module_args={}, task_vars=task_vars)
        except AnsibleConnectionFailure as error:
            return {"unreachable": True, "msg": str(error)}
        return found


def _done(
    staged: Mapping[str, Any], committed: Mapping[str, Any], failure: str, *, is_dry_run: bool
) -> dict[str, Any]:
    """Return what was done, as plain data."""
    is_mended = committed.get("release") == committed.get("previous")
    drift = "; ".join(map(plain, staged.get("drift", ())))
    said = map(plain, (*staged.get("warnings", ()), *committed.get("warnings", ())))
    told = (warning for warning in said if _ANSIBLES not in warning)
    return {
        "before": plain(committed.get("previous", "")),
        "is_changed": bool(committed.get("changed")),
        "is_dry_run": bool(is_dry_run),
        "what": drift if drift and is_mended else plain(committed.get("what", "")),
        "action": plain(committed.get("action", "none")),
        "reason": plain(committed.get("reason", "")),
        "failure": failure,
        "told": list(dict.fromkeys(told)),
    }
