"""The rooms of the code: which may know which, and how their things are named."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UTILS = ROOT / "plugins" / "module_utils"
CORE = sorted((UTILS / "_httpd").rglob("*.py"))
HOST = sorted((UTILS / "_host").rglob("*.py"))
PURE_STANDARD_LIBRARY = {
    "__future__", "ast", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum", "fnmatch",
    "functools", "hashlib", "heapq", "ipaddress", "itertools", "json", "math", "operator",
    "posixpath", "re", "string", "textwrap", "types", "typing", "urllib", "inspect",
}  # fmt: skip

# Each room with those that it may import; docs/architecture.md says what each knows.
ROOMS: dict[str, dict[str, set[str]]] = {
    "_httpd": {
        "syntax": set(),
        "vocabulary": {"syntax"},
        "reading": {"syntax", "vocabulary"},
        "variables": {"syntax", "vocabulary"},
        "tls": {"syntax", "vocabulary", "reading"},
        "resolve": {"syntax", "vocabulary", "reading"},
        "checking": {"syntax", "vocabulary", "reading", "variables"},
        "concerns": {"syntax", "vocabulary", "reading", "variables", "tls"},
        "release": {
            "syntax", "vocabulary", "reading", "variables", "tls", "resolve", "checking", "concerns",
        },
        "adopting": {
            "syntax", "vocabulary", "reading", "variables", "tls", "resolve", "checking", "concerns", "release",
        },
        "deployment": {"syntax", "vocabulary", "reading"},
    },
    "_host": {
        "machine": set(),
        "store": {"machine"},
        "configuration": {"machine", "store"},
        "certificates": {"machine", "store"},
        "concerns": {"machine", "store", "certificates"},
        "draft": {"machine", "store", "configuration", "certificates", "concerns"},
        "lacks": {"machine", "store", "certificates", "draft"},
        "backend": {"machine"},
        "asking": {"machine", "store"},
        "deployment": {"machine", "store", "certificates", "backend", "asking"},
        "swap": {"machine", "store", "configuration", "draft", "lacks", "asking"},
        "commit": {
            "machine", "store", "configuration", "certificates", "concerns", "draft", "lacks",
            "deployment", "asking", "swap",
        },
        "requests": {"machine", "store", "commit", "swap"},
    },
}  # fmt: skip
# A concern's folder has files of these names, each the same part of its contract.
CONVENTIONAL = {
    "__init__", "model", "compile", "constraints", "concern", "facts", "host_side", "problem_kinds",
}  # fmt: skip
MOST_FILES = 14


def imports(path: Path) -> set[str]:
    """Return what a file imports: `_httpd.room.file` for ours, the top package for others."""
    package = path.relative_to(UTILS).parts[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level + 1])
            whole = ".".join(filter(None, (above, node.module)))
            found |= {f"{whole}.{alias.name}" for alias in node.names}
    return found


def name_of(path: Path) -> str:
    """Name a file in a test's id."""
    return str(path.relative_to(UTILS))


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_imports_only_itself_and_pure_standard_library(path: Path) -> None:
    for name in imports(path):
        assert name in PURE_STANDARD_LIBRARY or name.startswith("_httpd.")


@pytest.mark.parametrize("path", HOST, ids=name_of)
def test_host_does_not_import_ansible(path: Path) -> None:
    assert not imports(path) & {"ansible", "ansible_collections"}


# Each room declares the problems that it makes beside its code. One file writes all of them out, whatever their room: that
# makes no circle, since what it imports knows only what a problem is.
CATALOGUE = UTILS / "_httpd" / "checking" / "problem_catalogue.py"


@pytest.mark.parametrize(
    "path", [path for path in CORE if path.name == "problem_kinds.py"], ids=name_of
)
def test_the_kinds_of_problems_know_only_what_a_problem_is(path: Path) -> None:
    assert imports(path) == {"__future__", "_httpd.syntax.problem.ProblemKind"}


@pytest.mark.parametrize("path", [*CORE, *HOST], ids=name_of)
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    layer, *rooms, _file = path.relative_to(UTILS).parts
    for name in imports(path) if rooms else ():
        other_layer, *other = name.split(".")
        if other_layer == layer and not (path == CATALOGUE and "problem_kinds" in other):
            assert other[0] == rooms[0] or other[0] in ROOMS[layer][rooms[0]], name


# What one concern may know of another: the shape of its variables, and the problems that it declares.
MODELS = {"model", "vhost_parts", "acme", "problem_kinds"}


def test_a_concern_imports_models_of_others_and_nothing_else() -> None:
    concerns = UTILS / "_httpd" / "concerns"
    folders = {path.name for path in concerns.iterdir()}
    found = {
        (f"{path.parent.name}/{path.stem}", f"{other}.{file}")
        for path in concerns.glob("*/*.py")
        for _layer, _room, other, file, *_name in (
            f"{name}....".split(".") for name in imports(path)
        )
        if other in folders and other != path.parent.name and file not in MODELS
    }
    assert found == set()


@pytest.mark.parametrize("layer", ROOMS)
def test_every_folder_of_a_layer_is_a_room_with_arrows(layer: str) -> None:
    folders = {path.name for path in (UTILS / layer).iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == set(ROOMS[layer])


@pytest.mark.parametrize("layer", ROOMS)
def test_no_two_files_of_a_layer_share_a_name(layer: str) -> None:
    names = Counter(path.stem for path in (UTILS / layer).rglob("*.py"))
    assert [name for name, count in names.items() if count > 1 and name not in CONVENTIONAL] == []


@pytest.mark.parametrize("layer", ROOMS)
def test_no_two_classes_of_a_layer_share_a_name(layer: str) -> None:
    names = Counter(
        node.name
        for path in (UTILS / layer).rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_rooms_have_empty_doors() -> None:
    doors = (path for path in UTILS.rglob("__init__.py"))
    assert [name_of(path) for path in doors if path.read_text()] == []


def test_no_folder_is_fuller_than_one_looks_over() -> None:
    folders = (path for path in UTILS.rglob("*") if path.is_dir() and path.name != "__pycache__")
    counts = {name_of(path): len([*path.glob("*.py")]) - 1 for path in folders}
    assert {name: count for name, count in counts.items() if count > MOST_FILES} == {}


def test_tests_find_each_helper_by_a_name_of_its_own() -> None:
    (said,) = re.findall(
        r"^pythonpath = (.*)$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    names = [path.stem for one in json.loads(said) for path in (ROOT / one).glob("*.py")]
    assert [name for name in names if names.count(name) > 1] == []


def test_no_line_is_longer_than_ansible_test_takes() -> None:
    folders = ("benchmarks", "demo", "molecule", "plugins", "tests", "tools")
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 160
    ]
    assert long == []
