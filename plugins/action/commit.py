# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the commit module which play's stages to commit, and the operator what it is doing where that takes long."""

from __future__ import annotations

import getpass
import socket
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import stage_token
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core_carrier import (
    execute_with_core,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.play_commits import noted
from ansible_collections.gatehouse.apache.plugins.plugin_utils.progress_watch import watched
from ansible_collections.gatehouse.apache.plugins.plugin_utils.staged_parts import take


class ActionModule(ActionBase):
    """Run the module with this play's token."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        token = stage_token(self._task)
        host = str((task_vars or {}).get("inventory_hostname", ""))
        staged, base = take(token, host)
        module_args = {**self._task.args, "token": token, "staged": staged, "base": base}
        module_args["by"] = f"{getpass.getuser()}@{socket.gethostname()}"
        with watched(self, token, host):
            result.update(execute_with_core(self, module_args, task_vars, may_change=True))
        result["play"] = token
        of_play = noted(token, host, result)
        return {**result, "of_play": of_play} if of_play else result
