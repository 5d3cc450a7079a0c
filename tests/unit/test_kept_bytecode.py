"""The core's bytecode, which a controller keeps: used where it fits, never where it doesn't, and nowhere but in one's own home."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
CORE = "ansible_collections.gatehouse.apache.plugins.module_utils"
# What is asked stands in a collection of the same name that has nothing else.
IMPORTING = """
import os, sys
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader([])
from ansible_collections.gatehouse.apache.plugins.plugin_utils.bytecode import kept_bytecode
before = list(sys.meta_path)
with kept_bytecode():
    from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.room.answering import ANSWER
    from ansible_collections.gatehouse.apache.plugins.module_utils.beside import BESIDE
assert sys.meta_path == before
print(ANSWER)
"""


class Collection:
    """A collection with one module in its core and one beside it, and a home of Ansible."""

    def __init__(self, directory: Path) -> None:
        self.home = directory / "home"
        self._root = directory / "ansible_collections/gatehouse/apache"
        utils = self._root / "plugins/module_utils"
        self.file = utils / "_httpd/room/answering.py"
        self.file.parent.mkdir(parents=True)
        for package in (utils / "_httpd", utils / "_httpd/room"):
            (package / "__init__.py").touch()
        (utils / "beside.py").write_text("BESIDE = 1\n")
        (self._root / "plugins/plugin_utils").mkdir()
        shutil.copy(PLUGINS / "plugin_utils/bytecode.py", self._root / "plugins/plugin_utils")
        self.write("first")
        self._environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
        }
        self._environment |= {
            "ANSIBLE_HOME": str(self.home),
            "ANSIBLE_COLLECTIONS_PATH": str(directory),
        }

    def write(self, answer: str) -> None:
        """Write the core's module, whose answer has five letters, with the times that it always has."""
        self.file.unlink(missing_ok=True)
        self.file.write_text(f'ANSWER = "{answer}"\n')
        os.utime(self.file, (1_700_000_000, 1_700_000_000))

    def answer(self) -> str:
        """Import it in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-c", IMPORTING],
            check=False,
            capture_output=True,
            text=True,
            env=self._environment,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def kept(self) -> list[Path]:
        """Return the files of bytecode."""
        return sorted(path for path in self.home.rglob("*.pyc") if "apache" in str(path))


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """Return one of its own."""
    return Collection(tmp_path)


def answering(collection: Collection) -> Path:
    """Return the bytecode of the core's module."""
    return next(path for path in collection.kept() if path.name.startswith("answering."))


def test_bytecode_is_kept_and_used(collection: Collection) -> None:
    assert collection.answer() == "first"
    kept = answering(collection)
    # Told apart from the source by a word that only the bytecode has.
    kept.write_bytes(kept.read_bytes().replace(b"first", b"taken"))
    assert collection.answer() == "taken"


def test_only_the_core_is_kept_and_the_collection_stays_as_it_was(collection: Collection) -> None:
    before = sorted(collection.file.parents[3].rglob("*"))
    collection.answer()
    assert {path.name.partition(".")[0] for path in collection.kept()} == {"__init__", "answering"}
    assert sorted(collection.file.parents[3].rglob("*")) == before


def test_another_version_with_the_same_times_and_size_is_compiled(collection: Collection) -> None:
    collection.answer()
    collection.write("other")
    assert collection.answer() == "other"


@pytest.mark.parametrize("content", [b"", b"garbage", None], ids=["empty", "garbage", "cut off"])
def test_damaged_bytecode_counts_for_nothing(collection: Collection, content: bytes | None) -> None:
    collection.answer()
    kept = answering(collection)
    kept.write_bytes(kept.read_bytes()[:-9] if content is None else content)
    assert collection.answer() == "first"


@pytest.mark.parametrize("mode", [0o777, 0o770], ids=oct)
def test_nothing_is_read_where_others_can_write(collection: Collection, mode: int) -> None:
    collection.answer()
    kept = answering(collection)
    kept.write_bytes(kept.read_bytes().replace(b"first", b"taken"))
    (collection.home / "gatehouse").chmod(mode)
    assert collection.answer() == "first"


def test_a_home_that_is_no_directory_keeps_nothing(collection: Collection) -> None:
    collection.home.mkdir()
    (collection.home / "gatehouse").write_text("")
    assert collection.answer() == "first"
    assert collection.kept() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="needs somebody else's directory")
def test_root_leaves_nothing_in_the_home_of_another(collection: Collection) -> None:
    collection.home.mkdir()
    os.chown(collection.home, 65534, 65534)
    assert collection.answer() == "first"
    assert not (collection.home / "gatehouse").exists()


# Adoption runs once in a host's life; it would have every play load what it needs.
SELDOM = {"adopt.py"}


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((PLUGINS / "action").glob("*.py")) if path.name not in SELDOM],
    ids=lambda path: path.name,
)
def test_a_play_s_actions_import_the_core_where_its_bytecode_is_kept(path: Path) -> None:
    imported = [
        node.module or ""
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
    ]
    assert [name for name in imported if name.startswith((f"{CORE}._httpd", f"{CORE}._host"))] == []
