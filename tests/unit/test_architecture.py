"""The arrows between the rooms go one way."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ROOT / "plugins" / "module_utils"
CORE = sorted((ROOMS / "_httpd").rglob("*.py"))
HOST = sorted((ROOMS / "_host").rglob("*.py"))
PURE_STANDARD_LIBRARY = {
    "__future__", "ast", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum", "fnmatch",
    "functools", "hashlib", "heapq", "ipaddress", "itertools", "json", "math", "operator",
    "posixpath", "re", "string", "textwrap", "types", "typing", "urllib", "inspect",
}  # fmt: skip


def imports(path: Path) -> set[str]:
    """Return what a file imports: `..name` for ours (dots kept), the top package for others."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found.add("." * node.level + module if node.level else module.split(".")[0])
    return found


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOMS)))
def test_core_imports_only_itself_and_pure_standard_library(path: Path) -> None:
    for name in imports(path):
        assert name in PURE_STANDARD_LIBRARY or (name.startswith(".") and "_host" not in name)


@pytest.mark.parametrize("path", HOST, ids=lambda path: str(path.relative_to(ROOMS)))
def test_host_does_not_import_ansible(path: Path) -> None:
    assert not imports(path) & {"ansible", "ansible_collections"}


@pytest.mark.parametrize("name", ["tree", "quoting"])
def test_foundation_imports_nothing_of_ours_but_foundation(name: str) -> None:
    ours = {
        found
        for found in imports(ROOMS / "_httpd" / "syntax" / f"{name}.py")
        if found.startswith(".")
    }
    assert ours <= set()


def test_tests_find_each_helper_by_a_name_of_its_own() -> None:
    (said,) = re.findall(
        r"^pythonpath = (.*)$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    names = [path.stem for one in json.loads(said) for path in (ROOT / one).glob("*.py")]
    assert [name for name in names if names.count(name) > 1] == []
