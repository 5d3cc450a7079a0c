# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server that variables or a configuration describe does with a request, in a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.gatehouse.apache.plugins.module_utils._host.reading import (
    decisions,
    printable,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.checking.configuration import (
    Configuration,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.release.from_variables import (
    server_of,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.resolve.plain_requests import (
    read_request,
    to_plain,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.resolve.resolver import (
    Resolver,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.filter_input import (
    answering,
    read_described,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain


def resolve(
    described: Any,
    url: Any = None,
    *,
    method: Any = "GET",
    headers: Any = None,
    address: Any = "",
    client: Any = "",
    version: Any = None,
    modules: Any = None,
) -> Any:
    """Return the decision; the request has the words of config_info's `requests`."""
    with answering("resolve"):
        further = {"method": method, "headers": headers, "address": address, "client": client}
        request = read_request(plain(url), **plain(further))
        read = read_described(described, version, modules)
        if isinstance(read, Configuration):
            (decision,) = decisions(read, [request])
        else:
            decision = Resolver(server_of(read)).resolve(request)
        return printable(to_plain(decision))


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"resolve": resolve}
