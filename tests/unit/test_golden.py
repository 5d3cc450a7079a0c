"""Whole inventories as the configuration that a careful operator would write.

`python tests/unit/test_golden.py` writes the expected files anew; their diff is what to read.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "plugins"))

from module_utils._httpd.concerns.catalogue import CONCERN_NAMES  # noqa: E402
from module_utils._httpd.concerns.vhosts.model import Vhost  # noqa: E402
from module_utils._httpd.concerns.vhosts.vhost_lists import VHOST_LISTS  # noqa: E402
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
    assert [str(problem) for problem in problems if problem.severity != "hint"] == []
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


def test_every_key_of_a_virtual_host_says_something_in_a_golden_inventory() -> None:
    heard = {key for case in CASES for key in keys_heard(variables_of(case))}
    assert heard == {field.name for field in fields(Vhost) if "key" in field.metadata}


def keys_heard(variables: dict[str, Any]) -> Iterator[str]:
    """Yield the keys of virtual hosts without which something else would be staged."""
    whole = staged(variables)
    for name in VHOST_LISTS:
        vhosts = variables.get(name, [])
        for number, vhost in enumerate(vhosts):
            for key in vhost:
                without = {one: value for one, value in vhost.items() if one != key}
                changed = [*vhosts[:number], without, *vhosts[number + 1 :]]
                if staged({**variables, name: changed}) != whole:
                    yield key


def staged(variables: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a stage sends to hosts."""
    compiled, _problems = check_variables(variables, CONCERN_NAMES)
    return [part.to_plain() for part in compiled.parts]


def rewrite() -> None:
    """Write what the core says now, once it says anything."""
    for case, release in {case: release_of(variables_of(case)) for case in CASES}.items():
        shutil.rmtree(GOLDEN / case / "release", ignore_errors=True)
        for path, text in release.items():
            target = GOLDEN / case / "release" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)


if __name__ == "__main__":
    rewrite()
