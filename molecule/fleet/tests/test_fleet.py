"""A roll-out goes in batches, and ends with the batch in which a host fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from containers import Container
from playing import play

SCENARIO = Path(__file__).parents[1]
HOSTS = [f"fleet-{number}" for number in range(1, 6)]
SHOP = {"server_name": "shop.example.com", "proxy_to": "http://fleet-origin:8081"}
NEW = {"server_name": "new.example.com", "proxy_to": "http://fleet-origin:8082", "listen": ["8085"]}


def hosts_serving(host_name: str, port: int) -> list[str]:
    """Return the hosts that proxy a name on a port."""
    return [name for name in HOSTS if is_serving(Container(name), host_name, port)]


def is_serving(host: Container, host_name: str, port: int) -> bool:
    """Ask one host; nothing may listen there."""
    try:
        return host.ask(host_name, "/", port=port).status == 200
    except ConnectionRefusedError:
        return False


@pytest.fixture
def second_host_is_bad() -> Iterator[None]:
    """A port that the new release needs is taken on the second host: no variable shows that."""
    taken = ("systemd-run", "--unit=taken", "--quiet", "python3", "-m", "http.server")
    Container("fleet-2").run(*taken, "--bind", "127.0.0.1", "8085")
    yield
    Container("fleet-2").run("systemctl", "stop", "taken")
    given = {"apache_vhosts": [SHOP], "apache_allow_removal": True}
    assert play(SCENARIO / "converge.yml", variables=given).has_succeeded


def test_rollback_without_an_earlier_release_says_so_and_changes_nothing() -> None:
    run = play("gatehouse.apache.rollback", variables={"apache_hosts": "fleet-1"})
    assert not run.has_succeeded
    assert "is the only release of this host, so there is none to go back to" in run.output
    assert hosts_serving("shop.example.com", 80) == HOSTS


@pytest.mark.usefixtures("second_host_is_bad")
@pytest.mark.parametrize(
    "playbook",
    [pytest.param("converge.yml", id="playbook"), pytest.param("handler.yml", id="failed-handler")],
)
def test_batch_of_a_failed_host_finishes_and_no_further_batch_starts(playbook: str) -> None:
    given: dict[str, Any] = {"apache_vhosts": [SHOP, NEW], "apache_serial": [1, 2, 2]}
    run = play(SCENARIO / playbook, variables=given)
    assert not run.has_succeeded
    assert run.failed == {"fleet-2"}
    assert hosts_serving("new.example.com", 8085) == ["fleet-1", "fleet-3"]
    assert hosts_serving("shop.example.com", 80) == HOSTS
    if playbook == "converge.yml":
        failed = run.output.index("fleet-2: FAILED, release ")
        assert run.output.index("fleet-3: release ") < failed
        assert "listens on 127.0.0.1:8085" in run.output[failed:]


def test_wrong_variable_of_the_last_host_stops_before_the_first() -> None:
    wrong = "{{ 'balancer://none/' if inventory_hostname == 'fleet-5' else 'http://fleet-origin:8081' }}"
    run = play(
        SCENARIO / "converge.yml", variables={"apache_vhosts": [SHOP, {**NEW, "proxy_to": wrong}]}
    )
    assert run.failed == {"fleet-5"}
    assert "apache_vhosts[1] (new.example.com).proxy_to" in run.output
    assert hosts_serving("new.example.com", 8085) == []


def test_good_change_reaches_every_host_one_batch_after_the_other() -> None:
    run = play(SCENARIO / "converge.yml", variables={"apache_vhosts": [SHOP, NEW]})
    assert run.has_succeeded, run.output
    # One host, a quarter of five, the rest.
    assert run.output.count("PLAY [Roll out]") == 3
    said = [line for line in run.output.splitlines() if " the server was reloaded (" in line]
    assert [line.partition(":")[0] for line in said] == HOSTS
    assert run.output.count("  new.example.com ") == len(HOSTS)
    for name in HOSTS:
        assert f" gatehouse.apache.rollback -e apache_hosts={name}\n" in run.output
    assert hosts_serving("new.example.com", 8085) == HOSTS


def test_a_dry_run_says_what_would_be_served_and_whether_it_answers() -> None:
    moved = {**SHOP, "proxy_to": "http://fleet-origin:9"}
    given = {"apache_vhosts": [moved, NEW], "apache_hosts": "fleet-1"}
    run = play("gatehouse.apache.site", "--check", variables=given)
    assert run.has_succeeded, run.output
    assert "fleet-1: would commit release " in run.output
    assert "fleet-origin:9 refuses the connection; clients get 503" in run.output
    assert "gatehouse.apache.rollback" not in run.output


def test_a_host_that_cannot_be_reached_is_named_beside_the_others(tmp_path: Path) -> None:
    gone = tmp_path / "gone.yml"
    gone.write_text("all: {hosts: {fleet-gone: {ansible_connection: community.docker.docker_api}}}")
    given = {"apache_vhosts": [SHOP, NEW], "apache_hosts": "fleet-2,fleet-gone"}
    options = ("--check", "-i", str(gone))
    run = play("gatehouse.apache.site", *options, variables={**given, "apache_serial": ["100%"]})
    assert not run.has_succeeded
    assert "\nfleet-gone: FAILED\n  the run couldn't reach it, and left it out" in run.output
    assert run.output.index("\nfleet-2: ") < run.output.index("\nfleet-gone: FAILED")


def test_a_batch_of_which_nothing_is_left_ends_the_run_with_words(tmp_path: Path) -> None:
    gone = tmp_path / "gone.yml"
    docker = "{ansible_connection: community.docker.docker_api}"
    gone.write_text(f"all: {{vars: {docker}, hosts: {{fleet-gone: , fleet-next: }}}}")
    given = {"apache_vhosts": [SHOP], "apache_hosts": "fleet-gone,fleet-next"}
    run = play("gatehouse.apache.site", "--check", "-i", str(gone), variables=given)
    assert not run.has_succeeded
    # Older ones break a warning's lines.
    told = " ".join(run.output.split())
    assert "fleet-gone can't be reached; with it the run ends, and fleet-next stays" in told


def test_an_operator_is_told_of_what_a_long_commit_waits_for() -> None:
    host, waited_for = Container("fleet-1"), "\nfleet-1: waiting for another run on this host, "
    held = "mkdir -p -m 700 /run/gatehouse; flock /run/gatehouse/lock sleep 240"
    host.run("systemd-run", "--quiet", "--unit=held", "sh", "-c", held)

    def end_once_told(line: str) -> None:
        if line.startswith(waited_for.strip()):
            host.run("systemctl", "stop", "held")

    given = {"apache_vhosts": [{**SHOP, "proxy_timeout": 7}, NEW], "apache_hosts": "fleet-1"}
    run = play("gatehouse.apache.site", variables=given, see=end_once_told)
    assert run.has_succeeded, run.output
    assert waited_for in run.output
    assert "progress" not in host.run("ls", "/run/gatehouse")


def test_fleet_rolls_back_to_the_release_before() -> None:
    moved = {**SHOP, "proxy_to": "http://fleet-origin:8083"}
    given = {"apache_vhosts": [moved, NEW], "apache_hosts": "proxies"}
    assert play("gatehouse.apache.site", variables=given).has_succeeded
    run = play("gatehouse.apache.rollback", variables={"apache_hosts": "proxies"})
    assert run.has_succeeded, run.output
    for name in HOSTS:
        assert f"\n{name}: release " in run.output
        assert f" -e apache_hosts={name} -e apache_release=" in run.output
    names = {Container(name).ask("shop.example.com", "/").echo["name"] for name in HOSTS}
    assert names == {"one"}
