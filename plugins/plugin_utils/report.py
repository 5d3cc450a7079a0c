# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How problems become a task's result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.syntax.problem import (
    Problem,
    to_plain,
)


def report(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return a task's result: failed with every error at once, or passed with the warnings."""
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    result: dict[str, Any] = {
        "problems": [to_plain(problem) for problem in problems],
        "warnings": [str(problem) for problem in problems if problem.severity == "warning"],
    }
    if errors:
        count = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        result["failed"] = True
        result["msg"] = "\n".join([f"{count} in the variables; the host was not touched:", *errors])
    return result
