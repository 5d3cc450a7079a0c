"""One role in somebody else's play is enough, on a host that has Apache and on one that has none."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from containers import Container
from playing import play

testinfra_hosts = ["ansible://proxies"]
TWICE = Path(__file__).parents[1] / "twice.yml"


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


@pytest.mark.parametrize(("version", "speaks"), [("TLSv1_2", False), ("TLSv1_3", True)])
def test_profile_asked_for_by_its_role_is_that_of_virtual_hosts(version: str, speaks: bool) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    address = (Container("single-apache").address, 443)
    with socket.create_connection(address, timeout=30) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="members.example.com") as secured:
                assert (secured.version(), speaks) == ("TLSv1.3", True)
        except ssl.SSLError:
            assert not speaks


def test_a_play_that_stages_one_owners_part_twice_is_refused() -> None:
    host = Container("single-apache")
    before = host.run("readlink", "/etc/apache2/gatehouse/current")
    run = play(TWICE, variables={})
    assert not run.has_succeeded
    assert "has staged `vhosts` of the owner `main` before" in run.output
    assert "give each application its own `apache_owner`" in run.output
    assert host.run("readlink", "/etc/apache2/gatehouse/current") == before
    assert host.ask("passing.example.com", "/").status == 404


def test_a_role_that_is_passed_over_takes_no_other_roles_commit_with_it() -> None:
    run = play(TWICE.with_name("passed_over.yml"), variables={})
    assert run.has_succeeded, run.output
    assert "userdir_module" in Container("single-bare").run("apache2ctl", "-M")


def test_a_role_mends_what_somebody_did_to_the_host_and_tells_it() -> None:
    host = Container("single-bare")
    host.run("systemctl", "stop", "apache2")
    run = play(TWICE.with_name("passed_over.yml"), variables={})
    assert run.has_succeeded, run.output
    assert "the host isn't as the last commit left it: apache2.service isn't running" in run.output
    frame = "/etc/apache2/gatehouse/current/gatehouse.conf"
    host.run("sh", "-c", f"echo 'ServerTokens Nonsense' >> {frame}")
    run = play(TWICE.with_name("passed_over.yml"), variables={})
    assert run.has_succeeded, run.output
    assert "Nonsense" not in host.run("cat", frame)
    assert not play(TWICE.with_name("passed_over.yml"), variables={}).changed
