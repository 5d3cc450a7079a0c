"""Whoever isn't root is told so, and how to be: by each module that reads or changes what is root's alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from module_utils._host.machine.lock import in_the_way
from module_utils._host.machine.privileges import missing_root
from unprivileged import as_nobody

from playbooks import run_file

PLAY = """
- hosts: localhost
  gather_facts: false
  become: true
  become_method: ansible.builtin.su
  become_user: nobody
  become_flags: -s /bin/sh
  vars: {apache_vhosts: [{server_name: a.test, proxy_to: "http://10.0.0.1"}]}
  tasks:
    - name: Ask
      gatehouse.apache.MODULE:
"""


def test_root_misses_nothing() -> None:
    assert missing_root("a commit") == ""


def test_anybody_else_is_named_with_the_remedy() -> None:
    assert as_nobody(lambda: missing_root("a commit")) == (
        "a commit needs root, and nobody runs this; write `become: true` in the play, or run with -b"
    )


def test_a_file_in_the_way_is_named_without_the_systems_number() -> None:
    assert in_the_way(FileExistsError(17, "File exists", "/etc/x")) == (
        "a file of the host is in the way: /etc/x: File exists; mend that and run again"
    )


@pytest.mark.playbook
@pytest.mark.parametrize("module", ["stage", "commit", "release_info"])
def test_a_module_says_that_it_needs_root(
    project: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setenv("ANSIBLE_PIPELINING", "1")
    (project / "play.yml").write_text(PLAY.replace("MODULE", module))
    status, printed = run_file(project, "play.yml")
    assert status == 2
    assert "needs root, and nobody runs this; write `become: true` in the play" in printed
    assert "Errno" not in printed
