# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells an operator what a module is doing on a host, once that takes longer than a moment.

The module runs as any other: nothing is left behind on the host where the run is interrupted. Beside it a thread of the
task's own process looks, over a connection of its own, at the file in which the module says what it is doing.
"""

from __future__ import annotations

import contextvars
import copy
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleError
from ansible.utils.display import Display

DIRECTORY = "/run/gatehouse"
FIRST = 5.0  # seconds before the first look, and between looks
AGAIN = 30.0  # seconds after which the same words are said again
_TOKEN = re.compile(r"[\w-]+")


@contextmanager
def watched(action: Any, token: str, host: str) -> Iterator[None]:
    """Print what the module of the play of `token` is doing, as long as it runs."""
    if not _TOKEN.fullmatch(token):
        yield
        return
    is_over = threading.Event()
    command = f"cat {DIRECTORY}/progress-{token}"
    look = _look(action, command)

    def watch() -> None:
        for line in lines(look, is_over.wait, time.monotonic):
            Display().display(f"{host}: {line}")

    # Ansible keeps what a task's process is about in a context, which a new thread has none of.
    thread = threading.Thread(target=contextvars.copy_context().run, args=(watch,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        # A look that hangs isn't waited for; it only reads, and ends with the process.
        is_over.set()
        thread.join(timeout=1)


def lines(
    look: Callable[[], str], is_over: Callable[[float], bool], now: Callable[[], float]
) -> Iterator[str]:
    """Yield what is to be said: new words, and words that still hold after a while.

    `look` returns what the module says, nothing where it says nothing; `is_over` waits (seconds) and tells whether the
    module has ended.
    """
    began = now()
    said, said_at = "", began
    while not is_over(FIRST):
        words = look()
        if words and (words != said or now() - said_at >= AGAIN):
            said, said_at = words, now()
            yield f"{words} (after {said_at - began:.0f} s)"


def _look(action: Any, command: str) -> Callable[[], str]:
    """Return how to run a command beside the module; what can't be seen is nothing."""
    # The module's own command depends on what they hold: who it becomes, and whether it has become that.
    apart = copy.copy(action)
    apart._connection = copy.copy(action._connection)
    apart._connection.become = copy.copy(action._connection.become)

    def look() -> str:
        try:
            answer = apart._low_level_execute_command(command)
        except (AnsibleError, OSError):
            return ""
        return str(answer["stdout"]).strip() if answer.get("rc") == 0 else ""

    return look
