# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How problems become a task's result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import Problem, problem_to_plain

_MOST_PLACES = 5


def report(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return a task's result: passed with the problems, or failed with the places of errors.

    Those that `errors_of` tells whole aren't said again: Ansible prints a failed result twice, and for each host.
    """
    warnings = [str(problem) for problem in problems if problem.severity == "warning"]
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        return {
            "problems": [problem_to_plain(problem) for problem in problems],
            "warnings": warnings,
        }
    places = list(dict.fromkeys(str(problem.place) for problem in errors))
    shown = ", ".join(places[:_MOST_PLACES])
    further = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    message = f"{_count(errors)} in the variables, printed above; the host was not touched: {shown}{further}"
    return {"failed": True, "msg": message, "warnings": warnings}


def errors_of(problems: Sequence[Problem]) -> str:
    """Return every error, one a line, below a heading; empty where there is none."""
    errors = [problem for problem in problems if problem.severity == "error"]
    return "\n".join([f"{_count(errors)} in the variables:", *map(str, errors)]) if errors else ""


def _count(errors: Sequence[Problem]) -> str:
    return f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
