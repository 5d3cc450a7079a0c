# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory hosts as members of a balancer, in a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.balancers.members_of_hosts import (
    members_of_hosts,
    read_host_members,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.syntax.quoting import Refused
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.variables.door import show
from ansible_collections.gatehouse.apache.plugins.plugin_utils.filter_input import answering
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain


def balancer_members(hosts: Any, hostvars: Any = None, **options: Any) -> list[dict[str, Any]]:
    """Return a member for each host, in their order; of `hostvars` only the variables that it needs are templated."""
    with answering("balancer_members"):
        if not isinstance(hostvars, Mapping):
            message = f"{show(hostvars)} isn't the variables of all hosts"
            raise Refused(message, "write `| balancer_members(hostvars)`")
        how = read_host_members(plain(options))
        names = plain(hosts)
        needed = (how.address_variable, how.settings)
        known = {
            name: {key: plain(hostvars[name][key]) for key in needed if key in hostvars[name]}
            for name in (map(str, names) if isinstance(names, list) else ())
            if name in hostvars
        }
        return members_of_hosts(names, known, how)


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"balancer_members": balancer_members}
