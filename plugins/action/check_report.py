# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the problems of all hosts as one text, and fails when there are any that count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import (
    NOT_CHECKED,
    Place,
    Problem,
    fleet_report,
    problem_from_plain,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.host_results import results_by_host


class ActionModule(ActionBase):
    """Join, print, decide."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the summary, failed where a problem of `fail_on` or worse was found."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        fail_on = self._task.args.get("fail_on", "error")
        if fail_on not in ("error", "warning"):
            return {
                **result,
                "failed": True,
                "msg": f'fail_on is "{fail_on}"; write error or warning',
            }
        checked = results_by_host(self._task.args, "checked", module="check")
        report = fleet_report({host: _problems(answer) for host, answer in checked.items()})
        # A callback would print it as one line of JSON.
        Display().display(report.text)
        counted = report.count("error") + (report.count("warning") if fail_on == "warning" else 0)
        return {**result, "changed": False, "failed": bool(counted), "msg": report.summary}


def _problems(answer: Mapping[str, Any]) -> list[Problem]:
    """Return a host's problems; that it couldn't be checked is one."""
    if "problems" in answer:
        return [
            problem_from_plain(one) for one in (*answer["problems"], *answer.get("silenced", ()))
        ]
    message = f"the host couldn't be checked: {str(answer.get('msg', 'no answer')).strip()}"
    return [NOT_CHECKED.problem(Place("the host"), message, "mend this and run again")]
