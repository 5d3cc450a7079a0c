"""A concern that uses every part of the contract, in a copy of the collection: where each part ends, and what it costs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from collection import CORE, EDITS, HOST, Edit, make

ROOT = Path(__file__).parents[2]
THROWAWAY = Path(__file__).parent


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy."""
    return make(tmp_path_factory.mktemp("throwaway"))


@pytest.fixture(scope="module")
def answers(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the copy says of a deployment, an undo and a removal."""
    host = str(tmp_path_factory.mktemp("host"))
    words = [sys.executable, str(THROWAWAY / "questions.py"), str(collection), host]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_slot_of_the_frame_is_included_in_order(answers: dict[str, Any]) -> None:
    included = re.findall(r"^Include \S+/main/(\S+)$", answers["frame"], re.MULTILINE)
    assert included == [
        "parrot.first.conf", "parrot.conf", "parrot.rules.conf", "vhosts/shop.example.com.conf", "parrot.last.conf",
    ]  # fmt: skip


def test_the_frame_says_what_is_said_once_for_all(answers: dict[str, Any]) -> None:
    assert "Header always set X-Parrot-Frame 1\n" in answers["frame"]
    assert "  Header always set X-Parrot-Unknown hello\n" in answers["frame"]
    assert "Define PARROT_HOST 2.4.62\n" in answers["frame"]


def test_a_virtual_host_says_its_own(answers: dict[str, Any]) -> None:
    assert "  Header always set X-Parrot-Vhost own\n" in str(
        answers["texts"]["main/vhosts/shop.example.com.conf"]
    )


def test_rules_find_nothing_wrong_with_it(answers: dict[str, Any]) -> None:
    assert answers["problems"] == []


def test_a_change_of_httpds_own_unit_is_a_restart(answers: dict[str, Any]) -> None:
    assert answers["action"] == "restart"


def test_what_lies_beside_releases_is_there(answers: dict[str, Any]) -> None:
    assert answers["bare"] == []
    shortened = [re.sub(r"[0-9a-f]{64}", "BLOB", path) for path in answers["deployed"]]
    assert shortened == [
        "apache2-cache_directory/parrot",
        "apache2-log_directory/parrot",
        "apache2-state_directory/parrot",
        "apache2-unit_directory/apache2.service.d/parrot.conf",
        "apache2-unit_directory/parrot.service",
        "apache2/gatehouse-shared/BLOB",
        "apache2/gatehouse/blobs/BLOB",
        "apache2/gatehouse/feather",
        "apache2/mods-enabled/expires.load",
        # The bare one has no .conf, which Debian's package brings.
        "apache2/mods-enabled/info.load",
    ]
    assert answers["packages"] == ["less"]


def test_a_second_commit_changes_nothing(answers: dict[str, Any]) -> None:
    assert answers["settled"] == []


def test_what_goes_with_the_part_goes_and_an_undo_brings_it_back(answers: dict[str, Any]) -> None:
    """Logs and state are somebody's; modules and blobs stay for the releases that are kept."""
    gone = set(answers["deployed"]) - set(answers["left"])
    assert gone == {
        "apache2-cache_directory/parrot",
        "apache2-unit_directory/apache2.service.d/parrot.conf",
        "apache2-unit_directory/parrot.service",
        "apache2/gatehouse/feather",
    }
    assert answers["undone"] == answers["deployed"]


def test_a_removal_leaves_its_logs_and_nothing_outside_the_store(answers: dict[str, Any]) -> None:
    outside = [path for path in answers["removed"] if "/gatehouse" not in path]
    assert outside == ["apache2-log_directory/parrot"]


def test_adoption_takes_its_key(answers: dict[str, Any]) -> None:
    assert answers["adopted"] == "own"


def test_its_constraint_is_asked(answers: dict[str, Any]) -> None:
    assert "parrot-mute" in answers["mute"]


def test_documents_name_it(collection: Path) -> None:
    assert "| `apache_parrot` | dict |" in (collection / "docs/variables.md").read_text()
    specs = yaml.safe_load((collection / "roles/parrot/meta/argument_specs.yml").read_text())
    (point,) = specs["argument_specs"].values()
    assert "apache_parrot" in point["options"]
    tasks = yaml.safe_load((collection / "roles/parrot/tasks/main.yml").read_text())
    assert tasks[0]["gatehouse.apache.stage"]["concerns"] == ["parrot"]


def test_contributing_tells_how_many_places_it_costs() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    (said,) = re.findall(r"A concern edits (\w+) existing files", text)
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    assert said == names[len(EDITS)]
    section = text.partition("## A concern")[2].partition("\n## ")[0]
    for edit in EDITS:
        assert edit.file.rpartition("module_utils/")[2] in section


# What fails in the copy where an edit is forgotten: a test, or an import.
FORGOTTEN = [
    pytest.param(f"{CORE}/concerns/catalogue.py", "test_concerns.py", id="the tuple"),
    pytest.param(f"{CORE}/concerns/inventory.py", "test_concerns.py", id="the variable"),
    pytest.param(f"{CORE}/checking/problem_catalogue.py", "test_catalogue.py", id="its problems"),
    pytest.param(f"{CORE}/adopting/lift_catalogue.py", "test_concerns.py", id="the lift"),
    pytest.param(f"{HOST}/concerns/catalogue.py", "test_concerns.py", id="the host's side"),
    pytest.param("tools/role_files.py", "test_documentation.py", id="the role"),
    pytest.param("roles/reverse_proxy/README.md", "test_roles.py", id="the umbrella's variables"),
    pytest.param("README.md", "test_documentation.py", id="README's table"),
]


@pytest.mark.parametrize(("file", "test"), FORGOTTEN)
def test_what_is_forgotten_fails(file: str, test: str, tmp_path: Path) -> None:
    (edit,) = [edit for edit in EDITS if edit.file == file]
    assert outcome(make(tmp_path, without=[edit]), test) != 0


def test_nothing_is_forgotten_in_the_copy(collection: Path) -> None:
    tests = (
        "test_concerns.py",
        "test_catalogue.py",
        "test_documentation.py",
        "test_architecture.py",
        "test_roles.py",
    )
    for test in tests:
        assert outcome(collection, test) == 0


def outcome(collection: Path, test: str) -> int:
    """Run a test file of the copy; return pytest's exit status."""
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not playbook", f"tests/unit/{test}"]  # fmt: skip
    return subprocess.run(words, cwd=collection, capture_output=True, check=False).returncode


def test_every_edit_is_tried() -> None:
    """A key of a virtual host that nobody reads is the one thing that isn't missed: nothing asks for it."""
    tried = {param.values[0] for param in FORGOTTEN}
    assert {edit.file for edit in EDITS} - tried == {f"{CORE}/concerns/vhosts/model.py"}
    assert all(isinstance(edit, Edit) for edit in EDITS)
