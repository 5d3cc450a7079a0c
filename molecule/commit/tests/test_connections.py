"""Connections that outlast a reload: their children keep slots, and no commit cuts them off unasked."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from containers import Container
from site_under_test import CHANGED, LIVE, VHOST, Site

# The same on every release of httpd.
testinfra_hosts = ["ansible://commit-debian13"]

HELD = 8  # connections at each generation: more than one of its two children can take
SLOTS = "/etc/apache2/conf-enabled/slots.conf"
# Room for two generations.
FEW = "ServerLimit 4\\nStartServers 2\\nMinSpareThreads 1\\nMaxRequestWorkers 10\\nThreadsPerChild 5\\n"


@pytest.fixture
def few_slots(site: Site) -> Iterator[Site]:
    """A host whose Apache may have four children."""
    site.run(f"printf '{FEW}' > {SLOTS} && systemctl restart apache2")
    yield site
    site.run(f"rm {SLOTS} && systemctl restart apache2")


def hold(name: str) -> socket.socket:
    """Ask for what is long in coming, and return the connection once its head is there."""
    connection = socket.create_connection((Container(name).address, 80), timeout=30)
    connection.sendall(f"GET /?linger=600 HTTP/1.1\r\nHost: {LIVE}\r\n\r\n".encode())
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def is_open(connection: socket.socket) -> bool:
    """Tell whether the other side still holds a connection, whose head may not be read whole yet."""
    connection.setblocking(False)
    try:
        while connection.recv(4096):
            pass
    except BlockingIOError:
        return True
    except ConnectionResetError:
        pass
    return False


@contextmanager
def two_generations(site: Site) -> Iterator[list[socket.socket]]:
    """Hold connections of today's children and of those before them."""
    with ExitStack() as stack:
        held = [stack.enter_context(hold(site.name)) for _connection in range(HELD)]
        site.run("systemctl reload apache2; sleep 1")
        held += [stack.enter_context(hold(site.name)) for _connection in range(HELD)]
        yield held


def test_reload_that_would_find_no_slot_is_refused(few_slots: Site) -> None:
    old = few_slots.release
    with few_slots.asked() as answers, two_generations(few_slots) as held:
        output = few_slots.deploy(CHANGED, succeeds=False)
        assert "2 children of earlier reloads still serve clients" in output
        assert "4 of 4 slots (ServerLimit) would be taken" in output
        assert all(map(is_open, held))
    assert (few_slots.release, answers.failures) == (old, {})
    # They have ended, and so have their children.
    assert "action: reload" in few_slots.deploy(CHANGED)


def test_connections_are_cut_where_the_operator_says_so(few_slots: Site) -> None:
    with two_generations(few_slots) as held:
        output = few_slots.deploy(CHANGED, apache_cut_connections=True)
        assert "action: restart" in output
        assert f"connections: {2 * HELD}" in output
        assert not any(map(is_open, held))
    assert few_slots.release == few_slots.proved


def test_restart_that_would_cut_earlier_connections_is_refused(few_slots: Site) -> None:
    old = few_slots.release
    with two_generations(few_slots) as held:
        output = few_slots.deploy(VHOST, apache_modules=["mpm_worker"], succeeds=False)
        assert "still serve clients, which a restart cuts off" in output
        assert all(map(is_open, held))
    assert few_slots.release == old


def test_reload_leaves_connections_to_the_children_that_have_them(site: Site) -> None:
    with hold(site.name) as held:
        output = site.deploy(CHANGED)
        assert "action: reload" in output
        assert is_open(held)


def test_undoing_restarts_nobody_who_still_serves(few_slots: Site) -> None:
    """A live expectation fails when the last slots are taken: the way back finds none either."""
    broken = {**CHANGED, "expect": [{"request": "GET /?status=500", "status": 200, "live": True}]}
    with ExitStack() as stack:
        held = [stack.enter_context(hold(few_slots.name)) for _connection in range(HELD)]
        output = few_slots.deploy(broken, succeeds=False)
        assert "got status 500, not 200" in output
        assert all(map(is_open, held))
    assert few_slots.release == few_slots.proved
