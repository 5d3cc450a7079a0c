# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what a run did on its hosts as one text."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from ansible import context
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import (
    LOST,
    closing_words,
    host_from_plain,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.host_results import results_by_host
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain


class ActionModule(ActionBase):
    """Join and print."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what was printed."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        deployed = results_by_host(self._task.args, "deployed", module="deployed_info")
        hosts = {name: host_from_plain(_whole(answer)) for name, answer in deployed.items()}
        hosts |= dict.fromkeys(plain(self._task.args.get("lost") or []), LOST)
        text = closing_words(hosts, command=_command(context.CLIARGS.get("inventory") or ()))
        # A callback would print it as one line of JSON.
        Display().display(f"\n{text}\n")
        return {**result, "changed": False, "text": text}


def _whole(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a host with what its commit saw, which is text until here."""
    return {**answer, **json.loads(answer.get("looked") or "{}")}


def _command(inventories: Iterable[str]) -> str:
    """Return ansible-playbook with the inventory of this run, as an operator writes it where the run was called."""
    # A playbook of a collection runs in the collection's directory.
    here = os.path.join(os.environ.get("PWD", ""), "")
    named = (str(one).removeprefix(here) for one in inventories)
    return shlex.join(["ansible-playbook", *(word for one in named for word in ("-i", one))])
