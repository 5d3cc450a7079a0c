# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugins need of Ansible: the play's identity and variables as plain data."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.gatehouse.apache.plugins.plugin_utils.templates import filled

# What roles register: a result of an earlier task is no slip, and no reason to check the same variables again.
REGISTERED = ("apache_committed", "apache_staged")


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector from walking all of Ansible's objects whenever a few thousand of ours are new."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def stage_token(task: Any) -> str:
    """Return a name for the running play that no other run has: parts staged under another name are never committed."""
    return str(task.get_play()._uuid)


def plain_variables(
    names: Iterable[str], *, task_vars: Mapping[str, Any], templar: Any
) -> dict[str, Any]:
    """Return those of `names` that are defined, templated once, as plain data; of others that begin alike, the names.

    A value whose template fails is an Unfilled.
    """
    variables = of_like_names(names, task_vars)
    for name in names:
        if name in task_vars:
            variables.update(filled(name, variables=task_vars, templar=templar))
    return variables


def of_like_names(names: Iterable[str], others: Iterable[str]) -> dict[str, Any]:
    """Return nothing by each other name that begins as ours do: it may be a slip of one."""
    known = {*names, *REGISTERED}
    return {
        str(name): None
        for name in others
        if isinstance(name, str) and name.startswith("apache_") and name not in known
    }
