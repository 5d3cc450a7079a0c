# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the apache_* variables on the controller, compiles them, and sends a host what differs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.catalogue import (
    CONCERN_NAMES,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.inventory import (
    read_inventory,
    variables,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.ssl.facts import (
    read_tls,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.release.checked import (
    check_all_variables,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.release.manifest import (
    Manifest,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.release.part import Part
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.syntax.problem import reported
from ansible_collections.gatehouse.apache.plugins.plugin_utils.archive import archived
from ansible_collections.gatehouse.apache.plugins.plugin_utils.certificates import (
    problems_with_certificates,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import (
    plain_variables,
    stage_token,
    uncollected,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.report import report


class ActionModule(ActionBase):
    """Check, compile, compare, send."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what the host needs to commit, or every problem of the variables."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        state = self._task.args.get("state", "present")
        concerns = self._task.args.get("concerns") or CONCERN_NAMES
        unknown = [name for name in concerns if name not in CONCERN_NAMES]
        if unknown:
            message = f"`{unknown[0]}` is no concern; write one of {', '.join(CONCERN_NAMES)}"
            return {**result, "failed": True, "msg": message}
        if state == "probed":
            return {**result, **self._probe((), task_vars)}
        if state == "absent":
            return {**result, **self._stage(self._absent_parts(concerns, task_vars), task_vars)}
        with uncollected():
            known = plain_variables(variables(), task_vars=task_vars or {}, templar=self._templar)
            checked = check_all_variables(known, concerns)
            problems = reported(problems_with_certificates(checked))
        result.update(report(problems))
        if state == "present" and not result.get("failed"):
            result.update(self._stage(checked.compiled.parts, task_vars))
        return result

    def _absent_parts(
        self, concerns: Sequence[str], task_vars: dict[str, Any] | None
    ) -> tuple[Part, ...]:
        """Return what takes the owner's parts of these concerns away."""
        known = plain_variables(("apache_owner",), task_vars=task_vars or {}, templar=self._templar)
        owner = read_inventory(known)[0].owner
        return tuple(Part(Manifest(owner, name), {}, is_absent=True) for name in concerns)

    def _stage(self, parts: Sequence[Part], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Send the parts that differ from those that the host serves, or that the play staged before.

        A host without Apache takes them in too, for the commit that follows its installation.
        """
        host = self._probe(parts, task_vars)
        if host.get("failed"):
            return host
        differing = [part for part in parts if _differs(part, host["parts"])]
        if not differing:
            return {**host, "changed": not (host["installed"] and host["is_settled"])}
        return {**host, **self._send(differing, task_vars)}

    def _send(self, parts: Sequence[Part], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Send one archive and have it staged."""
        files = {part.manifest.name: json.dumps(part.to_plain()) for part in parts}
        # Only here: a directory made earlier would touch hosts that are only checked.
        self._make_tmp_path()
        remote = self._connection._shell.join_path(self._connection._shell.tmpdir, "parts.tar")
        with archived(files) as local:
            self._transfer_file(local, remote)
        self._fixup_perms2((self._connection._shell.tmpdir, remote))
        return self._ask({"state": "present", "src": remote}, task_vars)

    def _probe(self, parts: Sequence[Part], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Ask the host what it has."""
        wanted = {
            "packages": [name for part in parts for name in part.manifest.packages],
            "reads_certificates": any(map(_reads_certificates, parts)),
        }
        return self._ask({"state": "probed", **wanted}, task_vars)

    def _ask(self, module_args: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Run the module on the host."""
        whole = {**module_args, "token": stage_token(self._task)}
        answer: dict[str, Any] = self._execute_module(module_args=whole, task_vars=task_vars)
        return answer


def _differs(part: Part, present: Mapping[str, str]) -> bool:
    """Tell whether a host has another part by that name, or one that is to go."""
    name = part.manifest.name
    return name in present if part.is_absent else present.get(name) != part.digest


def _reads_certificates(part: Part) -> bool:
    """Tell whether a commit of a part looks into certificates."""
    speaks = any(one.speaks_tls for one in read_tls((part.manifest.facts,)))
    return speaks or bool(part.manifest.host_files)
