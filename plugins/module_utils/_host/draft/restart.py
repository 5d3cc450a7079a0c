"""Reload or restart: chosen from what changes, and told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..._httpd.reading.server import Server
from ..._httpd.vocabulary.address import Address

Verb = Literal["reload", "restart"]

# A graceful reload keeps the old limits without a word (AH00501), or ends the server (AH00534).
RESTART_DIRECTIVES = ("serverlimit", "threadlimit")


@dataclass(frozen=True)
class Action:
    """What systemctl is asked for, and why."""

    verb: Verb
    reason: str


def choose_action(
    *, before: Server, after: Server, mpm_before: frozenset[str], mpm_after: frozenset[str]
) -> Action:
    """Return a reload, unless the change is one that a reload doesn't survive or doesn't carry out."""
    if mpm_before != mpm_after:
        return Action("restart", f"the MPM changes to {', '.join(sorted(mpm_after))}")
    for name in RESTART_DIRECTIVES:
        old, new = before.main.last(name), after.main.last(name)
        if (old.args if old else ()) != (new.args if new else ()):
            return Action("restart", f"{(new or old or after.main.directives[0]).name} changes")
    for address in _addresses(after) - _addresses(before):
        for old_address in _addresses(before):
            if address.overlaps(old_address):
                reason = f"Listen {old_address} becomes {address}, and both can't be open at once"
                return Action("restart", reason)
    return Action("reload", "a reload carries the change out")


def new_addresses(before: Server, after: Server) -> frozenset[Address]:
    """Return what the server will listen on and doesn't yet."""
    return _addresses(after) - _addresses(before)


def _addresses(server: Server) -> frozenset[Address]:
    return frozenset(listen.address for listen in server.listens if not listen.conditions)
