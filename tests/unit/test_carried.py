"""The core that lies on a host: whole or not at all, by the digest of its files, and nobody else's."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("ansible")
from module_utils import carried
from module_utils._host.certificates import renewal

FILES = {"_host/__init__.py": b"", "_host/word.py": b"WORD = 'core'\n"}
DIGEST = carried.digest_of(FILES)


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    """Where cores lie."""
    return tmp_path / "run"


def packed(directory: Path, files: dict[str, bytes]) -> str:
    """Return a zip of files."""
    path = directory / "core.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return str(path)


def ask(runtime: Path, source: str | None = None, digest: str = DIGEST) -> str:
    """Ask for a core."""
    return carried.carried(digest, source, runtime=str(runtime))


def test_a_core_is_brought_once_and_found_from_then_on(tmp_path: Path, runtime: Path) -> None:
    assert ask(runtime) == ""
    found = ask(runtime, packed(tmp_path, FILES))
    assert found == f"{runtime}/core-{DIGEST}"
    assert ask(runtime) == found
    assert Path(found, carried.PACKAGE, "_host/word.py").read_bytes() == FILES["_host/word.py"]
    assert os.stat(runtime).st_mode & 0o777 == 0o700
    assert os.stat(found).st_mode & 0o777 == 0o700
    assert sorted(os.listdir(runtime)) == [f"core-{DIGEST}"]


def test_other_files_than_those_that_were_sent_are_refused(tmp_path: Path, runtime: Path) -> None:
    other = {**FILES, "_host/word.py": b"WORD = 'another'\n"}
    with pytest.raises(OSError, match="isn't what the controller sent"):
        ask(runtime, packed(tmp_path, other))
    assert os.listdir(runtime) == []


CORE = Path(__file__).parents[2] / "plugins/module_utils"
STANDING_ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
from gatehouse_core._host.certificates import renewal
from gatehouse_core._host.requests import commit_request, stage_request
print(*(path for path, _text in renewal._modules()))
"""


def test_the_core_stands_alone_under_the_name_that_it_is_carried_by(
    tmp_path: Path, runtime: Path
) -> None:
    files = {
        str(path.relative_to(CORE)): path.read_bytes()
        for layer in ("_httpd", "_host")
        for path in (CORE / layer).rglob("*.py")
    }
    found = ask(runtime, packed(tmp_path, files), carried.digest_of(files))
    command = [sys.executable, "-I", "-c", STANDING_ALONE, found]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    # What is put together of the core's own files has them by their places in it.
    assert done.stdout.split() == [path for path, _text in renewal._modules()]


def test_names_and_contents_cannot_be_taken_for_one_another() -> None:
    assert carried.digest_of({"a": b"1\nb 1\n2"}) != carried.digest_of({"a": b"1", "b": b"2"})


def half(place: Path) -> None:
    """Leave a core without one of its files."""
    (place / carried.PACKAGE / "_host").mkdir(parents=True)
    (place / carried.PACKAGE / "_host/__init__.py").write_bytes(b"")


def edited(place: Path) -> None:
    """Leave a core with other words."""
    half(place)
    (place / carried.PACKAGE / "_host/word.py").write_text("WORD = 'another'\n")


@pytest.mark.parametrize(
    "put",
    [
        pytest.param(Path.mkdir, id="an empty directory"),
        pytest.param(half, id="half a core"),
        pytest.param(edited, id="an edited core"),
        pytest.param(lambda place: place.write_text("x"), id="a file"),
        pytest.param(lambda place: place.symlink_to(place.parent), id="a link"),
        pytest.param(lambda place: place.symlink_to("nowhere"), id="a dangling link"),
    ],
)
def test_whatever_else_lies_in_the_place_of_a_core_makes_way(
    tmp_path: Path, runtime: Path, put: Callable[[Path], object]
) -> None:
    runtime.mkdir()
    put(runtime / f"core-{DIGEST}")
    assert ask(runtime) == ""
    assert ask(runtime, packed(tmp_path, FILES)) == f"{runtime}/core-{DIGEST}"
    assert os.listdir(runtime) == [f"core-{DIGEST}"]


def test_bytecode_that_a_full_disk_cut_off_is_compiled_anew(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = "_host/requests/word_request.py"
    files = {
        "_host/__init__.py": b"",
        "_host/requests/__init__.py": b"",
        request: b"def answer(params):\n    return {'said': params}\n",
    }
    found = ask(runtime, packed(tmp_path, files), carried.digest_of(files))
    source = f"{found}/{carried.PACKAGE}/{request}"
    bytecode = Path(py_compile.compile(source, doraise=True) or "")
    bytecode.write_bytes(bytecode.read_bytes()[:40])
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", sys.dont_write_bytecode)
    assert carried._answer_of(found, "word_request")({"a": 1}) == {"said": {"a": 1}}
    assert sys.dont_write_bytecode


def test_a_digest_is_no_path(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / "core-x").mkdir()
    assert ask(runtime, digest="../core-x") == ""


def test_cores_of_before_and_what_killed_runs_left_go_after_a_while(
    tmp_path: Path, runtime: Path
) -> None:
    runtime.mkdir()
    names = ["core-1", "core-2", "core-3", ".core-killed"]
    for age, name in enumerate(names):
        (runtime / name).mkdir()
        then = 1_000_000_000 + age
        os.utime(runtime / name, (then, then))
    (runtime / "core-4").mkdir()
    ask(runtime, packed(tmp_path, FILES))
    # One beside today's: an hour has not passed since the last was brought.
    assert sorted(os.listdir(runtime)) == ["core-4", f"core-{DIGEST}"]
