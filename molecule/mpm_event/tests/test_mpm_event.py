"""The event MPM on hosts of three sizes: what is in force is what the running server reports."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from containers import Container
from playing import play

SMALL, MIDDLE, LARGE = "mpm-event-small", "mpm-event-middle", "mpm-event-large"
CORES = os.cpu_count() or 1
# 300 MB bear five children, 1.5 cores are worth 768 workers, and a host without a limit has all of the machine's cores.
WORKERS = {SMALL: 5 * 64, MIDDLE: 768, LARGE: 512 * CORES}


def status(host: Container) -> dict[str, str]:
    """Return what mod_status reports."""
    body = host.ask("status.example.com", "/sizes?auto").body
    return dict(line.split(": ", 1) for line in body.splitlines() if ": " in line)


def deploy(name: str, **variables: Any) -> tuple[bool, str]:
    """Deploy to one of the hosts."""
    run = play("gatehouse.apache.site", variables={"apache_hosts": name, **variables})
    return run.has_succeeded, run.output


@pytest.mark.parametrize("name", [SMALL, MIDDLE, LARGE])
def test_all_workers_are_there_from_the_start(name: str) -> None:
    found = status(Container(name))
    assert found["ServerMPM"] == "event"
    assert int(found["BusyWorkers"]) + int(found["IdleWorkers"]) == WORKERS[name]


def test_a_rollback_brings_the_former_mpm_back_and_forward_again() -> None:
    host = Container(SMALL)
    has_succeeded, output = deploy(SMALL, apache_mpm_event={"max_request_workers": 50})
    assert has_succeeded, output
    assert "ServerLimit changes" in output
    found = status(host)
    assert int(found["BusyWorkers"]) + int(found["IdleWorkers"]) == 50
    run = play("gatehouse.apache.rollback", variables={"apache_hosts": SMALL})
    assert run.has_succeeded, run.output
    found = status(host)
    assert int(found["BusyWorkers"]) + int(found["IdleWorkers"]) == WORKERS[SMALL]
    run = play("gatehouse.apache.remove", variables={"apache_hosts": SMALL})
    assert run.has_succeeded, run.output
    assert "mpm_prefork.load" in host.run("ls", "/etc/apache2/mods-enabled")
    has_succeeded, output = deploy(SMALL)
    assert has_succeeded, output
    assert "the MPM changes to mpm_event_module" in output
    assert status(host)["ServerMPM"] == "event"


def test_many_connections_get_the_files_that_they_need() -> None:
    host = Container(MIDDLE)
    has_succeeded, output = deploy(MIDDLE, apache_mpm_event={"connections": 120_000})
    assert has_succeeded, output
    assert "gatehouse-limits.conf changes" in output
    main = host.run("systemctl", "show", "--property=MainPID", "--value", "apache2").strip()
    limits = host.run("cat", f"/proc/{main}/limits")
    assert re.search(r"^Max open files +16384 +16384 ", limits, re.MULTILINE)
    has_succeeded, output = deploy(MIDDLE)
    assert has_succeeded, output
    main = host.run("systemctl", "show", "--property=MainPID", "--value", "apache2").strip()
    assert re.search(
        r"^Max open files +8192 +8192 ", host.run("cat", f"/proc/{main}/limits"), re.MULTILINE
    )


def test_a_host_that_bears_no_child_is_refused_and_goes_on() -> None:
    host = Container(SMALL)
    before = host.run("readlink", "/etc/apache2/gatehouse/current")
    has_succeeded, output = deploy(SMALL, apache_mpm_event={"memory_share": 1})
    assert not has_succeeded
    assert "apache_mpm_event: 1 % of 300 MB doesn't bear one child" in " ".join(output.split())
    assert host.run("readlink", "/etc/apache2/gatehouse/current") == before
    assert host.ask("shop.example.com", "/").status == 200


def test_more_than_the_memory_bears_is_told() -> None:
    has_succeeded, output = deploy(SMALL, apache_mpm_event={"max_request_workers": 1000})
    assert has_succeeded, output
    assert "1000 requests at once need" in " ".join(output.split())
