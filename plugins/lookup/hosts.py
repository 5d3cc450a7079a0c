# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of a playbook: a pattern, refused where it names nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
name: hosts
author: The Gatehouse engineers (@gatehouse)
version_added: 0.1.0
short_description: A pattern of hosts that is refused where it names nothing
description:
  - Returns patterns as they are, for the keyword C(hosts) of a play.
  - Fails where they match no host, or where one is neither a host's nor a group's name. A play would be skipped by such a
    pattern, and the run end as if all were well.
  - What C(--limit) leaves of the hosts isn't looked at.
options:
  _terms:
    description: Patterns, each as Ansible's C(hosts) takes it.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Deploy to hosts that somebody names
  hosts: "{{ query('gatehouse.apache.hosts', apache_hosts | default('all')) }}"
  roles:
    - gatehouse.apache.reverse_proxy
"""

RETURN = r"""
_raw:
  description: The patterns.
  type: list
  elements: str
  sample: [proxies]
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ansible import context
from ansible.errors import AnsibleLookupError
from ansible.inventory.manager import InventoryManager, split_host_pattern
from ansible.plugins.lookup import LookupBase

_LOCAL = ("localhost", "127.0.0.1", "::1")
# Groups that every inventory has, which nobody means by another name.
_OF_ALL = ("all", "ungrouped")
_SLIP = 0.6
_NAME = re.compile(r"[\w.-]+")


class LookupModule(LookupBase):
    """The lookup."""

    def run(self, terms: Any, variables: Any = None, **_options: Any) -> list[str]:
        """Return the patterns, or refuse them."""
        patterns = [
            str(one) for term in terms for one in ([term] if isinstance(term, str) else term)
        ]
        # `--syntax-check` has no inventory mostly, and asks for none.
        if context.CLIARGS.get("syntax"):
            return patterns
        groups: Mapping[str, Sequence[str]] = (variables or {}).get("groups", {})
        hosts = {host for names in groups.values() for host in names}
        if not hosts and not {*patterns} & {*_LOCAL}:
            raise AnsibleLookupError(
                "the inventory has no hosts; name one that has some, `-i INVENTORY`"
            )
        for name in split_host_pattern(patterns):
            if _NAME.fullmatch(name) and name not in {*hosts, *groups, *_LOCAL}:
                raise AnsibleLookupError(_refusal(name, {*groups, *hosts}))
        if not self._matches(patterns, groups, hosts):
            raise AnsibleLookupError(_refusal(", ".join(patterns), set()))
        return patterns

    def _matches(
        self, patterns: list[str], groups: Mapping[str, Sequence[str]], hosts: set[str]
    ) -> bool:
        """Tell whether the patterns match any host; for plain names nothing is built."""
        if all(name in hosts for name in patterns):
            return True
        inventory = InventoryManager(self._loader, parse=False)
        for group, names in groups.items():
            inventory.add_group(group)
            for name in names:
                inventory.add_host(name, group=group)
        return bool(inventory.get_hosts(patterns))


def _refusal(pattern: str, names: set[str]) -> str:
    """Say that a pattern names nothing, and what was meant perhaps."""
    near = get_close_matches(pattern, sorted(names - {*_OF_ALL}), n=1, cutoff=_SLIP)
    fix = f"write `{near[0]}`" if near else "write the name of a host or of a group that has some"
    return f'apache_hosts: "{pattern}" matches no host of the inventory; {fix}'
