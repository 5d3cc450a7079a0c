# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what becomes of a host that can't be reached, and of those that the run doesn't come to then: Ansible ends silently."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.utils.display import Display

_MOST = 5  # names in a sentence


@contextlib.contextmanager
def telling_of_the_rest(
    task_vars: Mapping[str, Any] | None, *, may_change: bool = False
) -> Iterator[None]:
    """Warn of what becomes of the host of a task and of the batches to come, where it can't be reached.

    A task that `may_change` the host may have begun when the connection broke.
    """
    try:
        yield
    except AnsibleConnectionFailure:
        known = task_vars or {}
        warning = of_the_rest(known) or of_itself(known, may_change=may_change)
        if warning:
            Display().warning(warning)
        raise


def of_itself(task_vars: Mapping[str, Any], *, may_change: bool) -> str:
    """Say what becomes of a host of the last batch that can't be reached."""
    host = task_vars.get("inventory_hostname", "")
    if not host:
        return ""
    began = ", unless the task had begun there: what it began, the next run finishes or takes back"
    stays = f"{host} can't be reached, and stays as it is{began if may_change else ''}"
    return f"{stays}; see whether it is up, and run again with --limit '{host}'"


def of_the_rest(task_vars: Mapping[str, Any]) -> str:
    """Say which hosts stay as they are where a host can't be reached; nothing where no batch follows its own."""
    host = task_vars.get("inventory_hostname", "")
    batch, play = (
        list(task_vars.get(name, ())) for name in ("ansible_play_batch", "ansible_play_hosts_all")
    )
    last = max((play.index(name) for name in batch if name in play), default=len(play))
    rest = play[last + 1 :]
    if not rest:
        return ""
    others = [name for name in batch if name != host]
    ends = "with it the run ends"
    if others:
        ends = f"unless {_some(others, 'or')} of its batch can be, the run ends with it"
    stay = f"{_some(rest, 'and')} {'stay as they are' if len(rest) > 1 else 'stays as it is'}"
    return f"{host} can't be reached; {ends}, and {stay}: leave it out (--limit 'all:!{host}') to go on"


def _some(names: Sequence[str], word: str) -> str:
    """Return a few names for a sentence."""
    shown = list(names[:_MOST])
    if len(names) > _MOST:
        shown.append(f"{len(names) - _MOST} more")
    return f" {word} ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
