"""What changes every host of an inventory, with no variable of their own that says so, has the hosts named."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import run

pytestmark = pytest.mark.playbook

HOSTS = "[web]\nweb1\nweb2\n[all:vars]\nansible_connection=local\n"
ASKED = "write -e apache_hosts=PATTERN (all means every host), or --limit PATTERN"
# What a play that goes on does next, of which a dry run changes nothing.
NEXT = {
    "remove": "TASK [Restore what was there before]",
    "rollback": "TASK [Commit an earlier release]",
}


@pytest.mark.parametrize("playbook", NEXT)
@pytest.mark.parametrize(
    ("words", "is_said"),
    [
        pytest.param((), False, id="nothing"),
        pytest.param(("-e", "apache_hosts=web"), True, id="a group"),
        pytest.param(("-e", "apache_hosts=all"), True, id="all of them"),
        pytest.param(("-e", "apache_hosts=web1,web2"), True, id="two names"),
        pytest.param(("--limit", "web1"), True, id="a limit"),
    ],
)
def test_the_hosts_are_said(
    project: Path, playbook: str, words: tuple[str, ...], is_said: bool
) -> None:
    (project / "hosts").write_text(HOSTS)
    status, printed = run(project, playbook, "-i", "hosts", "--check", *words)
    assert (NEXT[playbook] in printed) is is_said
    assert (ASKED in printed) is not is_said
    assert is_said or status != 0


@pytest.mark.parametrize("playbook", NEXT)
def test_a_variable_of_the_inventory_says_no_hosts(project: Path, playbook: str) -> None:
    (project / "hosts").write_text(f"{HOSTS}apache_hosts=web1\n")
    status, printed = run(project, playbook, "-i", "hosts", "--check")
    assert status != 0
    assert NEXT[playbook] not in printed
