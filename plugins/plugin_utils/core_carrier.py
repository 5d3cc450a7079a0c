# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries the core to a host, where it is kept until the host starts anew.

Ansible would collect what goes with a module in every run, send it with every task, and have the host compile it every time:
two thirds of what a task takes.
"""

from __future__ import annotations

import glob
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible import constants
from ansible_collections.gatehouse.apache.plugins.module_utils.carried import digest_of
from ansible_collections.gatehouse.apache.plugins.plugin_utils.unreached_host import (
    telling_of_the_rest,
)

_SOURCE = Path(__file__).parents[1] / "module_utils"
_ROOMS = ("_httpd", "_host")


@dataclass(frozen=True)
class CarriedCore:
    """The core as a zip on the controller, and the digest of its files."""

    digest: str
    path: str


def execute_with_core(
    action: Any,
    module_args: dict[str, Any],
    task_vars: dict[str, Any] | None,
    *,
    may_change: bool = False,
) -> dict[str, Any]:
    """Run an action's module with the core, which is sent first where the host hasn't it; `may_change` what the host serves."""
    core = carried_core()
    asked = {**module_args, "core": core.digest}
    with telling_of_the_rest(task_vars, may_change=may_change):
        answer: dict[str, Any] = action._execute_module(module_args=asked, task_vars=task_vars)
        if answer.get("needs_core"):
            remote = _sent(action, core)
            answer = action._execute_module(
                module_args={**asked, "core_src": remote}, task_vars=task_vars
            )
    return answer


def _sent(action: Any, core: CarriedCore) -> str:
    """Send the core; return where it lies on the host."""
    if action._connection._shell.tmpdir is None:
        action._make_tmp_path()
    remote: str = action._connection._shell.join_path(action._connection._shell.tmpdir, "core.zip")
    action._transfer_file(core.path, remote)
    action._fixup_perms2((action._connection._shell.tmpdir, remote))
    return remote


def carried_core() -> CarriedCore:
    """Return the core; read and written once a run, where only the operator can."""
    prefix = os.path.join(constants.DEFAULT_LOCAL_TMP, "gatehouse-core-")
    for path in glob.glob(f"{glob.escape(prefix)}*.zip"):
        return CarriedCore(path[len(prefix) : -len(".zip")], path)
    files = {
        f"{room}/{path.relative_to(_SOURCE / room)}": path.read_bytes()
        for room in _ROOMS
        for path in (_SOURCE / room).rglob("*.py")
    }
    digest = digest_of(files)
    path = f"{prefix}{digest}.zip"
    # Of several processes that come first each writes its own, and the last one stays.
    new = f"{path}.{os.getpid()}"
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    os.replace(new, path)
    return CarriedCore(digest, path)
