"""What is forgotten of a concern fails here: its value, its part of the contract, its variables, its role."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from module_utils._host.concerns.catalogue import HOST_SIDES
from module_utils._host.concerns.contract import HostSide
from module_utils._httpd.adopting.lift import Lift
from module_utils._httpd.adopting.lift_catalogue import LIFTS
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES, CONCERNS, staged_concerns
from module_utils._httpd.concerns.contract import Concern, InVhost, Written
from module_utils._httpd.concerns.inventory import (
    COMMIT_VARIABLES,
    ROLE_STATE,
    Inventory,
    variables,
    without_defaults,
)
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.release.frame import HostPaths, Neighbours, compile_release
from module_utils._httpd.syntax.print import print_tree

UTILS = Path(__file__).parents[2] / "plugins/module_utils"
FOLDER = UTILS / "_httpd/concerns"
FOLDERS = sorted({path.parent.name for path in FOLDER.glob("*/*.py")})
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/variables.yml"))
PARTS = {
    field.name for contract in (Concern, HostSide, Lift) for field in dataclasses.fields(contract)
} - {"name", "variables", "is_shared"}


def test_every_folder_is_a_concern_of_the_catalogue() -> None:
    assert sorted(CONCERN_NAMES) == FOLDERS, "name each in concerns/catalogue.py"
    lacking = [name for name in FOLDERS if not (FOLDER / name / "__init__.py").exists()]
    assert lacking == [], "give each an empty __init__.py, without which it isn't imported"


def test_every_variable_belongs_to_one_concern() -> None:
    owned = [f"apache_{name}" for concern in CONCERNS for name in concern.variables]
    of_none = (*COMMIT_VARIABLES, ROLE_STATE)
    assert sorted((*owned, *of_none)) == sorted(variables()), "name each in concerns/inventory.py"


def test_what_roles_bring_says_nothing_of_its_own() -> None:
    """Else a play with roles has other variables than the check before it, and compiles them again."""
    for path in (UTILS.parents[1] / "roles").glob("*/defaults/main.yml"):
        assert without_defaults(yaml.safe_load(path.read_text())) == {}


def test_a_function_with_a_contracts_name_is_in_its_value() -> None:
    """A part of a contract that is written and not named in the value would never be called."""
    values: dict[str, object] = {
        **{f"_httpd/concerns/{concern.name}": concern for concern in CONCERNS},
        **{f"_host/concerns/{side.name}": side for side in HOST_SIDES},
        **{f"_httpd/adopting/lifts/{file}": lift for file, lift in LIFT_FILES.items()},
    }
    named = {
        (place, name)
        for place, value in values.items()
        for name in (field.name for field in dataclasses.fields(value))  # type: ignore[arg-type]
        if callable(getattr(value, name)) and not getattr(value, name).__name__.startswith("_")
    }
    written = {
        (str(place), node.name)
        for place, path in contract_files()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name in PARTS
    }
    assert written == named, (
        "name each in its concern's value, and that in its catalogue: concerns/catalogue.py, "
        "adopting/lift_catalogue.py or _host/concerns/catalogue.py"
    )


# A lift's file has a name of its own.
LIFT_FILES = {
    taken.__module__.rpartition(".")[2]: lift
    for lift in LIFTS
    for taken in (lift.in_vhost, lift.of_host)
    if not taken.__name__.startswith("_")
}


def contract_files() -> Iterator[tuple[str, Path]]:
    """Yield each file that may have functions of a contract, with the place of its value."""
    for name in FOLDERS:
        for path in sorted((FOLDER / name).glob("*.py")):
            yield f"_httpd/concerns/{name}", path
    for path in sorted((UTILS / "_host/concerns").glob("*.py")):
        if path.stem not in ("__init__", "contract", "catalogue"):
            yield f"_host/concerns/{path.stem}", path
    for path in sorted((UTILS / "_httpd/adopting/lifts").glob("*.py")):
        yield f"_httpd/adopting/lifts/{path.stem}", path


def test_layers_agree_on_the_names_of_concerns() -> None:
    names = [side.name for side in HOST_SIDES] + [lift.name for lift in LIFTS]
    assert set(names) <= set(CONCERN_NAMES)
    assert len({side.name for side in HOST_SIDES}) == len(HOST_SIDES)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda: Written(settings={"setings": ()}), id="of the frame"),
        pytest.param(lambda: InVhost(slots={"rule": ()}), id="of a virtual host"),
        pytest.param(lambda: InVhost(twin={"rule": ()}), id="of a twin"),
    ],
)
def test_a_slot_that_nobody_includes_is_refused(written: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"there is no slot `\w+`; write one of first,"):
        written()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_every_file_of_a_release_is_named_in_it(path: Path) -> None:
    compiled, _problems = check_variables(yaml.safe_load(path.read_text()), CONCERN_NAMES)
    manifests = tuple(part.manifest for part in compiled.parts)
    frame = compile_release(manifests, neighbours=Neighbours(), paths=HostPaths(), digest="")
    texts = {file: text for part in compiled.parts for file, text in part.texts.items()}
    whole = "\n".join((print_tree(frame), *texts.values()))
    assert texts
    assert [file for file in texts if f"${{GATEHOUSE_RELEASE}}/{file}" not in whole] == []


@pytest.mark.parametrize("concern", CONCERNS, ids=lambda concern: concern.name)
def test_what_goes_with_a_concern_is_one(concern: Concern) -> None:
    for inventory in (Inventory(), Inventory(lists_vhosts=True)):
        assert concern.name in staged_concerns((concern.name,), inventory)
        assert set(concern.staged_with(inventory)) <= set(CONCERN_NAMES)
