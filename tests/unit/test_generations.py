"""When a reload would find no slot for its children, and what a restart would cut off."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from module_utils._host.draft.restart import Action
from module_utils._host.machine.connections import Child, Connections, connections_of
from module_utils._host.machine.lock import HostError
from module_utils._host.swap import generations
from module_utils._host.swap.generations import Admitted, Slots, admit, kept_by_clients, slots_of
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree

RELOAD, RESTART = Action("reload", "a change"), Action("restart", "ServerLimit changes")
EVENT, PREFORK = frozenset({"mpm_event_module"}), frozenset({"mpm_prefork_module"})


def found(*, retiring: int, serving: int, idle: int = 0) -> Connections:
    """Return what so many children hold: those of earlier reloads, and those of today with and without clients."""
    children = [
        *(Child(number, False, frozenset({f"r{number}"})) for number in range(retiring)),
        *(Child(number, True, frozenset({f"s{number}"})) for number in range(serving)),
        *(Child(number, True, frozenset()) for number in range(idle)),
    ]
    clients = frozenset(one for child in children for one in child.connections)
    return Connections(clients, len(children), tuple(children))


@pytest.mark.parametrize(
    ("text", "mpm", "expected"),
    [
        pytest.param("", EVENT, Slots(16, 3, 16), id="httpd's own"),
        pytest.param("", PREFORK, Slots(256, 5, 256), id="prefork's own"),
        pytest.param("MaxRequestWorkers 150\nStartServers 2\n", EVENT, Slots(16, 2, 6), id="Debian's"),
        pytest.param("MaxClients 150\n", EVENT, Slots(16, 3, 6), id="the old name"),
        pytest.param("MaxRequestWorkers 25\n", EVENT, Slots(16, 1, 1), id="one child"),
        pytest.param("ServerLimit 4\nThreadsPerChild 10\n", EVENT, Slots(4, 3, 4), id="few slots"),
        pytest.param("ServerLimit x\nStartServers\n", EVENT, Slots(16, 3, 16), id="nonsense"),
    ],
)  # fmt: skip
def test_slots_are_what_httpd_makes_of_its_directives(
    text: str, mpm: frozenset[str], expected: Slots
) -> None:
    assert slots_of(view(parse_tree(text, "x.conf")[0]).main, mpm) == expected


@pytest.mark.parametrize(
    ("connections", "lacks"),
    [
        pytest.param(found(retiring=14, serving=2), True, id="full"),
        pytest.param(found(retiring=12, serving=2), False, id="just enough"),
        pytest.param(found(retiring=12, serving=1, idle=3), False, id="today's are idle"),
        pytest.param(found(retiring=0, serving=16), False, id="busy, but nothing was kept before"),
        pytest.param(found(retiring=15, serving=0), True, id="only earlier ones"),
        pytest.param(Connections(), False, id="stopped"),
        pytest.param(Connections(frozenset(map(str, range(90))), 16, None), True, id="unseen, full"),
        pytest.param(Connections(frozenset(map(str, range(90))), 6, None), False, id="unseen, one generation"),
        pytest.param(Connections(frozenset("ab"), 16, None), False, id="unseen, two clients"),
    ],
)  # fmt: skip
def test_reload_lacks_slots_where_earlier_children_have_them(
    connections: Connections, lacks: bool
) -> None:
    assert bool(Slots(16, 2, 6).lack(connections)) is lacks


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Connections]:
    """What the host shows, one look after the other; the last one again and again."""
    looks: list[Connections] = []
    monkeypatch.setattr(generations.systemd, "main_pid", lambda _unit: 1)
    monkeypatch.setattr(
        generations, "connections_of", lambda _pid: looks.pop(0) if len(looks) > 1 else looks[0]
    )
    monkeypatch.setattr(generations, "PATIENCE", 0.3)
    monkeypatch.setattr(generations, "PAUSE", 0.01)
    return looks


SLOTS = Slots(4, 2, 2)
FULL = found(retiring=2, serving=2)


def test_short_connections_are_waited_for(answers: list[Connections]) -> None:
    answers += [FULL, FULL, found(retiring=2, serving=0, idle=2)]
    assert admit(RELOAD, SLOTS, "x", may_cut=False, waits=True) == Admitted(RELOAD, 2)


def test_long_ones_are_not_and_a_dry_run_waits_for_nothing(answers: list[Connections]) -> None:
    answers += [FULL]
    for waits in (True, False):
        with pytest.raises(
            HostError, match=r"4 of 4 slots .* would be taken, and a reload needs 2"
        ):
            admit(RELOAD, SLOTS, "x", may_cut=False, waits=waits)


def test_who_may_cut_restarts_instead(answers: list[Connections]) -> None:
    answers += [FULL]
    admitted = admit(RELOAD, SLOTS, "x", may_cut=True, waits=True)
    assert (admitted.action.verb, admitted.connections) == ("restart", 4)


def renamed(connections: Connections, suffix: str) -> Connections:
    """Return as many connections that are others."""
    children = tuple(
        replace(one, connections=frozenset(f"{name}{suffix}" for name in one.connections))
        for one in connections.children or ()
    )
    clients = frozenset(name for one in children for name in one.connections)
    return Connections(clients, connections.count, children)


def test_reload_without_a_free_slot_waits_for_one(answers: list[Connections]) -> None:
    answers += [found(retiring=0, serving=4), found(retiring=0, serving=3, idle=1)]
    assert admit(RELOAD, SLOTS, "x", may_cut=False, waits=True) == Admitted(RELOAD, 3)


def test_connections_that_come_and_go_let_a_reload_pass_with_a_warning(
    answers: list[Connections],
) -> None:
    full = found(retiring=0, serving=4)
    answers += [full, renamed(full, "later")]
    admitted = admit(RELOAD, SLOTS, "x", may_cut=False, waits=True)
    assert (admitted.action, admitted.connections) == (RELOAD, 4)
    (warning,) = admitted.warnings
    assert warning.startswith("children that hold connections have all 4 slots (ServerLimit)")
    # A dry run can't know which they are.
    answers[:] = [full]
    assert admit(RELOAD, SLOTS, "x", may_cut=False, waits=False).warnings == (warning,)


def test_connections_that_last_in_every_slot_refuse_a_reload(answers: list[Connections]) -> None:
    answers += [found(retiring=0, serving=4)]
    with pytest.raises(
        HostError, match=r"all 4 slots .*clients wait until then; wait until they end"
    ):
        admit(RELOAD, SLOTS, "x", may_cut=False, waits=True)
    admitted = admit(RELOAD, SLOTS, "x", may_cut=True, waits=True)
    assert admitted.action.verb == "restart"
    answers[:] = [Connections(frozenset("abcdef"), 4, None)]
    with pytest.raises(HostError, match="all 4 slots"):
        admit(RELOAD, Slots(4, 2, 4), "x", may_cut=False, waits=True)


def test_restart_is_refused_while_earlier_children_serve(answers: list[Connections]) -> None:
    answers += [FULL]
    with pytest.raises(HostError, match=r"which a restart cuts off.*: ServerLimit changes"):
        admit(RESTART, SLOTS, "x", may_cut=False, waits=True)
    assert admit(RESTART, SLOTS, "x", may_cut=True, waits=True) == Admitted(RESTART, 4)
    answers[:] = [found(retiring=0, serving=2)]
    assert admit(RESTART, SLOTS, "x", may_cut=False, waits=True) == Admitted(RESTART, 2)


def test_way_back_restarts_nobody_who_still_serves(answers: list[Connections]) -> None:
    answers += [FULL]
    assert "2 children of earlier reloads still serve 2 connections" in kept_by_clients("x")
    answers[:] = [found(retiring=0, serving=2)]
    assert kept_by_clients("x") == ""
    # Where nobody may look into children, any may be one of earlier reloads.
    answers[:] = [Connections(frozenset("ab"), 2, None)]
    assert kept_by_clients("x").startswith("clients hold 2 connections, so x wasn't restarted")


@pytest.fixture
def parent() -> Iterator[tuple[int, int]]:
    """A process that listens and its child, which holds a connection to it and, at first, the listener too."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        ready, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            client = socket.create_connection(address)
            accepted, _address = listener.accept()
            listener.close()
            os.write(told, b"x")
            signal.pause()
            del client, accepted
        os.read(ready, 1)
        try:
            yield os.getpid(), pid
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(ready)
            os.close(told)


def test_child_that_no_longer_listens_and_has_a_client_is_retiring(parent: tuple[int, int]) -> None:
    me, child = parent
    seen = connections_of(me)
    (one,) = [each for each in seen.children or () if each.pid == child]
    assert one.is_retiring
    assert len(one.connections) == 1
    assert one.connections <= seen.clients


def test_ended_server_has_no_connections() -> None:
    assert connections_of(0) == Connections()
