"""Roles: what a README shows is a play that parses, whose variables have no problem; what a spec checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables

from playbooks import everything_printed_of, run_file

ROOT = Path(__file__).parents[2]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
COLLECTION = "gatehouse.apache."


def readme(role: str) -> str:
    """Return a role's README."""
    return (ROOT / "roles" / role / "README.md").read_text()


def example(role: str) -> str:
    """Return the play that a README shows."""
    (found,) = re.findall(r"^```yaml\n(.*?)^```$", readme(role), re.MULTILINE | re.DOTALL)
    return str(found)


def calls(play: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the roles of ours that a play has, each with the variables that it is given."""
    for entry in play.get("roles", ()):
        yield entry["role"], {key: value for key, value in entry.items() if key != "role"}
    for task in play.get("tasks", ()):
        if "ansible.builtin.import_role" in task:
            yield task["ansible.builtin.import_role"]["name"], task.get("vars", {})


def spec(role: str) -> dict[str, dict[str, Any]]:
    """Return the entry points of a role's spec."""
    text = (ROOT / "roles" / role / "meta/argument_specs.yml").read_text()
    points: dict[str, dict[str, Any]] = yaml.safe_load(text)["argument_specs"]
    return points


def staged(role: str) -> tuple[str, ...]:
    """Return what a role stages: all where that follows from the variables, or from the other roles of a play."""
    tasks = (
        yaml.safe_load((ROOT / "roles" / role / "tasks/main.yml").read_text())
        if role != "commit"
        else []
    )
    concerns = [
        task[f"{COLLECTION}stage"].get("concerns") for task in tasks if f"{COLLECTION}stage" in task
    ]
    return tuple(concerns[0]) if concerns and isinstance(concerns[0], list) else CONCERN_NAMES


@pytest.mark.parametrize("role", ROLES)
def test_readme_has_its_parts(role: str) -> None:
    lines = readme(role).splitlines()
    assert lines[0] == f"# {COLLECTION}{role}"
    parts = [line[3:] for line in lines if line.startswith("## ")]
    assert parts == ["What it owns", "Variables", "What it doesn't do"]


@pytest.mark.playbook
@pytest.mark.parametrize("role", ROLES)
def test_example_of_a_readme_is_a_play_of_its_role(role: str, project: Path) -> None:
    (play,) = yaml.safe_load(example(role))
    called = [name for name, _given in calls(play)]
    assert f"{COLLECTION}{role}" in called or role == "commit"
    (project / "play.yml").write_text(example(role))
    status, printed = run_file(project, "play.yml", "-i", "proxies,", "--syntax-check")
    assert status == 0, printed


@pytest.mark.parametrize("role", ROLES)
def test_variables_of_an_example_have_no_problem(role: str) -> None:
    (play,) = yaml.safe_load(example(role))
    given = {**play.get("vars", {})}
    for _name, variables in calls(play):
        given |= variables
    assert {name for name in given if name.startswith("apache_")} == set(given) != set()
    assert [str(problem) for problem in check_variables(given, staged(role))[1]] == []


@pytest.mark.parametrize("role", ROLES)
def test_readme_names_the_variables_of_its_spec(role: str) -> None:
    (point,) = spec(role).values()
    text = readme(role).partition("## Variables")[2]
    unnamed = set(point["options"]) - set(re.findall(r"`(apache_\w+)`", text))
    assert unnamed == set(), f"name them in roles/{role}/README.md, below Variables"


@pytest.mark.parametrize("role", ROLES)
def test_links_of_a_readme_lead_somewhere(role: str) -> None:
    for file, anchor in re.findall(r"\]\(([^)#]+)#?([^)]*)\)", readme(role)):
        text = (ROOT / "roles" / role / file).read_text()
        headings = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
        assert not anchor or anchor in [re.sub(r"[^\w-]", "", heading) for heading in headings]


def test_spec_of_the_commit_has_its_defaults() -> None:
    defaults = yaml.safe_load((ROOT / "roles/commit/defaults/main.yml").read_text())
    options = spec("commit")["variables"]["options"]
    assert {name: option.get("default", []) for name, option in options.items()} == defaults


@pytest.mark.parametrize("role", ROLES)
def test_no_spec_has_ansible_check_what_the_core_checks(role: str) -> None:
    assert "main" not in spec(role), "it would be a task of its own"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "commit"])
def test_every_role_depends_on_the_one_that_commits(role: str) -> None:
    meta = yaml.safe_load((ROOT / "roles" / role / "meta/main.yml").read_text())
    assert meta["dependencies"] == [{"role": f"{COLLECTION}commit"}]


PLAY = """\
- hosts: localhost
  connection: local
  gather_facts: false
  roles:
    - role: gatehouse.apache.{role}
      {word}: {value}
"""


@pytest.mark.playbook
@pytest.mark.parametrize("role", ["vhosts", "reverse_proxy"])
@pytest.mark.parametrize(
    ("word", "value", "said"),
    [
        (
            "apache_service_state",
            "stoped",
            'apache_service_state: "stoped" is unknown; write one of started, stopped',
        ),
        ("apache_vhosts", "[{servername: x.example.com}]", "apache_vhosts[0].servername"),
        ("apache_group_vhosts_web", "[{servername: x}]", "apache_group_vhosts_web[0].servername"),
        ("apache_balancers", "[{name: x, members: [y]}]", "apache_balancers[0] (x).members[0]"),
        ("apache_balancer", "[]", "apache_balancer: no variable of Gatehouse has this name"),
    ],
)
def test_what_stands_beside_a_roles_name_is_taken_and_checked(
    project: Path, role: str, word: str, value: str, said: str
) -> None:
    (project / "play.yml").write_text(PLAY.format(role=role, word=word, value=value))
    assert said in everything_printed_of(project, "play.yml", "-i", "localhost,")
