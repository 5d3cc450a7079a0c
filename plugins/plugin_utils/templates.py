# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates filled as far as they can be: one that fails leaves the others, and everything else can still be checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import Unfilled
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain
from jinja2.exceptions import UndefinedError

# A variable that is another's name only is as good as written there.
_NAME_ALONE = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_MOST_NAMES = 10
# What is undefined is Jinja's own error where one template fills another.
FAILURES = (AnsibleError, UndefinedError)


def filled(name: str, *, variables: Mapping[str, Any], templar: Any) -> dict[str, Any]:
    """Return a variable by its name, templated as plain data, with an Unfilled wherever a template fails in it.

    A value that is omitted isn't there. What has no such template is filled in one call.
    """
    return _filled_pair(name, variables[name], _Filling(variables, templar))


class _Filling:
    """What fills templates: a host's variables, and Ansible's templar over them."""

    def __init__(self, variables: Mapping[str, Any], templar: Any, followed: int = 0) -> None:
        self.variables = variables
        self.templar = templar
        self.followed = followed

    def all_of(self, values: Any) -> Any:
        """Fill everything at once. Raises one of FAILURES."""
        return plain(self.templar.template(values))

    def named_by(self, raw: Any) -> Any:
        """Return the value of a variable whose name alone is the template; None of any other."""
        found = _NAME_ALONE.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if found is None or self.followed == _MOST_NAMES:
            return None
        return self.variables.get(found[1])

    def following(self) -> _Filling:
        """Return what fills the variable that was named; a circle of names ends."""
        return _Filling(self.variables, self.templar, self.followed + 1)


def _filled_pair(key: Any, raw: Any, filling: _Filling) -> dict[str, Any]:
    """Fill a mapping's one value; in a mapping, since Ansible leaves out of it what is omitted."""
    try:
        pair: dict[str, Any] = filling.all_of({key: raw})
    except FAILURES as error:
        return {str(key): _filled_within(raw, error, filling)}
    return pair


def _filled_element(raw: Any, filling: _Filling) -> list[Any]:
    """Fill a list's one element, for the same reason in a list."""
    try:
        element: list[Any] = filling.all_of([raw])
    except FAILURES as error:
        return [_filled_within(raw, error, filling)]
    return element


def _filled_within(raw: Any, error: Exception, filling: _Filling) -> Any:
    """Fill what has a template that fails, each of its values for itself."""
    if isinstance(raw, Mapping):
        pairs = [_filled_pair(key, raw[key], filling) for key in raw]
        return {key: value for pair in pairs for key, value in pair.items()}
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return [value for one in raw for value in _filled_element(one, filling)]
    named = filling.named_by(raw)
    if isinstance(named, (Mapping, list)):
        return _filled_within(named, error, filling.following())
    return unfilled(error)


def unfilled(error: Exception) -> Unfilled:
    """Return what stands for a value whose template failed."""
    # ansible-core 2.18 adds lines about the file, 2.19 how it learned of what failed within another template.
    first = str(error).strip().partition("\n")[0].rstrip(". ")
    return Unfilled(first.removeprefix("A captured exception marker was tripped: "))
