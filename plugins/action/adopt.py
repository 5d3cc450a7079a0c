# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes on the controller the variables that the module reads from a host."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.adopting.variables_text import (
    print_variables,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain
from ansible_collections.gatehouse.apache.plugins.plugin_utils.private_file import (
    read_text,
    write_private,
)


class ActionModule(ActionBase):
    """Ask the host, and write; the variables, which may have secrets, aren't in the result."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result, with the file in place of the variables."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        result.update(self._execute_module(module_args=self._task.args, task_vars=task_vars))
        if result.get("failed"):
            return result
        text = print_variables(plain(result.pop("variables")))
        written = self._write(self._task.args["dest"], text)
        return written if written.get("failed") else {**result, **written}

    def _write(self, dest: str, text: str) -> dict[str, Any]:
        """Write the file, unless it has something else to lose."""
        before = read_text(dest)
        if before == text:
            return {"changed": False, "dest": dest}
        if before is not None and not boolean(self._task.args.get("force", False)):
            message = f"{dest} says something else already; move it away, or set `force: true` (apache_adopt_overwrite for the playbook)"
            return {"failed": True, "msg": message, "dest": dest}
        if not self._task.check_mode:
            write_private(dest, text)
        return {"changed": True, "dest": dest}
