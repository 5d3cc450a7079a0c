# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a host's apache_* variables on the controller, or a configuration on the host; it never fails for a problem."""

from __future__ import annotations

import os
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.gatehouse.apache.plugins.plugin_utils.certificates import (
    problems_with_certificates,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import (
    plain_variables,
    uncollected,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import (
    CONCERN_NAMES,
    Problem,
    check_all_variables,
    problem_to_plain,
    reported,
    silenced,
    variables,
)


class ActionModule(ActionBase):
    """Check, and return the problems."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the problems, worst first, and apart from them what is silenced."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        path = self._task.args.get("path")
        if path:
            return {**result, **self._read(path, task_vars)}
        with uncollected():
            problems = self._check(task_vars or {})
        return {
            **result,
            "changed": False,
            "problems": list(map(problem_to_plain, reported(problems))),
            "silenced": list(map(problem_to_plain, silenced(problems))),
        }

    def _check(self, task_vars: dict[str, Any]) -> tuple[Problem, ...]:
        """Check the variables."""
        names = variables(task_vars)
        known = plain_variables(names, task_vars=task_vars, templar=self._templar)
        return problems_with_certificates(check_all_variables(known, CONCERN_NAMES))

    def _read(self, path: str, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Have the configuration read where it is; the variables, which may have secrets, are dropped."""
        if self._connection.transport == "local":
            # A playbook of a collection runs in the collection's directory, not where it was called.
            path = os.path.join(os.environ.get("PWD", ""), os.path.expanduser(path))
        answer: dict[str, Any] = self._execute_module(
            module_name="gatehouse.apache.config_info",
            module_args={"path": path},
            task_vars=task_vars,
        )
        left_out = ("variables", "modules", "unread")
        return {key: value for key, value in answer.items() if key not in left_out}
