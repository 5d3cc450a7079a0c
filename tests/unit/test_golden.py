"""Whole inventories as the configuration that a careful operator would write.

`python tests/unit/test_golden.py` writes the expected files anew; their diff is what to read.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "plugins"))

from module_utils._httpd.concerns.catalogue import CONCERN_NAMES  # noqa: E402
from module_utils._httpd.release.checked import check_variables  # noqa: E402
from module_utils._httpd.release.frame import HostPaths, Neighbours, compile_release  # noqa: E402
from module_utils._httpd.syntax.print import print_tree  # noqa: E402

PATHS = HostPaths(
    release="/release",
    store="/store",
    shared="/store-shared",
    definitions={
        "GATEHOUSE_CA_FILE": "/authorities.pem",
        "GATEHOUSE_CURVES": "X25519:prime256v1",
    },
)
GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir())


def release_of(variables: dict[str, Any]) -> dict[str, str]:
    """Return the texts of the release that variables make on a bare host, by path."""
    compiled, problems = check_variables(variables, CONCERN_NAMES)
    assert not [problem for problem in problems if problem.severity != "hint"]
    manifests = tuple(part.manifest for part in compiled.parts)
    frame = compile_release(
        manifests, neighbours=Neighbours(), paths=PATHS, digest="0123456789abcdef"
    )
    files = {path: text for part in compiled.parts for path, text in part.texts.items()}
    return {"gatehouse.conf": print_tree(frame), **files}


def expected(case: str) -> dict[str, str]:
    """Return the files of a case."""
    directory = GOLDEN / case / "release"
    return {
        str(path.relative_to(directory)): path.read_text()
        for path in directory.rglob("*.*")
    }  # fmt: skip


def variables_of(case: str) -> dict[str, Any]:
    """Return what the inventory of a case says."""
    variables: dict[str, Any] = yaml.safe_load((GOLDEN / case / "variables.yml").read_text())
    return variables


@pytest.mark.parametrize("case", CASES)
def test_a_release_reads_as_expected(case: str) -> None:
    assert release_of(variables_of(case)) == expected(case)


def rewrite() -> None:
    """Write what the core says now."""
    for case in CASES:
        shutil.rmtree(GOLDEN / case / "release", ignore_errors=True)
        for path, text in release_of(variables_of(case)).items():
            target = GOLDEN / case / "release" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)


if __name__ == "__main__":
    rewrite()
