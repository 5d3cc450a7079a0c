# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that apache_* variables or a configuration need, in a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.gatehouse.apache.plugins.module_utils._host.reading import printable
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.checking.configuration import (
    Configuration,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.release.from_variables import (
    modules_of,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.filter_input import (
    answering,
    read_described,
)


def needed_modules(described: Any, *, version: Any = None, modules: Any = None) -> Any:
    """Return the modules, each after those that it needs itself."""
    with answering("needed_modules"):
        read = read_described(described, version, modules)
        return printable(
            list(read.modules if isinstance(read, Configuration) else modules_of(read))
        )


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"needed_modules": needed_modules}
