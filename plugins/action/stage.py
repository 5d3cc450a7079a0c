# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the apache_* variables on the controller, compiles them, and sends a host what differs."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.check import check_inventory
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.inventory import (
    VARIABLES,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.problem import has_errors
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import (
    plain_variables,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.report import report


class ActionModule(ActionBase):
    """Check, compile, compare, send."""

    TRANSFERS_FILES = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what the host needs to commit, or every problem of the variables."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = self._task.args
        state = args.get("state", "staged")
        if state == "probed":
            return {**result, **self._probe(task_vars)}
        variables = plain_variables(VARIABLES, task_vars=task_vars or {}, templar=self._templar)
        concerns = args["concerns"]
        problems = check_inventory(variables, concerns=concerns)
        result.update(report(problems))
        if state == "checked" or has_errors(problems):
            return result
        return {**result, **self._stage(variables, concerns, task_vars=task_vars)}
