"""Children of earlier reloads: long connections keep them, each in a slot of its own, until a reload finds no free one.

See docs/httpd.md#held-children.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ..._httpd.reading.server import Scope
from ..draft.restart import Action
from ..machine import systemd
from ..machine.connections import Connections, connections_of
from ..machine.lock import HostError
from ..machine.progress import tell

PATIENCE = 20.0  # seconds in which short connections end
PAUSE = 0.2  # seconds
# What httpd takes where nothing is said: ServerLimit, StartServers, MaxRequestWorkers and threads a child.
_THREADED = (16, 3, 400, 25)
_PREFORK = (256, 5, 256, 1)
ALLOW = "apache_cut_connections: true"
_LATER = f"once they have ended, or with {ALLOW}, run again"


@dataclass(frozen=True)
class Slots:
    """How many children a server may have, of all generations; how many a reload starts; how many one generation has."""

    limit: int
    start: int
    most: int

    def retiring(self, found: Connections) -> int:
        """Return how many children earlier reloads have left; the fewest that it can be where nobody may look into them."""
        if found.children is None:
            return max(0, min(found.count, len(found.clients)) - self.most)
        return sum(child.is_retiring for child in found.children)

    def lack(self, found: Connections) -> str:
        """Say why a reload would find too few slots; nothing where it finds them, or where nothing keeps children."""
        retiring, kept = self.retiring(found), _kept(found)
        if not retiring or self.limit - kept >= self.start:
            return ""
        return (
            f"{retiring} children of earlier reloads still serve clients; with those of today {kept} of {self.limit} slots"
            f" (ServerLimit) would be taken, and a reload needs {self.start}"
        )

    def squeeze(self, found: Connections) -> str:
        """Say that a reload's children must wait for one of today's to end, and clients with them; nothing where one is free."""
        if self.limit - _kept(found) >= 1:
            return ""
        return (
            f"children that hold connections have all {self.limit} slots (ServerLimit), so a reload's own begin once one of them"
            " has ended, and clients wait until then"
        )


def _lasting(found: Connections, first: Connections) -> Connections:
    """Return what is found of the connections that were there at first; those that come and go end with a reload."""
    children = found.children and tuple(
        replace(child, connections=child.connections & first.clients) for child in found.children
    )
    return replace(found, clients=found.clients & first.clients, children=children)


def _kept(found: Connections) -> int:
    """Return how many children connections may keep; the most that it can be where nobody may look into them."""
    if found.children is None:
        return min(found.count, len(found.clients))
    return sum(bool(child.connections) for child in found.children)


@dataclass(frozen=True)
class Admitted:
    """What the server can be told, how many connections that touches, and what clients may notice of it all the same."""

    action: Action
    connections: int
    warnings: tuple[str, ...] = ()


def slots_of(main: Scope, mpm: frozenset[str]) -> Slots:
    """Return the slots of a server with this configuration, as it was started."""
    defaults = _PREFORK if "mpm_prefork_module" in mpm else _THREADED
    # MaxClients is the old name of MaxRequestWorkers.
    names = (
        ("serverlimit",),
        ("startservers",),
        ("maxrequestworkers", "maxclients"),
        ("threadsperchild",),
    )
    limit, start, workers, threads = (
        next(filter(None, (_number(main, name) for name in several)), default)
        for several, default in zip(names, defaults)
    )
    most = max(1, min(limit, workers // threads))
    return Slots(limit, min(start, most), most)


def _number(main: Scope, name: str) -> int:
    """Return what a directive says, 0 where it says no number."""
    said = main.last(name)
    word = said.args[0].strip("\"'") if said and said.args else ""
    return int(word) if word.isdigit() else 0


def admit(action: Action, slots: Slots, unit: str, *, may_cut: bool, waits: bool) -> Admitted:
    """Return what the server can be told without cutting clients off.

    A reload that would find no slots waits a while for short connections to end; where they last it becomes a restart if
    clients may be cut off, or is refused. A dry run, which doesn't wait, only warns of what may be so. Raises HostError.
    """
    found = first = connections_of(systemd.main_pid(unit))
    if action.verb == "restart":
        retiring = slots.retiring(found)
        if retiring and not may_cut:
            why = f"{retiring} children of earlier reloads still serve clients, which a restart cuts off"
            raise _refused(f"{why}, and nothing less carries the change out: {action.reason}")
        return Admitted(action, len(found.clients))
    deadline = time.monotonic() + (PATIENCE if waits else 0)
    lack, squeeze = slots.lack(found), slots.squeeze(found)
    while (lack or squeeze) and not may_cut and time.monotonic() <= deadline:
        tell(f"waiting {PATIENCE:.0f} s at most for connections to end: {lack or squeeze}")
        time.sleep(PAUSE)
        found = connections_of(systemd.main_pid(unit))
        lack, squeeze = slots.lack(found), slots.squeeze(found)
    lack = lack or (slots.squeeze(_lasting(found, first)) if waits else "")
    if lack and not may_cut:
        raise _refused(lack)
    if lack:
        return Admitted(Action("restart", lack), len(found.clients))
    warning = f"{squeeze}; raise ServerLimit, best to twice the children or more"
    return Admitted(action, len(found.clients), (warning,) if squeeze else ())


def kept_by_clients(unit: str) -> str:
    """Say whom a restart would cut off although the server takes nobody on; nothing where it may be restarted."""
    found = connections_of(systemd.main_pid(unit))
    if found.children is None:
        kept = min(found.count, len(found.clients))
        unseen = (
            f"clients hold {len(found.clients)} connections, so {unit} wasn't restarted; {_LATER}"
        )
        return unseen if kept else ""
    children = found.children
    retiring = [child for child in children if child.is_retiring]
    if not retiring:
        return ""
    clients = sum(len(child.connections) for child in retiring)
    return f"{len(retiring)} children of earlier reloads still serve {clients} connections, so {unit} wasn't restarted; {_LATER}"


def _refused(reason: str) -> HostError:
    """Return the refusal, with what can be done."""
    ways = f"wait until they end, raise ServerLimit, or cut them off with {ALLOW}"
    return HostError(f"the live configuration was not touched: {reason}; {ways}")
