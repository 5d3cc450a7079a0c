"""What documents say is what the core does."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.concerns.inventory import variables
from module_utils._httpd.release.checked import check_variables
from readme import BLOCKS, blocks

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()

sys.path.insert(0, str(ROOT / "tools"))
import generate_docs  # noqa: E402


def problems_of(given: dict[str, Any]) -> list[str]:
    """Return what the core says of variables."""
    return [str(problem) for problem in check_variables(given, CONCERN_NAMES)[1]]


@pytest.mark.parametrize(
    "path", generate_docs.outputs(), ids=lambda path: str(path.relative_to(ROOT))
)
def test_generated_files_are_current(path: Path) -> None:
    assert path.read_text() == generate_docs.outputs()[path], "run make documents"


def test_specs_document_every_variable_that_the_core_reads() -> None:
    specs = yaml.safe_load((ROOT / "roles/reverse_proxy/meta/argument_specs.yml").read_text())
    documented = specs["argument_specs"]["variables"]["options"]
    # The umbrella is taken away by a playbook.
    assert set(variables()) - set(documented) == {"apache_role_state"}


def test_readme_inventory_has_no_problem() -> None:
    assert problems_of(yaml.safe_load(blocks("yaml")[0])) == []


def test_readme_inventory_has_ten_lines() -> None:
    lines = [line for line in blocks("yaml")[0].splitlines() if not line.startswith("#")]
    assert len(lines) <= 10


def test_readme_play_is_one_whose_variables_have_no_problem() -> None:
    play = yaml.safe_load(blocks("yaml")[1])[0]
    assert play["tasks"][0]["ansible.builtin.import_role"]["name"] == "gatehouse.apache.vhosts"
    assert problems_of(play["tasks"][0]["vars"]) == []


def test_readme_says_what_the_core_says_of_mistakes() -> None:
    assert problems_of(yaml.safe_load(blocks("yaml")[2])) == blocks("text")[2].splitlines()


def test_readme_says_what_the_core_says_of_a_route_test() -> None:
    assert problems_of(yaml.safe_load(blocks("yaml")[3])) == blocks("text")[3].splitlines()


def test_readme_tls_towards_clients_has_no_problem() -> None:
    assert problems_of(yaml.safe_load(blocks("yaml")[5])) == []


def test_readme_virtual_host_of_a_tls_backend_has_no_problem() -> None:
    assert problems_of(yaml.safe_load(blocks("yaml")[6])) == []


def test_readme_asks_backends_as_the_module_takes_it() -> None:
    (task,) = yaml.safe_load(blocks("yaml")[7])[0]["tasks"]
    module = (ROOT / "plugins/modules/backend_info.py").read_text()
    options = yaml.safe_load(module.partition('DOCUMENTATION = r"""')[2].partition('"""')[0])
    assert set(task["gatehouse.apache.backend_info"]) <= set(options["options"])


def test_readme_http2_has_no_problem() -> None:
    given = yaml.safe_load(blocks("yaml")[8])
    assert problems_of({**given, **yaml.safe_load(blocks("yaml")[0])}) == []


def test_readme_commands_are_targets_and_playbooks() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for line in "".join(blocks("console")).splitlines():
        words = line.split()
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE)
        else:
            playbook = words[3].removeprefix("gatehouse.apache.")
            assert (ROOT / "playbooks" / f"{playbook}.yml").exists()


def test_every_block_of_readme_is_looked_at_here() -> None:
    assert [name for name, _text in BLOCKS] == [
        "yaml",
        "console",
        "text",
        "console",
        "text",  # by test_closing_words
        "console",
        "yaml",
        "yaml",
        "text",
        "console",
        "yaml",
        "text",
        "yaml",  # run by test_filters_in_playbooks
        "yaml",
        "yaml",
        "yaml",
        "yaml",
    ]


def test_nothing_was_added_in_a_version_to_come() -> None:
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    modules = list((ROOT / "plugins/modules").glob("*.py"))
    fragments = (ROOT / "plugins/doc_fragments").glob("*.py")
    for path in (*modules, *fragments, *(ROOT / "roles").glob("*/meta/argument_specs.yml")):
        added = re.findall(r"^ *version_added: *(\S+)$", path.read_text(), re.MULTILINE)
        assert added or path not in modules
        assert [one for one in added if numbers(one) > numbers(version)] == []


def numbers(version: str) -> tuple[int, ...]:
    """Return a version's numbers."""
    return tuple(map(int, version.split(".")))


def test_readme_names_every_role_and_every_concern_with_a_role_has_one() -> None:
    table = set(re.findall(r"^\| \[`(\w+)`\]\(roles/\1/README.md\) \|", README, re.MULTILINE))
    roles = {path.name for path in (ROOT / "roles").iterdir()}
    assert table == roles - {"commit"}, "list each in README's table of roles"
    own = roles - {"commit", generate_docs.UMBRELLA}
    assert set(generate_docs.ROLES) == own, "name each in ROLES of tools/role_files.py"
    # What one owner says of the server as a whole goes with virtual hosts.
    named = set(CONCERN_NAMES) - {"server"}
    assert named == set(generate_docs.ROLES), "name each in ROLES of tools/role_files.py"
