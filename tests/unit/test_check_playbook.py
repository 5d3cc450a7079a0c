"""The playbook `check`: one text for all hosts, and an exit status that counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import run

pytestmark = pytest.mark.playbook

SITE = "Listen 80\n<VirtualHost *:80>\n  ServerName shop.example.com\n{}</VirtualHost>\n"
HINT = "SecRule ARGS x deny\n"
WARNING = "Timeout ${NAME}5\n"


def check(project: Path, *words: str) -> tuple[int, str]:
    """Run the playbook in a project; return its exit status and what it printed."""
    return run(project, "check", *words)


def test_a_file_needs_neither_inventory_nor_server(project: Path) -> None:
    (project / "shop.conf").write_text(SITE.format("  ProxyPass / http://10.0.0.1:8080\n"))
    status, printed = check(project, "-e", "apache_check_path=shop.conf")
    assert status == 2
    assert f"error {project}/shop.conf:4 (localhost)\n" in printed
    assert '      "http://10.0.0.1:8080" has no slash at its end' in printed
    assert "docs/rules.md#proxy-pass-target-without-slash\n" in printed


@pytest.mark.parametrize(
    ("text", "fail_on", "status"),
    [
        pytest.param(SITE.format(HINT), "warning", 0, id="hints never fail"),
        pytest.param(SITE.format(WARNING), "warning", 2, id="warnings where asked"),
        pytest.param(SITE.format(WARNING), "error", 0, id="warnings otherwise don't"),
    ],
)
def test_the_exit_status_is_for_what_counts(
    project: Path, text: str, fail_on: str, status: int
) -> None:
    (project / "shop.conf").write_text(text)
    asked = ("-e", "apache_check_path=shop.conf", "-e", f"apache_check_fail_on={fail_on}")
    assert check(project, *asked)[0] == status


def test_every_host_of_the_inventory_is_in_one_report(project: Path) -> None:
    (project / "hosts").write_text(
        "web1\nweb2\nbad apache_modules='{{ nope.x }}'\n"
        "[all:vars]\napache_vhosts=[{'server_name': 'a.example.com', 'proxy_to': 'http:/x'}]\n"
    )
    status, printed = check(project, "-i", "hosts")
    assert status == 2
    assert "error apache_vhosts[0] (a.example.com).proxy_to (web1, web2, bad)\n" in printed
    assert "error apache_modules (bad)\n      'nope' is undefined; define it" in printed
    assert "2 errors, no warnings and no hints on 3 hosts.\n" in printed
