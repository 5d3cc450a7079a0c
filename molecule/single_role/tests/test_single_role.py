"""One role in somebody else's play is enough, on a host that has Apache and on one that has none."""

from __future__ import annotations

from typing import Any

import pytest
from containers import Container

testinfra_hosts = ["ansible://proxies"]


def test_virtual_host_is_served(proxy: Container) -> None:
    echo = proxy.ask("shop.example.com", "/a").echo
    assert (echo["name"], echo["path"]) == ("one", "/a")


def test_default_site_of_the_distribution_is_off(proxy: Container) -> None:
    assert proxy.ask("unknown.example.com", "/").status == 404


def test_server_comes_back_after_a_reboot(host: Any) -> None:
    assert host.service("apache2").is_enabled


@pytest.mark.parametrize(
    ("name", "count"), [("single-bare", 0), ("single-apache", 1)], ids=["started", "reloaded"]
)
def test_roles_of_one_play_commit_once(name: str, count: int) -> None:
    journal = Container(name).run("journalctl", "--unit", "apache2", "--boot", "--no-pager")
    changes = [line for line in journal.splitlines() if "Reloaded" in line or "Stopped" in line]
    assert len(changes) == count


def test_module_asked_for_by_its_role_is_loaded() -> None:
    modules = Container("single-apache").run("apache2ctl", "-M")
    assert "expires_module" in modules
