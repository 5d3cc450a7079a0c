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
    Unfilled,
    show,
    type_of,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.variables.refused_variables import (
    RefusedVariables,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.controller import (
    of_like_names,
    plain_variables,
    uncollected,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import is_omitted, plain
from ansible_collections.gatehouse.apache.plugins.plugin_utils.templates import (
    FAILURES,
    unfilled,
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
        return _given(described)
    if not isinstance(described, str):
        fix = "write a mapping of apache_* variables, or the text of a configuration"
        raise Refused(f"{show(described)} is {type_of(described)}", fix)
    return read_text(str(described), assumed_httpd(plain(version), plain(modules)))


def _given(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables among a mapping's, an Unfilled in place of what has a template that fails."""
    names = variables(described)
    # A host's variables as ansible-core 2.19 has them, which would fail as a whole where a name is undefined.
    templar, raw = getattr(described, "_templar", None), getattr(described, "_vars", None)
    if templar is not None and raw is not None:
        return plain_variables(names, task_vars=raw, templar=templar)
    given = ((name, _element(described, name)) for name in names if name in described)
    return {
        **of_like_names(names, described),
        **{name: value for name, value in given if not is_omitted(value)},
    }


def _element(container: Any, key: Any) -> Any:
    """Return an element of a mapping or a list as plain data; it may be filled only now, and that may fail."""
    try:
        element = container[key]
        if isinstance(element, Mapping):
            pairs = ((str(name), _element(element, name)) for name in element)
            return {name: value for name, value in pairs if not is_omitted(value)}
        if isinstance(element, (list, tuple)):
            values = (_element(element, index) for index in range(len(element)))
            return [value for value in values if not is_omitted(value)]
        if is_omitted(element):
            return element
        value = plain(element)
    except FAILURES as error:
        return unfilled(error)
    # `hostvars` of ansible-core 2.18 leaves a template as it is where a name is undefined.
    is_template = isinstance(value, str) and _TEMPLATE.search(value)
    return Unfilled(f"{show(value)} names what is undefined") if is_template else value
