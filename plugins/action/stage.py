# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the apache_* variables on the controller, compiles them, and sends a host what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.gatehouse.apache.plugins.plugin_utils.archive import archived
from ansible_collections.gatehouse.apache.plugins.plugin_utils.compiled_once import (
    CompiledPart,
    compiled_once,
    compiled_part,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import (
    plain_variables,
    stage_token,
    uncollected,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import (
    CONCERN_NAMES,
    Manifest,
    Part,
    read_inventory,
    variables,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core_carrier import (
    execute_with_core,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.staged_parts import (
    contradicted,
    note,
)


class ActionModule(ActionBase):
    """Check, compile, compare, send."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what the host needs to commit, or every problem of the variables."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        state = self._task.args.get("state", "present")
        concerns = self._task.args.get("concerns") or CONCERN_NAMES
        if isinstance(concerns, str):
            # As Ansible reads a list that is written in one word.
            concerns = [name.strip() for name in concerns.split(",")]
        unknown = [name for name in concerns if name not in CONCERN_NAMES]
        if unknown:
            message = f"`{unknown[0]}` is no concern; write one of {', '.join(CONCERN_NAMES)}"
            return {**result, "failed": True, "msg": message}
        if state == "probed":
            return {**result, **self._probe((), "started", task_vars)}
        names = _OF_A_REMOVAL if state == "absent" else variables(task_vars or {})
        with uncollected():
            known = plain_variables(names, task_vars=task_vars or {}, templar=self._templar)
            compiled = compiled_once(known, () if state == "absent" else concerns)
        if compiled.errors and not self._task.no_log:
            # Ansible says the same error once, for however many hosts.
            Display().error(compiled.errors, wrap_text=False)
        result.update(compiled.report)
        if result.get("failed") or state == "checked":
            return result
        if state not in ("absent", "present"):
            message = f"`{state}` is no state; write one of absent, checked, present, probed"
            return {**result, "failed": True, "msg": message}
        parts = compiled.parts if state == "present" else _absent_parts(concerns, known)
        staged = self._stage(parts, compiled.service_state, task_vars)
        if staged.get("failed"):
            # Why is all that an operator is to read.
            return staged
        # Of the variables, and of the host.
        warnings = [*result["warnings"], *staged.get("warnings", ())]
        return {**result, **staged, "warnings": warnings}

    def _stage(
        self,
        parts: Sequence[CompiledPart],
        service_state: str,
        task_vars: dict[str, Any] | None,
    ) -> dict[str, Any]:
        """Send the parts that differ from those that the host serves, or that the play staged before.

        A host without Apache takes them in too, for the commit that follows its installation.
        """
        host = self._probe(parts, service_state, task_vars)
        if host.get("failed"):
            return host
        differing = [part for part in parts if part.name in host["differing"]]
        if not differing:
            # What the play has staged before waits for its commit, of which a failed one may have taken the notice.
            return {**host, "changed": not (host["installed"] and host["is_settled"])}
        wanted = {part.name: part.digest for part in differing}
        play = (stage_token(self._task), str((task_vars or {}).get("inventory_hostname", "")))
        twice = contradicted(*play, wanted)
        if twice:
            return {"failed": True, "msg": _told_twice(twice)}
        sent = self._send(differing, task_vars)
        if sent.get("failed"):
            return sent
        note(*play, staged=wanted, base=host["parts"])
        return {**host, **sent}

    def _send(
        self, parts: Sequence[CompiledPart], task_vars: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Send one archive and have it staged."""
        # Only here: a directory made earlier would touch hosts that are only checked.
        if self._connection._shell.tmpdir is None:
            self._make_tmp_path()
        remote = self._connection._shell.join_path(self._connection._shell.tmpdir, "parts.tar")
        with archived({part.name: part.text for part in parts}) as local:
            self._transfer_file(local, remote)
        self._fixup_perms2((self._connection._shell.tmpdir, remote))
        return self._ask({"state": "present", "src": remote}, task_vars)

    def _probe(
        self,
        parts: Sequence[CompiledPart],
        service_state: str,
        task_vars: dict[str, Any] | None,
    ) -> dict[str, Any]:
        """Ask the host what it has."""
        wanted = {
            "digests": {part.name: part.digest for part in parts},
            "packages": [name for part in parts for name in part.packages],
            "reads_certificates": any(part.reads_certificates for part in parts),
            "service_state": service_state,
        }
        return self._ask({"state": "probed", **wanted}, task_vars)

    def _ask(self, module_args: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Run the module on the host."""
        return execute_with_core(self, {**module_args, "token": stage_token(self._task)}, task_vars)


def _told_twice(names: Sequence[str]) -> str:
    """Say that a play stages the same parts twice."""
    parts = " and ".join(
        f"`{concern}` of the owner `{owner}`"
        for owner, _dot, concern in (name.rpartition(".") for name in names)
    )
    message = f"this play has staged {parts} before, with other contents, and a commit takes one of them only"
    return f"{message}; give each application its own `apache_owner`, or commit in between (`meta: flush_handlers`)"


# What is read where nothing is to be there.
_OF_A_REMOVAL = ("apache_owner", "apache_role_state", "apache_service_state")


def _absent_parts(concerns: Sequence[str], known: Mapping[str, Any]) -> tuple[CompiledPart, ...]:
    """Return what takes the owner's parts of these concerns away."""
    owner = read_inventory(known)[0].owner
    parts = (Part(Manifest(owner, name), {}, is_absent=True) for name in concerns)
    return tuple(map(compiled_part, parts))
