"""What a playbook says at the end of a batch in which a host failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import run_file

pytestmark = pytest.mark.playbook

STOP = Path(__file__).parents[2] / "playbooks/tasks/stop.yml"
PLAY = f"""
- hosts: all
  connection: local
  gather_facts: false
  serial: 1
  max_fail_percentage: 0
  tasks:
    - ansible.builtin.debug:
      changed_when: inventory_hostname == failing
      notify: Stop after this batch
  handlers:
    - name: Stop
      ansible.builtin.import_tasks: {STOP}
  vars: {{__apache_reason: it is down}}
"""


@pytest.mark.parametrize(
    ("failing", "said", "is_said_to_stop"),
    [
        pytest.param("web1", "because this host failed", True, id="others were to follow"),
        pytest.param("web2", "This host failed, as printed above: it is down", False, id="none"),
    ],
)
def test_only_where_another_batch_was_to_follow_it_is_said_not_to_start(
    project: Path, failing: str, said: str, is_said_to_stop: bool
) -> None:
    (project / "play.yml").write_text(PLAY)
    (project / "hosts").write_text("web1\nweb2\n")
    status, printed = run_file(project, "play.yml", "-i", "hosts", "-e", f"failing={failing}")
    assert status == 2
    assert said in printed
    assert ("No further batch starts" in printed) is is_said_to_stop
