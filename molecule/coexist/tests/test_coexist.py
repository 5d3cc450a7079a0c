"""What Gatehouse doesn't own it doesn't touch: sites written by hand, and other owners' virtual hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from containers import Container
from playing import Run, play
from readme import blocks

testinfra_hosts = ["ansible://proxies"]

SCENARIO = Path(__file__).parents[1]
WIKI = {"server_name": "wiki.example.com", "proxy_to": "http://coexist-origin:8082"}


@pytest.fixture
def both(proxy: Container) -> Container:
    """The host with both owners' applications."""
    assert play(SCENARIO / "converge.yml", variables={}).has_succeeded
    return proxy


def deploy(owner: str, *vhosts: dict[str, Any], **variables: Any) -> Run:
    """Deploy one owner's virtual hosts."""
    given = {"apache_owner": owner, "apache_vhosts": list(vhosts), **variables}
    return play(SCENARIO / "owner.yml", variables=given)


def name_of(proxy: Container, host_name: str, port: int = 80) -> str | None:
    """Return who answers for a host name, or None where it isn't proxied."""
    answer = proxy.ask(host_name, "/", port=port)
    return answer.echo["name"] if "application/json" in answer.headers["Content-Type"] else None


@pytest.mark.parametrize("port", [80, 8081])
def test_site_written_by_hand_answers_as_before(proxy: Container, port: int) -> None:
    answer = proxy.ask("legacy.example.com", "/", port=port)
    assert (answer.status, answer.body) == (200, "a page written by hand\n")


def test_default_site_of_the_host_still_serves_unknown_hosts(proxy: Container) -> None:
    assert "Apache2 Debian Default Page" in proxy.ask("unknown.example.com", "/").body
    assert proxy.ask("unknown.example.com", "/", port=8081).body == "a page written by hand\n"


def test_unknown_hosts_on_a_port_of_ours_get_nothing(proxy: Container) -> None:
    assert proxy.ask("unknown.example.com", "/", port=8082).status == 404


@pytest.mark.parametrize(
    ("host_name", "port", "name"),
    [
        ("shop.example.com", 80, "one"),
        ("pay.example.com", 8081, "one"),
        ("pay.example.com", 8082, "one"),
        ("wiki.example.com", 80, "two"),
    ],
)
def test_every_owners_virtual_host_is_served(
    proxy: Container, host_name: str, port: int, name: str
) -> None:
    assert name_of(proxy, host_name, port) == name


def test_owner_changes_what_is_its_own_and_no_more(both: Container) -> None:
    assert deploy("wiki", {**WIKI, "proxy_to": "http://coexist-origin:8083"}).has_succeeded
    assert name_of(both, "wiki.example.com") == "three"
    assert name_of(both, "shop.example.com") == "one"


def test_owner_takes_its_own_away_and_no_more(both: Container) -> None:
    assert deploy("wiki", apache_allow_empty=True, apache_allow_removal=True).has_succeeded
    assert name_of(both, "wiki.example.com") is None
    assert name_of(both, "shop.example.com") == "one"
    assert both.ask("legacy.example.com", "/").status == 200


def test_two_owners_of_one_name_are_refused(both: Container) -> None:
    run = deploy("wiki", {**WIKI, "server_name": "shop.example.com"})
    assert not run.has_succeeded
    assert "shop.example.com" in run.output
    assert name_of(both, "shop.example.com") == "one"


def test_site_that_an_address_of_ours_would_hide_goes_on(both: Container) -> None:
    closer = {**WIKI, "listen": [f"{both.address}:80"]}
    run = deploy("wiki", closer)
    assert not run.has_succeeded
    assert "answers legacy.example.com at" in run.output
    assert "shop.example.com doesn't lead here at" in run.output
    assert both.ask("legacy.example.com", "/").body == "a page written by hand\n"
    assert name_of(both, "shop.example.com") == "one"
    names = ["legacy.example.com", "shop.example.com", "pay.example.com", "*"]
    run = deploy("wiki", closer, apache_takes_over=names)
    assert run.has_succeeded, run.output
    assert both.ask("legacy.example.com", "/").status == 404


def test_virtual_host_that_another_one_hides_is_refused(both: Container) -> None:
    hiding = "/etc/apache2/sites-enabled/000-all.conf"
    text = (
        "<VirtualHost *:80>\nServerName all.example.net\nServerAlias *.example.net\n</VirtualHost>"
    )
    both.run("sh", "-c", f"echo '{text}' > {hiding} && systemctl reload apache2")
    try:
        run = deploy("wiki", WIKI, {**WIKI, "server_name": "new.example.net"})
        assert not run.has_succeeded
        assert "new.example.net doesn't lead here at port 80" in run.output
        assert name_of(both, "wiki.example.com") == "two"
    finally:
        both.run("sh", "-c", f"rm {hiding} && systemctl reload apache2")


def test_certificates_of_one_owner_are_renewed_by_a_timer(both: Container) -> None:
    assert both.run("systemctl", "is-active", "gatehouse-renewals.timer").strip() == "active"


def test_the_play_of_readme_takes_one_owners_sites_off(both: Container, tmp_path: Path) -> None:
    (tmp_path / "off.yml").write_text(blocks("yaml", "Deploy a fleet")[0])
    run = play(tmp_path / "off.yml", variables={})
    assert run.has_succeeded, run.output
    assert name_of(both, "shop.example.com") is None
    assert name_of(both, "wiki.example.com") == "two"


def test_removal_leaves_the_host_as_it_was(both: Container, host: Any) -> None:
    refused = play("gatehouse.apache.remove", variables={"apache_hosts": both.name})
    assert not refused.has_succeeded
    assert "a removal takes the sites of all 2 owners off the host" in refused.output
    assert name_of(both, "shop.example.com") is not None
    asked = {"apache_hosts": both.name, "apache_allow_removal": True}
    run = play("gatehouse.apache.remove", variables=asked)
    assert run.has_succeeded, run.output
    assert both.ask("legacy.example.com", "/").body == "a page written by hand\n"
    assert name_of(both, "shop.example.com") is None
    assert host.run("curl -s http://127.0.0.1:897/").rc != 0
    assert "gatehouse" not in both.run("systemctl", "list-units", "--all", "--full")
    assert both.run("find", "/etc/systemd/system", "-name", "gatehouse*") == ""
    left = both.run("find", "/etc/apache2", "-mindepth", "1").split()
    assert sorted(left) == host.check_output("cat /root/before").split()
    assert host.check_output("dpkg --verify apache2 apache2-bin apache2-data") == ""
    again = play("gatehouse.apache.remove", variables={"apache_hosts": both.name})
    assert (again.has_succeeded, again.changed) == (True, set())
