# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the filters take, variables or a configuration's text, and how they refuse anything else."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.gatehouse.apache.plugins.module_utils._host.reading import (
    assumed_httpd,
    read_text,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.checking.configuration import (
    Configuration,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.inventory import (
    variables,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.syntax.quoting import Refused
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.variables.door import (
    show,
    type_of,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.variables.refused_variables import (
    RefusedVariables,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import (
    of_like_names,
    plain,
    uncollected,
)

_TEMPLATE = re.compile(r"\{\{.*\}\}", re.DOTALL)


@contextlib.contextmanager
def answering(name: str) -> Iterator[None]:
    """Let a filter answer, and say a refusal as Ansible does."""
    try:
        with uncollected():
            yield
    except (Refused, RefusedVariables) as refused:
        raise AnsibleFilterError(f"gatehouse.apache.{name}: {refused}") from refused


def read_described(described: Any, version: Any, modules: Any) -> Configuration | dict[str, Any]:
    """Read a configuration's text, or take the core's variables out of a mapping that may have others. Raises Refused.

    Only those are templated: `hostvars` of a host will do.
    """
    if isinstance(described, Mapping):
        if version is not None or modules is not None:
            message = "`version` and `modules` are for a configuration's text"
            raise Refused(message, "leave them out, since variables hold for every httpd")
        known = variables()
        given = {
            **of_like_names(known, described),
            **{name: plain(described[name]) for name in known if name in described},
        }
        _refuse_templates(given)
        return given
    if not isinstance(described, str):
        fix = "write a mapping of apache_* variables, or the text of a configuration"
        raise Refused(f"{show(described)} is {type_of(described)}", fix)
    return read_text(str(described), assumed_httpd(plain(version), plain(modules)))


def _refuse_templates(given: Mapping[str, Any]) -> None:
    """Refuse what is a template still: `hostvars` of ansible-core 2.18 leaves one as it is where a name is undefined."""
    for name, value in given.items():
        found = next(filter(_TEMPLATE.search, _texts_in(value)), None)
        if found is not None:
            message = f"{name} has a template that isn't filled, {show(found)}"
            fix = "define what it names for the host, not for a play or a task"
            raise Refused(message, fix)


def _texts_in(value: Any) -> Iterator[str]:
    """Yield every text within plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for element in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(element)
