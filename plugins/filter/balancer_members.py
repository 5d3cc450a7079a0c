# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory hosts as members of a balancer, in a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.balancers.members_of_hosts import (
    HostVariables,
    members_of_hosts,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import plain
from ansible_collections.gatehouse.apache.plugins.plugin_utils.filter_input import answering


def balancer_members(
    hosts: Any,
    hostvars: Mapping[str, Mapping[str, Any]],
    *,
    scheme: Any = "http",
    port: Any = None,
    address: str = "",
    settings: str = "apache_member",
) -> list[dict[str, Any]]:
    """Return a member for each host, in their order."""
    with answering("balancer_members"):
        read = HostVariables(str(address), str(settings))
        names = plain(hosts)
        known = {
            name: {key: plain(hostvars[name][key]) for key in read.names if key in hostvars[name]}
            for name in (map(str, names) if isinstance(names, list) else ())
            if name in hostvars
        }
        return members_of_hosts(names, known, scheme=plain(scheme), port=plain(port), read=read)


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"balancer_members": balancer_members}
