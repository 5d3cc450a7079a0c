"""What an operator reads of a mistake: all of it once, however many hosts have it, and where it stands for each host."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import everything_printed

INVENTORY = """
all:
  hosts: {web1: {}, web2: {}}
  vars:
    apache_vhosts:
      - {server_name: a.test, proxy_to: "http:/app"}
      - {server_name: b.test, proxy_to: "http://{{ nope }}/"}
"""


@pytest.mark.playbook
def test_a_mistake_of_two_hosts_is_printed_whole_once(project: Path) -> None:
    (project / "hosts.yml").write_text(INVENTORY)
    printed = everything_printed(project, "site", "-i", "hosts.yml")
    first, second = "apache_vhosts[0] (a.test).proxy_to", "apache_vhosts[1] (b.test).proxy_to"
    assert printed.count(f'{first}: "http:/app" has no host; write http://HOST[:PORT]/') == 1
    assert printed.count(f"{second}: 'nope' is undefined") == 1
    fatal = [line for line in printed.splitlines() if line.startswith("fatal: ")]
    assert len(fatal) == 2
    assert all(f"the host was not touched: {first}, {second}" in line for line in fatal)
    assert "has no host" not in "".join(fatal)
