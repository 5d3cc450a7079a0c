"""README's blocks, one after the other on a host that has nothing, do what README says."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from containers import Container
from readme import blocks

HOST = Container("single-readme")
INVENTORY = f"""
[proxies]
{HOST.name} ansible_connection=community.docker.docker
"""
# What README asks of what `site` has deployed, and a part of the answer.
(EXPLAIN,) = blocks("console", "Know where a request goes")[0].splitlines()
EXPLAINED = "proxied by ws://10.0.0.5:6001/, which asks ws://10.0.0.5:6001/x"
# What the host serves after each command, of README's own virtual hosts.
SERVED = {
    "ansible-playbook -i inventory gatehouse.apache.check": {"shop"},
    "ansible-playbook -i inventory gatehouse.apache.site": {"shop", "app"},
    "ansible-playbook -i inventory gatehouse.apache.site --check --diff": {"shop", "app"},
    "ansible-playbook -i inventory gatehouse.apache.releases": {"shop", "app"},
    "ansible-playbook -i inventory gatehouse.apache.rollback -e apache_hosts=proxies": {"shop"},
    "ansible-playbook -i inventory gatehouse.apache.remove -e apache_hosts=proxies": set(),
}


def served() -> set[str]:
    """Return the names that the live server knows."""
    return set(re.findall(r"namevhost (\w+)\.example\.com", HOST.run("apache2ctl", "-S")))


def run(directory: Path, command: str) -> str:
    """Run a command as it stands, in a directory, and return what it printed."""
    done = subprocess.run(
        shlex.split(command), cwd=directory, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with README's inventory and README's play, which was run."""
    project = tmp_path_factory.mktemp("project")
    (inventory,), (play,) = blocks("yaml"), blocks("yaml", "Use a role in your own play")
    written_at = project / inventory.splitlines()[0].removeprefix("# ")
    written_at.parent.mkdir(parents=True)
    written_at.write_text(inventory)
    (project / "inventory/hosts").write_text(INVENTORY)
    (project / "play.yml").write_text(play)
    run(project, "ansible-playbook -i inventory play.yml")
    assert served() == {"shop"}
    return project


@pytest.mark.parametrize("command", blocks("console", "Deploy a fleet")[0].splitlines())
def test_each_command_does_what_readme_says(project: Path, command: str) -> None:
    run(project, command)
    assert served() == SERVED[command]
    if "app" in served():
        assert EXPLAINED in run(project, EXPLAIN)
    assert HOST.run("systemctl", "is-active", "apache2").strip() == "active"
