# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of a task by host, as the actions that print for all hosts take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain


def results_by_host(args: Mapping[str, Any], name: str, *, module: str) -> dict[str, Any]:
    """Return the option `name`: what `module` returned, by host. Raises AnsibleActionFail."""
    fix = f'write `{name}: "{{{{ {{inventory_hostname: RESULT}} }}}}"`, where gatehouse.apache.{module} registered RESULT'
    if name not in args:
        raise AnsibleActionFail(f"`{name}` is missing, what each host's task returned; {fix}")
    results = plain(args[name])
    if not isinstance(results, Mapping):
        raise AnsibleActionFail(
            f"`{name}` is no mapping of hosts to what their tasks returned; {fix}"
        )
    for host, result in results.items():
        if not isinstance(result, Mapping):
            raise AnsibleActionFail(
                f"`{name}` has `{host}`, which is no host with what its task returned; {fix}"
            )
    return dict(results)
