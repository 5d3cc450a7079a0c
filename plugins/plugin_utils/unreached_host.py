# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which hosts a run doesn't come to when one can't be reached: Ansible ends with a batch of which nothing is left, silently."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.utils.display import Display

_MOST = 5  # names in a sentence


@contextlib.contextmanager
def telling_of_the_rest(task_vars: Mapping[str, Any] | None) -> Iterator[None]:
    """Warn of what becomes of the batches to come, where the host of a task can't be reached."""
    try:
        yield
    except AnsibleConnectionFailure:
        warning = of_the_rest(task_vars or {})
        if warning:
            Display().warning(warning)
        raise


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
