"""What the words that close a run say of a server that is stopped: that nothing is served, and how it is started again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from module_utils._httpd.deployment.deployed_host import DeployedHost
from test_closing_words import COMMAND, SETTLED, SHOP, words

STOPPED = replace(SHOP, action="stop", is_stopped=True)
SAME = replace(STOPPED, what="", before=SHOP.release)  # nothing but the server was stopped


@pytest.mark.parametrize(
    ("host", "way"),
    [
        pytest.param(STOPPED, "rollback -e apache_hosts=p -e apache_service_state=started", id="a change"),
        pytest.param(replace(STOPPED, is_dry_run=True), "", id="check mode"),
        pytest.param(
            SAME,
            "rollback -e apache_hosts=p -e apache_release=0f3e0c62b1f4c9ad -e apache_service_state=started",
            id="only the server",
        ),
        pytest.param(replace(SAME, action="files", is_changed=False), "", id="stopped before"),
        pytest.param(replace(STOPPED, action="files"), "rollback -e apache_hosts=p", id="stopped before the change"),
        pytest.param(
            replace(STOPPED, is_rollback=True, before="cc"),
            "rollback -e apache_hosts=p -e apache_release=cc -e apache_service_state=started",
            id="forward again",
        ),
    ],
)  # fmt: skip
def test_the_way_back_starts_a_server_that_the_run_stopped(host: DeployedHost, way: str) -> None:
    told = [line.strip() for line in words(p=host).splitlines() if COMMAND in line]
    assert told == ([f"{COMMAND} gatehouse.apache.{way}"] if way else [])
    many = words(**{f"web{number}": host for number in range(20)})
    lines = [line.strip() for line in many.splitlines() if COMMAND in line]
    if not host.is_rollback:
        assert lines == [line.replace("=p", "=web0", 1) for line in told]


def test_what_a_removal_leaves_stopped_is_said() -> None:
    lines = words(p=replace(STOPPED, before="", previous="")).splitlines()
    assert lines[-2:] == [
        f"    {COMMAND} gatehouse.apache.remove -e apache_hosts=p",
        "    and start the server on the host again, which a removal leaves stopped: systemctl start apache2",
    ]


@pytest.mark.parametrize(
    ("host", "line"),
    [
        pytest.param(STOPPED, "The server is stopped, so nothing is served; what", id="stopped"),
        pytest.param(replace(SETTLED, is_stopped=True), "The server is stopped", id="as before"),
        pytest.param(
            replace(STOPPED, is_stopped=False, is_dry_run=True), "No server would run", id="check"
        ),
        pytest.param(replace(STOPPED, action="start", is_dry_run=True), "", id="would be started"),
        pytest.param(SHOP, "", id="it runs"),
    ],
)
def test_above_what_backends_answer_it_is_said_that_nothing_is_served(
    host: DeployedHost, line: str
) -> None:
    lines = words(p=host).splitlines()
    heading = next(at for at, one in enumerate(lines) if one.startswith("  VIRTUAL HOST"))
    assert lines[heading - 1].startswith(f"  {line}") if line else heading == 1
    many = words(**{f"web{number}": host for number in range(20)})
    said = ("  the server is stopped;", "  no server would run;")
    assert any(one in many for one in said) is bool(line)
