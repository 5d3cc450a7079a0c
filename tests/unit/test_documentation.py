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
from readme import README, TLS, UPGRADE, blocks, sections

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import generate_docs  # noqa: E402

PAGES = (README, TLS, UPGRADE)
FIRST_SITE = "Ten minutes: from nothing to a proved site"


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
    assert set(variables()) == set(documented)


def test_readme_inventory_has_no_problem() -> None:
    assert problems_of(yaml.safe_load(*blocks("yaml"))) == []


def test_readme_inventory_has_ten_lines() -> None:
    (text,) = blocks("yaml")
    assert len([line for line in text.splitlines() if not line.startswith("#")]) <= 10


def test_readme_play_is_one_whose_variables_have_no_problem() -> None:
    ((play,),) = map(yaml.safe_load, blocks("yaml", "Use a role in your own play"))
    assert play["tasks"][0]["ansible.builtin.import_role"]["name"] == "gatehouse.apache.vhosts"
    assert problems_of(play["tasks"][0]["vars"]) == []


@pytest.mark.parametrize("section", ["What a mistake gets", "Know where a request goes"])
def test_readme_says_what_the_core_says(section: str) -> None:
    given, said = blocks("yaml", section)[0], blocks("text", section)[0]
    assert problems_of(yaml.safe_load(given)) == said.splitlines()


def test_readme_first_site_has_no_problem() -> None:
    hosts, *sites = blocks("yaml", FIRST_SITE)
    assert list(yaml.safe_load(hosts)) == ["proxies"]
    assert len(sites) == 3
    assert [problems_of(yaml.safe_load(site)) for site in sites] == [[], [], []]


def test_tls_towards_clients_has_no_problem() -> None:
    assert problems_of(yaml.safe_load(*blocks("yaml", "Speak TLS to clients", TLS))) == []


def test_virtual_host_of_a_tls_backend_has_no_problem() -> None:
    assert problems_of(yaml.safe_load(blocks("yaml", "Ask backends over TLS", TLS)[0])) == []


def test_backends_are_asked_as_the_module_takes_it() -> None:
    (play,) = yaml.safe_load(blocks("yaml", "Ask backends over TLS", TLS)[1])
    (task,) = play["tasks"]
    module = (ROOT / "plugins/modules/backend_info.py").read_text()
    options = yaml.safe_load(module.partition('DOCUMENTATION = r"""')[2].partition('"""')[0])
    assert set(task["gatehouse.apache.backend_info"]) <= set(options["options"])


def test_http2_has_no_problem() -> None:
    given = yaml.safe_load(*blocks("yaml", "Speak HTTP/2", TLS))
    assert problems_of({**given, **yaml.safe_load(*blocks("yaml"))}) == []


def test_commands_are_targets_playbooks_and_what_galaxy_knows() -> None:
    makefile = (ROOT / "Makefile").read_text()
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    name = f"{galaxy['namespace']}.{galaxy['name']}"
    sources = {
        name,
        f"{name}:=={galaxy['version']}",
        f"{name.replace('.', '-')}-{galaxy['version']}.tar.gz",
        f"git+{galaxy['repository']}.git",
    }
    commands = [
        line.split()
        for page in PAGES
        for section in sections(page).values()
        for language, text in section
        if language == "console"
        for line in text.splitlines()
    ]
    for words in commands:
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE)
        elif words[0] == "ansible-playbook":
            assert words[3].startswith(f"{name}.")
            assert (ROOT / "playbooks" / f"{words[3].split('.')[-1]}.yml").exists()
        elif words[0] == "ansible-galaxy":
            assert words[1:3] == ["collection", "install"]
            assert words[3] in sources
        else:
            assert words[0] in ("ansible", "curl")


# What each section has; whoever adds a block has it run here, or by another test, and says so.
LOOKED_AT = {
    README: {
        "": ["yaml", "console", "text"],
        # Run by tests/package.
        "Install": ["console"],
        # Run by the scenario single_role, as are the commands of the next and the play.
        FIRST_SITE: [
            "yaml", "yaml", "console", "yaml", "console", "yaml", "console", "text", "console",
        ],
        # Its text is held by test_closing_words, its play is run by the scenario coexist.
        "Deploy a fleet": ["console", "text", "yaml"],
        "Adopt servers that people wrote by hand": ["console"],
        "Use a role in your own play": ["yaml"],
        "What a mistake gets": ["yaml", "text"],
        # Its last is run by test_filters_in_playbooks.
        "Know where a request goes": ["console", "yaml", "text", "yaml"],
        "Upgrade": ["console"],
    },
    TLS: {
        "Speak TLS to clients": ["yaml"],
        "Ask backends over TLS": ["yaml", "yaml"],
        "Speak HTTP/2": ["yaml"],
    },
    UPGRADE: {"Go back": ["console"], "One host first": ["console"]},
}  # fmt: skip


@pytest.mark.parametrize("page", LOOKED_AT)
def test_every_block_is_looked_at(page: str) -> None:
    found = {
        title: [language for language, _text in section]
        for title, section in sections(page).items()
    }
    assert {title: languages for title, languages in found.items() if languages} == LOOKED_AT[page]


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
    text = (ROOT / README).read_text()
    table = set(re.findall(r"^\| \[`(\w+)`\]\(roles/\1/README.md\) \|", text, re.MULTILINE))
    roles = {path.name for path in (ROOT / "roles").iterdir()}
    assert table == roles - {"commit"}, "list each in README's table of roles"
    own = roles - {"commit", generate_docs.UMBRELLA}
    assert set(generate_docs.ROLES) == own, "name each in ROLES of tools/role_files.py"
    # What one owner says of the server as a whole goes with virtual hosts.
    named = set(CONCERN_NAMES) - {"server"}
    assert named == set(generate_docs.ROLES), "name each in ROLES of tools/role_files.py"
