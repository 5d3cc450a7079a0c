"""The tarball has what a collection needs and no more, and those who take it in find nothing to mend."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from readme import blocks

ROOT = Path(__file__).parents[2]
TOP = {"CHANGELOG.md", "COPYING", "FILES.json", "MANIFEST.json", "README.md", "changelogs", "docs", "meta", "playbooks",
       "plugins", "roles"}  # fmt: skip
KINDS = {".json", ".md", ".py", ".yaml", ".yml", ""}


def said(*words: str, cwd: Path, **environment: str) -> str:
    """Run a command that has to succeed; return what it printed."""
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collection, where a collection lies."""
    directory = tmp_path_factory.mktemp("copy") / "ansible_collections/gatehouse/apache"
    said(str(ROOT / "tests/copy"), str(directory), cwd=ROOT)
    return directory


@pytest.fixture(scope="module")
def tarball(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection as it is published."""
    directory = tmp_path_factory.mktemp("tarball")
    said("ansible-galaxy", "collection", "build", "--output-path", str(directory), cwd=collection)
    (found,) = directory.iterdir()
    return found


def test_tarball_has_what_a_collection_needs_and_no_more(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = [Path(member.name) for member in archive if member.isfile()]
    assert {name.parts[0] for name in names} == TOP
    assert {name.suffix for name in names} == KINDS
    assert not [name for name in names if name.name.startswith(".")]


def test_checkout_with_its_caches_makes_the_same_tarball(tarball: Path, tmp_path: Path) -> None:
    words = ["ansible-galaxy", "collection", "build", "--output-path", str(tmp_path)]
    said(*words, cwd=ROOT)
    with tarfile.open(tarball) as copied, tarfile.open(next(tmp_path.iterdir())) as built:
        left_over = {name for name in built.getnames() if "__pycache__" not in name}
        assert left_over == set(copied.getnames())


def test_readme_installs_it_where_no_other_collection_is(tarball: Path, tmp_path: Path) -> None:
    from_galaxy, from_tarball, from_git = blocks("console", "Install")[0].splitlines()
    shutil.copy(tarball, tmp_path)
    assert from_galaxy.split()[-1] == "gatehouse.apache"
    # The repository itself, in the place of the one that the world clones.
    from_here = from_git.replace("https://github.com/gatehouse/apache.git", f"file://{ROOT}")
    for name, command in (("tarball", from_tarball), ("git", from_here)):
        directory = tmp_path / name
        said(*shlex.split(command), cwd=tmp_path, ANSIBLE_COLLECTIONS_PATH=str(directory))
        installed = directory / "ansible_collections"
        assert (installed / "gatehouse/apache/playbooks/site.yml").exists()
        assert [
            one.name for one in installed.iterdir() if not one.name.startswith("gatehouse")
        ] == []


def test_galaxys_importer_takes_it_without_a_warning(tarball: Path, tmp_path: Path) -> None:
    config = str(Path(__file__).with_name("importer.cfg"))
    words = [sys.executable, "-m", "galaxy_importer.main", str(tarball)]
    printed = said(*words, cwd=tmp_path, GALAXY_IMPORTER_CONFIG=config)
    assert "Loading role vhosts" in printed
    assert re.findall(r"^.*(?:WARNING|ERROR).*$", printed, re.MULTILINE) == []


def test_documentation_of_plugins_and_roles_has_no_mistake(collection: Path) -> None:
    words = [
        "antsibull-docs",
        "lint-collection-docs",
        "--plugin-docs",
        "--validate-collection-refs",
    ]
    assert said(*words, "self", str(collection), cwd=collection) == ""


def test_changelog_is_what_its_tool_makes_of_the_fragments(tmp_path: Path) -> None:
    said(str(ROOT / "tools/changelog"), str(tmp_path / "page.md"), cwd=ROOT)
    current = (ROOT / "CHANGELOG.md").read_text()
    assert current == (tmp_path / "page.md").read_text(), "run tools/changelog"


def test_changelog_knows_every_role_and_playbook() -> None:
    text = (ROOT / "CHANGELOG.md").read_text().replace("\\", "")
    known = set(re.findall(r"^\* (\w+) - ", text, re.MULTILINE))
    playbooks = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    assert known >= {path.name for path in (ROOT / "roles").iterdir()} | playbooks
