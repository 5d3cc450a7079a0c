"""Proof that the live server is the release: never a return code, never `is-active`.

See docs/httpd.md#return-codes.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from ..._httpd.reading.server import Server
from ..._httpd.syntax.quoting import unquote
from ..._httpd.vocabulary.address import Address
from ..._httpd.vocabulary.layout import Layout
from ..asking.proved_digest import PROOF_HOST, digest_at
from ..machine import processes, systemd

PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Running:
    """A server before it is told to reload."""

    pid: int = 0
    children: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Goal:
    """What a server has to be: the release `digest` (empty: none, only a server that lives) at `port`, heard on all of
    `ports`, with its process in `pid_file`."""

    pid_file: str
    digest: str = ""
    port: int = 0
    ports: frozenset[int] = frozenset()


def observe(unit: str) -> Running:
    """Return the processes that serve now."""
    pid = systemd.main_pid(unit)
    return Running(pid, frozenset(processes.children(pid)) if pid else frozenset())


def pid_file_of(server: Server, layout: Layout) -> str:
    """Return where a server writes its process: its own configuration says it, often by a variable of envvars."""
    said = server.main.last("pidfile")
    path = unquote(said.args[0]) if said and said.args else layout.pid_file
    return os.path.join(layout.config_root, path)


def stranger_at(port: int, pid: int) -> str:
    """Name the process other than httpd's main one that listens on the proof port; nothing where there is none.

    Whoever may open a port could answer a digest there.
    """
    listening = {
        socket.inode
        for socket in processes.listening()
        if socket.address.port == port and socket.address.covers(Address(PROOF_HOST, port))
    }
    foreign = listening - processes.sockets_of(pid)
    if not foreign:
        return ""
    holders = processes.holders(foreign)
    named = (f"{processes.name_of(holder)} (process {holder})" for holder in holders.values())
    return next(named, "another process")


def prove(unit: str, goal: Goal, *, before: Running = Running(), patience: float = PATIENCE) -> str:
    """Wait until the server is what is wanted, with children that weren't there `before`.

    Returns what is missing when `patience` (seconds) is over, or when the unit has failed, which it gets over by
    nothing; nothing when all is proved.
    """
    deadline = time.monotonic() + patience
    while True:
        missing = missing_of(unit, goal, before) or _unheard(goal.ports)
        if not missing or time.monotonic() > deadline:
            return missing
        if systemd.has_failed(unit):
            return f"{unit} has failed (`journalctl -u {unit}` and Apache's error log tell why)"
        time.sleep(0.05)


def missing_of(unit: str, goal: Goal, before: Running = Running()) -> str:
    """Return the first thing that isn't as it must be."""
    now = observe(unit)
    if not now.pid:
        return f"{unit} has no main process"
    if _written_pid(goal.pid_file) != now.pid:
        return f"{goal.pid_file} doesn't name the unit's main process {now.pid}"
    if not now.children:
        return f"process {now.pid} has no children"
    if now.pid == before.pid and not now.children - before.children:
        return f"process {now.pid} has no child newer than the reload"
    if not goal.digest:
        return ""
    stranger = stranger_at(goal.port, now.pid)
    if stranger:
        return f"{stranger} listens on {PROOF_HOST}:{goal.port}, where {unit} has to answer"
    answered = digest_at(goal.port)
    if answered != goal.digest:
        answer = answered or "nothing"
        return f"http://{PROOF_HOST}:{goal.port}/ answers {answer}, not the release {goal.digest}"
    return ""


def _unheard(ports: frozenset[int]) -> str:
    """Return which ports nothing listens on."""
    silent = ports - {socket.address.port for socket in processes.listening()} if ports else ()
    return f"nothing listens on {', '.join(map(str, sorted(silent)))}" if silent else ""


def _written_pid(path: str) -> int:
    try:
        with open(path, encoding="ascii") as stream:
            return int(stream.read().strip() or 0)
    except (OSError, ValueError):
        return 0
