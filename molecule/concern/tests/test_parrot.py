"""A concern that uses every part of the contract ends where it should, on a real host: there, back, undone and gone."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from containers import Container
from playing import Run, play

testinfra_hosts = ["ansible://proxies"]
SCENARIO = Path(__file__).parents[1]
VARIABLES = yaml.safe_load((SCENARIO / "group_vars/proxies.yml").read_text())
PARROT, VHOSTS = VARIABLES["apache_parrot"], VARIABLES["apache_vhosts"]
NAME = "shop.example.com"


def deploy(*options: str, vhosts: list[dict[str, Any]] | None = None, **words: Any) -> Run:
    """Deploy with other words."""
    given = {"apache_parrot": {**PARROT, **words}, "apache_vhosts": vhosts or VHOSTS}
    return play(SCENARIO / "converge.yml", *options, variables=given)


def headers(proxy: Container, name: str = NAME, path: str = "/") -> Mapping[str, str]:
    """Return what the parrot says to a request."""
    answer = proxy.ask(name, path)
    return {
        key.removeprefix("X-Parrot-"): value
        for key, value in answer.headers.items()
        if key.startswith("X-Parrot-")
    }


def limit(proxy: Container) -> str:
    """Return how many bytes the running httpd may lock into memory."""
    pid = proxy.run("systemctl", "show", "--property=MainPID", "--value", "apache2").strip()
    lines = proxy.run("cat", f"/proc/{pid}/limits").splitlines()
    return next(line.split()[3] for line in lines if line.startswith("Max locked memory"))


def lies(proxy: Container, path: str) -> bool:
    """Tell whether a path is there."""
    try:
        proxy.run("test", "-e", path)
    except subprocess.CalledProcessError:
        return False
    return True


def test_it_speaks_in_every_slot(proxy: Container) -> None:
    said = dict(headers(proxy))
    assert said.pop("Host").startswith("2.4.")
    assert said == {
        "First": "hello", "File": "hello", "Blob": "hello", "Frame": "1", "Rules": "hello", "Last": "hello", "Vhost": "own",
    }  # fmt: skip


def test_it_speaks_to_unknown_names_and_in_redirects(proxy: Container) -> None:
    assert headers(proxy, "unknown.example.com")["Unknown"] == "hello"
    assert headers(proxy, "secure.example.com")["Twin"] == "hello"


def test_httpds_children_read_what_is_theirs(proxy: Container) -> None:
    assert proxy.ask(NAME, "/private/").status == 401
    word = base64.b64encode(b"polly:cracker").decode()
    answer = proxy.ask(NAME, "/private/", headers={"Authorization": f"Basic {word}"})
    assert answer.status == 200


def test_units_and_limits_are_in_force(proxy: Container) -> None:
    assert limit(proxy) == "12345"
    assert proxy.run("systemctl", "is-active", "parrot").strip() == "active"


def test_what_it_needs_is_there(host: Any) -> None:
    assert host.package("less").is_installed
    assert host.file("/etc/apache2/mods-enabled/info.load").exists
    assert not host.file("/etc/apache2/mods-enabled/info.conf").exists
    for path in (
        "/var/log/apache2/parrot",
        "/var/cache/apache2/parrot",
        "/var/lib/apache2/gatehouse/parrot",
    ):
        assert (host.file(path).user, host.file(f"{path}/heard.log").exists) == ("www-data", True)


def test_a_run_that_only_looks_changes_nothing_and_tells_the_restart(proxy: Container) -> None:
    before = proxy.run("readlink", "/etc/apache2/gatehouse/current")
    run = deploy("--check", "--diff", locked_memory=20000)
    assert run.has_succeeded
    assert run.changed
    assert limit(proxy) == "12345"
    assert proxy.run("readlink", "/etc/apache2/gatehouse/current") == before


def test_a_host_that_lost_its_feather_gets_it_back(proxy: Container) -> None:
    feather = "/etc/apache2/gatehouse/feather"
    proxy.run("rm", feather)
    run = deploy()
    assert run.has_succeeded
    assert run.changed
    assert "the parrot said hello" in run.output
    assert lies(proxy, feather)


def test_a_settled_host_is_committed_to_where_there_is_something_to_wait_for(
    proxy: Container,
) -> None:
    proxy.run("touch", "/run/parrot-asked")
    asked = deploy()
    proxy.run("rm", "/run/parrot-asked")
    for run, is_heard in ((asked, True), (deploy(), False)):
        assert run.has_succeeded
        assert not run.changed
        assert ("the parrot said hello" in run.output) == is_heard


def test_what_the_host_refuses_touches_nothing(proxy: Container) -> None:
    run = deploy(word="rude")
    assert not run.has_succeeded
    assert "this host has manners; say something else" in run.output
    assert headers(proxy)["Rules"] == "hello"


def test_what_fails_is_undone_with_all_that_lies_outside(proxy: Container) -> None:
    wrong = {**VHOSTS[0], "expect": [{"request": "GET /", "status": 201, "live": True}]}
    run = deploy(vhosts=[wrong, VHOSTS[1]], word="goodbye", locked_memory=20000)
    assert not run.has_succeeded
    assert "every change is undone" in run.output
    assert headers(proxy)["Rules"] == "hello"
    assert limit(proxy) == "12345"
    assert proxy.run("systemctl", "is-active", "parrot").strip() == "active"


def test_it_goes_with_its_part(proxy: Container) -> None:
    run = play(SCENARIO / "absent.yml", variables={})
    assert run.has_succeeded, run.output
    assert headers(proxy) == {"Vhost": "own"}
    assert limit(proxy) != "12345"
    assert not lies(proxy, "/etc/systemd/system/parrot.service")
    assert not lies(proxy, "/var/cache/apache2/parrot")
    assert lies(proxy, "/var/log/apache2/parrot/heard.log")


@pytest.mark.parametrize("comes_back", [True, False])
def test_removal_leaves_nothing_but_logs(proxy: Container, comes_back: bool) -> None:
    if comes_back:
        assert deploy().has_succeeded
    run = play("gatehouse.apache.remove", variables={"apache_hosts": "proxies"})
    assert run.has_succeeded, run.output
    found = proxy.run(
        "find",
        "/etc",
        "/var/cache",
        "/var/lib/apache2",
        "-name",
        "*parrot*",
        "-o",
        "-name",
        "gatehouse*",
    )
    assert found == ""
    assert limit(proxy) != "12345"
