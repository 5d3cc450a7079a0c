"""Every mistake of an inventory is said at once with its place, before a host is touched."""

from __future__ import annotations

from typing import Any

import pytest
from containers import Container
from playing import play

GOOD = {"server_name": "good.example.com", "proxy_to": "http://origin:8081"}
MEMBERS = [{"url": "http://a:80"}, {"url": "http://b:80"}]
BAD: dict[str, Any] = {
    "apache_vhosts": [
        GOOD,
        {"server_name": "url.example.com", "proxy_to": "http:/app"},
        {"server_name": "key.example.com", "proxy_pas": "http://a/"},
        {"servername": "shape.example.com", "proxy_to": "http://a/"},
        {"server_name": "typo.example.com", "proxy_to": "balancer://nowhere/"},
        {
            "server_name": "slash.example.com",
            "proxy_pass": [{"path": "/", "url": "http://a"}, {"path": "/b/", "url": "http://b/"}],
        },
        {
            "server_name": "unit.example.com",
            "proxy_pass": [{"path": "/", "url": "http://a/", "timeout": "2000ms"}],
        },
        {"server_name": "type.example.com", "proxy_to": "http://a/", "server_aliases": "www"},
        {"server_name": "line.example.com\nListen 99", "proxy_to": "http://a/"},
        GOOD,
        {"server_name": "sticky.example.com", "proxy_to": "balancer://sticky/"},
    ],
    "apache_balancers": [
        {"name": "sticky", "sticky_cookie": {}, "connectiontimeout": 3, "members": MEMBERS},
    ],
}
PROBLEMS = [
    'apache_vhosts[1] (url.example.com).proxy_to: "http:/app" has no host; write http://HOST[:PORT]',
    "apache_vhosts[2] (key.example.com).proxy_pas: the key `proxy_pas` is unknown; write `proxy_pass`",
    "apache_vhosts[3].servername: `servername` is a key of geerlingguy.apache",
    'apache_vhosts[4] (typo.example.com).proxy_to: "balancer://nowhere/" names the balancer',
    'apache_vhosts[5] (slash.example.com).proxy_pass[0].url: "http://a" has no slash at its end',
    'apache_vhosts[5] (slash.example.com).proxy_pass[1].path: "/b/" never fires',
    'apache_vhosts[6] (unit.example.com).proxy_pass[0].timeout: "2000ms" would be read as 2000 seconds',
    "apache_vhosts[7] (type.example.com).server_aliases:",
    "apache_vhosts[8].server_name:",
    'apache_vhosts[9] (good.example.com).server_name: "good.example.com" on *:80 belongs to',
    "apache_balancers[0] (sticky).connectiontimeout: `connectiontimeout: 3` is no parameter of a balancer",
    'apache_balancers[0] (sticky).members[1]: "http://b:80" has no route',
]


def test_every_mistake_is_said_at_once(untouched: Container) -> None:
    run = play("gatehouse.apache.site", variables={**BAD, "apache_hosts": untouched.name})
    assert not run.has_succeeded
    assert [problem for problem in PROBLEMS if problem not in run.output] == []
    assert "PLAY [Roll out]" not in run.output


def test_mistake_for_one_host_stops_the_run_for_every_host() -> None:
    wrong = "{{ 'http:/app' if inventory_hostname == 'rejected-fresh' else 'http://origin:8081' }}"
    variables = {"apache_vhosts": [{"server_name": "new.example.com", "proxy_to": wrong}]}
    run = play(
        "gatehouse.apache.site",
        variables={**variables, "apache_hosts": "rejected-live,rejected-fresh"},
    )
    assert run.failed == {"rejected-fresh"}
    assert "PLAY [Roll out]" not in run.output


@pytest.mark.parametrize(
    ("vhosts", "reason"),
    [
        pytest.param([], "apache_allow_empty", id="empty"),
        pytest.param(None, "apache_vhosts", id="undefined"),
        pytest.param([GOOD], "apache_allow_removal", id="most-removed"),
    ],
)
def test_inventory_that_lost_its_virtual_hosts_is_refused(
    untouched: Container, vhosts: list[dict[str, Any]] | None, reason: str
) -> None:
    run = play(
        "gatehouse.apache.site",
        variables={"apache_vhosts": vhosts, "apache_hosts": untouched.name},
    )
    assert not run.has_succeeded
    assert reason in run.output


@pytest.mark.parametrize(
    "directives",
    [
        pytest.param("SSLCertificateFile /etc/ssl/none.pem\nSSLEngine on", id="missing-file"),
        pytest.param("ErrorLog /nowhere/error.log", id="missing-directory"),
        pytest.param("ProxyPas / http://a/", id="unknown-directive"),
    ],
)
def test_mistake_that_only_the_host_can_show_leaves_the_server_alone(directives: str) -> None:
    live = Container("rejected-live")
    main = live.run("systemctl", "show", "-P", "MainPID", "apache2")
    release = live.run("readlink", "/etc/apache2/gatehouse/current")
    vhosts = [
        {"server_name": f"{name}.example.com", "proxy_to": "http://rejected-origin:8081"}
        for name in "abcd"
    ]
    vhosts.append({**GOOD, "extra_directives": directives})
    run = play(
        "gatehouse.apache.site", variables={"apache_vhosts": vhosts, "apache_hosts": live.name}
    )
    assert run.failed == {live.name}
    assert live.run("systemctl", "show", "-P", "MainPID", "apache2") == main
    assert live.run("readlink", "/etc/apache2/gatehouse/current") == release
    assert live.ask("a.example.com", "/").status == 200
    assert live.ask("good.example.com", "/").status == 404
