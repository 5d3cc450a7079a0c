"""What a long run tells of itself, and what an operator is shown of it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from module_utils._host.machine.progress import tell, told
from plugin_utils.progress_watch import AGAIN, FIRST, lines


def test_words_stand_in_a_file_of_the_owners_alone_and_go_with_the_run(tmp_path: Path) -> None:
    root = tmp_path / "run"
    with told("a-b", root=str(root)):
        tell("writing the new release")
        (path,) = root.iterdir()
        assert path.read_text() == "writing the new release\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(root.stat().st_mode) == 0o700
        tell("waiting")
        assert path.read_text() == "waiting\n"
    assert [*root.iterdir()] == []


def test_a_run_that_fails_leaves_no_words(tmp_path: Path) -> None:
    def run() -> None:
        with told("a", root=str(tmp_path)):
            tell("working")
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        run()
    assert [*tmp_path.iterdir()] == []


def test_nothing_is_written_where_nobody_waits(tmp_path: Path) -> None:
    tell("x")
    with told(None, root=str(tmp_path)):
        tell("x")
    assert [*tmp_path.iterdir()] == []


def test_a_token_leads_nowhere_else(tmp_path: Path) -> None:
    root = tmp_path / "run"
    with told("../../x", root=str(root)):
        tell("x")
        assert [path.parent for path in tmp_path.rglob("*") if path.is_file()] == [root]


def test_no_run_fails_for_its_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with told("a", root=str(tmp_path / "file")):
        tell("x")


def said(*words: str) -> list[str]:
    """Return what is printed of a module that says these words, one at each look."""
    left: Iterator[str] = iter(words)
    clock = [0.0]
    looked = [0]

    def is_over(seconds: float) -> bool:
        clock[0] += seconds
        return looked[0] == len(words)

    def look() -> str:
        looked[0] += 1
        return next(left)

    return [*lines(look, is_over, lambda: clock[0])]


def test_a_quick_module_is_never_looked_at() -> None:
    assert said() == []


def test_new_words_are_said_at_once_and_old_ones_after_a_while() -> None:
    often = int(AGAIN / FIRST)
    assert said("waiting", "", *["waiting"] * often, "proving") == [
        "waiting (after 5 s)",
        "waiting (after 35 s)",
        f"proving (after {FIRST * (often + 3):.0f} s)",
    ]


def test_a_module_that_says_nothing_is_not_spoken_for() -> None:
    assert said("", "", "") == []
