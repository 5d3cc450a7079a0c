# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of a playbook: a pattern, refused where it names nothing, or where the command line misspells a variable."""

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
  - It fails too where a variable of the command line (C(-e)) or of the play itself is none of Gatehouse's, but nearly one. Nothing
    would read it. Those of the inventory are for M(gatehouse.apache.check) and M(gatehouse.apache.stage).
options:
  _terms:
    description: Patterns, each as Ansible's C(hosts) takes it.
    type: list
    elements: str
    required: true
  of_all_owners:
    description: The play is for whole hosts, whoever owns what is there, so it refuses C(apache_owner) of the command line.
    type: bool
    default: false
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
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import misspelt_variables

_LOCAL = ("localhost", "127.0.0.1", "::1")
# Groups that every inventory has, which nobody means by another name.
_OF_ALL = ("all", "ungrouped")
_SLIP = 0.6
_NAME = re.compile(r"[\w.-]+")


class LookupModule(LookupBase):
    """The lookup."""

    def run(self, terms: Any, variables: Any = None, **options: Any) -> list[str]:
        """Return the patterns, or refuse them."""
        self.set_options(var_options=variables, direct=options)
        patterns = [
            str(one) for term in terms for one in ([term] if isinstance(term, str) else term)
        ]
        # `--syntax-check` has no inventory mostly, and asks for none.
        if context.CLIARGS.get("syntax"):
            return patterns
        _refuse_variables(variables or {}, of_all_owners=self.get_option("of_all_owners"))
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


def _refuse_variables(variables: Mapping[str, Any], *, of_all_owners: bool) -> None:
    """Refuse a variable that nothing would read, or that the play doesn't take; a play has none of the inventory's so early."""
    misspelt = [str(problem) for problem in misspelt_variables(variables)]
    if misspelt:
        raise AnsibleLookupError("; ".join(misspelt))
    if of_all_owners and variables.get("apache_owner"):
        raise AnsibleLookupError(
            f'apache_owner: "{variables["apache_owner"]}" is given, but a removal takes Gatehouse itself off, with every owner\'s'
            " sites; leave `apache_owner` out for that. To take one owner's sites off, play the role gatehouse.apache.reverse_proxy"
            f" with `apache_owner: {variables['apache_owner']}`, `apache_role_state: absent` and `apache_allow_removal: true`"
        )


def _refusal(pattern: str, names: set[str]) -> str:
    """Say that a pattern names nothing, and what was meant perhaps."""
    near = get_close_matches(pattern, sorted(names - {*_OF_ALL}), n=1, cutoff=_SLIP)
    fix = f"write `{near[0]}`" if near else "write the name of a host or of a group that has some"
    return f'apache_hosts: "{pattern}" matches no host of the inventory; {fix}'
