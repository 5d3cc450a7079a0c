"""Check mode tells what a run would do, on a host's first run too, and does none of it."""

from __future__ import annotations

import pytest
from conftest import state
from containers import Container
from playing import play

CHANGED = {
    "apache_vhosts": [
        {"server_name": f"{name}.example.com", "proxy_to": "http://rejected-origin:8082"}
        for name in "abcd"
    ]
}


@pytest.mark.parametrize("name", ["rejected-live", "rejected-fresh", "rejected-bare"])
def test_check_mode_tells_of_a_change_and_makes_none(name: str) -> None:
    host = Container(name)
    before = state(host, "/etc", "/usr")
    run = play(
        "gatehouse.apache.site", "--check", "--diff", variables={**CHANGED, "apache_hosts": name}
    )
    assert run.has_succeeded, run.output
    assert run.changed == {name}
    assert state(host, "/etc", "/usr") == before


def test_diff_shows_the_directive_that_would_change() -> None:
    run = play(
        "gatehouse.apache.site",
        "--check",
        "--diff",
        variables={**CHANGED, "apache_hosts": "rejected-live"},
    )
    lines = [line.strip() for line in run.output.splitlines()]
    assert "-  ProxyPass / http://rejected-origin:8081/" in lines
    assert "+  ProxyPass / http://rejected-origin:8082/" in lines


def test_check_mode_finds_nothing_where_nothing_changes() -> None:
    run = play("gatehouse.apache.site", "--check", variables={"apache_hosts": "rejected-live"})
    assert (run.has_succeeded, run.changed) == (True, set())


def test_check_mode_refuses_what_a_run_would_refuse() -> None:
    vhosts = [*CHANGED["apache_vhosts"], {"server_name": "e.example.com", "proxy_to": "http:/x"}]
    for name in ("rejected-live", "rejected-bare"):
        run = play(
            "gatehouse.apache.site",
            "--check",
            variables={"apache_vhosts": vhosts, "apache_hosts": name},
        )
        assert run.failed == {name}
