# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with apache_* variables or with a configuration, in a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.gatehouse.apache.plugins.module_utils._host.reading import printable
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.checking.configuration import (
    Configuration,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.catalogue import (
    CONCERN_NAMES,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.release.checked import (
    check_all_variables,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.syntax.problem import (
    reported,
    to_plain,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.certificates import (
    problems_with_certificates,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.filter_input import (
    answering,
    read_described,
)


def problems(described: Any, *, version: Any = None, modules: Any = None) -> Any:
    """Return the problems, worst first."""
    with answering("problems"):
        read = read_described(described, version, modules)
        if isinstance(read, Configuration):
            found = read.problems
        else:
            found = reported(problems_with_certificates(check_all_variables(read, CONCERN_NAMES)))
        return printable([to_plain(problem) for problem in found])


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"problems": problems}
