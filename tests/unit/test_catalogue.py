"""Every problem has a kind, and every kind a severity, a page, and an answer to whether it can be silenced."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import yaml
from module_utils._httpd.checking.problem_catalogue import CATALOGUE, KINDS
from module_utils._httpd.checking.rule import Rule
from module_utils._httpd.checking.rules.all_rules import RULES
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.problem import SEVERITIES, ProblemKind
from module_utils._httpd.syntax.tree import Place

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
CODE = sorted(PLUGINS.rglob("*.py"))
DECLARING = [path for path in CODE if path.name == "problem_kinds.py"]
PROBLEM = PLUGINS / "module_utils/_httpd/syntax/problem.py"
RULE = PLUGINS / "module_utils/_httpd/checking/rule.py"
Wanted = TypeVar("Wanted")
BY_ID = [pytest.param(kind, id=kind.id) for kind in KINDS]


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield every call of a file."""
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def callee(call: ast.Call) -> str:
    """Name what is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def name_of(path: Path) -> str:
    """Name a file in a test's id."""
    return str(path.relative_to(PLUGINS))


def values(path: Path, wanted: type[Wanted]) -> list[Wanted]:
    """Return the values of a type that a module has."""
    module = importlib.import_module(".".join(path.relative_to(PLUGINS).with_suffix("").parts))
    return [value for value in vars(module).values() if isinstance(value, wanted)]


@pytest.mark.parametrize("path", [path for path in CODE if path != PROBLEM], ids=name_of)
def test_only_a_kind_makes_a_problem(path: Path) -> None:
    assert [call.lineno for call in calls(path) if callee(call) == "Problem"] == []


@pytest.mark.parametrize(
    "path", [path for path in CODE if "Problem" in path.read_text()], ids=name_of
)
def test_nobody_calls_a_problem_by_another_name_or_changes_its_id(path: Path) -> None:
    tree = ast.parse(path.read_text())
    renamed = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if alias.asname and alias.name in ("Problem", "ProblemKind")
    ]
    changed = [
        call.lineno
        for call in calls(path)
        if callee(call) == "replace" and {"rule", "url"} & {word.arg for word in call.keywords}
    ]
    assert (renamed, changed) == ([], [])


def test_kinds_are_declared_in_the_files_for_them_and_by_rules() -> None:
    makers = {path for path in CODE for call in calls(path) if callee(call) == "ProblemKind"}
    assert makers == {*DECLARING, RULE}


@pytest.mark.parametrize("path", DECLARING, ids=name_of)
def test_each_declared_kind_is_in_the_catalogue(path: Path) -> None:
    kinds = values(path, ProblemKind)
    assert len(kinds) == sum(callee(call) == "ProblemKind" for call in calls(path))
    assert [kind.id for kind in kinds if kind not in KINDS] == []


def test_each_rule_is_in_the_catalogue() -> None:
    folder = PLUGINS / "module_utils/_httpd/checking/rules"
    rules = {rule.id for path in folder.rglob("*.py") for rule in values(path, Rule)}
    assert rules == {rule.id for rule in RULES}
    assert rules <= set(CATALOGUE)


def test_ids_are_unique() -> None:
    assert [name for name, count in Counter(kind.id for kind in KINDS).items() if count > 1] == []


@pytest.mark.parametrize("kind", BY_ID)
def test_a_kind_says_everything_of_itself(kind: ProblemKind) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.id)
    assert kind.severity in SEVERITIES
    assert len(kind.page.strip()) > 60


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.document == "problems.md"], ids=lambda kind: kind.id
)
def test_a_page_says_what_is_wrong_and_then_what_to_write(kind: ProblemKind) -> None:
    assert len(kind.page.strip().split("\n\n")) >= 2


EXAMPLES = [
    pytest.param(example, id=kind.id)
    for kind in KINDS
    for example in re.findall(r"```yaml\n(.*?)```", inspect.cleandoc(kind.page), re.DOTALL)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_variables_has_no_error(example: str) -> None:
    given = yaml.safe_load(example)
    members = [{"url": "http://10.0.0.2:8080"}]
    vhost = {"server_name": "shop.example.com", "document_root": "/srv/shop"}
    if not any(name.startswith("apache_") for name in given):
        vhost |= given
        given = {"apache_balancers": [{"name": "app", "members": members}]}
    found = check_variables({**given, "apache_vhosts": [vhost]}, CONCERN_NAMES)[1]
    assert [str(one) for one in found if one.severity == "error"] == []


@pytest.mark.parametrize("kind", BY_ID)
def test_only_an_error_can_be_beyond_silencing(kind: ProblemKind) -> None:
    assert kind.can_be_silenced or kind.severity == "error"


@pytest.mark.parametrize("kind", BY_ID)
def test_the_url_of_a_problem_leads_to_its_own_section(kind: ProblemKind) -> None:
    url = kind.problem(Place("x"), "it is wrong", "write it right").url
    page, _hash, anchor = url.partition("#")
    text = (ROOT / "docs" / page.rpartition("/")[2]).read_text()
    assert anchor == kind.id
    assert len(re.findall(rf"^###? {re.escape(anchor)}$", text, re.MULTILINE)) == 1


@pytest.mark.parametrize("page", ["rules.md", "problems.md"])
def test_no_page_has_a_section_of_an_id_that_is_none(page: str) -> None:
    level = "##" if page == "rules.md" else "###"
    text = (ROOT / "docs" / page).read_text()
    told = re.findall(rf"^{level} (.+)$", text, re.MULTILINE)
    assert told
    assert set(told) == {kind.id for kind in CATALOGUE.values() if kind.document == page}
