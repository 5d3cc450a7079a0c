"""Files change whole or not at all, and a journal takes any number of changes back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from module_utils._host.machine.changes import Change, apply, undo
from module_utils._host.machine.files import (
    ABSENT,
    State,
    forget_draft,
    link_to,
    read_state,
    write_state,
)
from module_utils._host.store.journal import Journal, read_journal, remove_journal, write_journal

STATES = [
    pytest.param(ABSENT, id="absent"),
    pytest.param(link_to("../elsewhere"), id="link"),
    pytest.param(State("file", "text\n", 0o640), id="file"),
]


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_a_path_becomes_what_is_asked(tmp_path: Path, before: State, after: State) -> None:
    path = str(tmp_path / "path")
    write_state(path, before)
    write_state(path, after)
    assert read_state(path) == after
    assert os.listdir(tmp_path) == ([] if after == ABSENT else ["path"])


@pytest.mark.parametrize("after", STATES[1:])
def test_a_draft_of_a_killed_run_is_no_obstacle(tmp_path: Path, after: State) -> None:
    path = str(tmp_path / "path")
    (tmp_path / ".path.gatehouse-new").write_text("half")
    write_state(path, after)
    assert read_state(path) == after
    assert os.listdir(tmp_path) == ["path"]


def test_forgetting_a_draft_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    forget_draft(str(tmp_path / "path"))
    assert os.listdir(tmp_path) == []


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    (tmp_path / "path").write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_state(str(tmp_path / "path"), State("file", "\ud800", 0o600))
    assert (tmp_path / "path").read_text() == "old"
    assert os.listdir(tmp_path) == ["path"]


def test_bytes_that_are_no_text_survive(tmp_path: Path) -> None:
    (tmp_path / "path").write_bytes(b"caf\xe9\n")
    write_state(str(tmp_path / "copy"), read_state(str(tmp_path / "path")))
    assert (tmp_path / "copy").read_bytes() == b"caf\xe9\n"


def changes_in(root: Path) -> tuple[Change, ...]:
    """One change of each kind, and one that stands on another."""
    (root / "file").write_text("old")
    (root / "gone").symlink_to("file")
    return (
        Change(str(root / "file"), State("file", "old", 0o644), State("file", "new", 0o644)),
        Change(str(root / "link"), ABSENT, link_to("file")),
        Change(str(root / "gone"), link_to("file"), ABSENT),
    )


@pytest.mark.parametrize("made", range(4))
def test_undo_takes_any_prefix_back(tmp_path: Path, made: int) -> None:
    changes = changes_in(tmp_path)
    (tmp_path / "file").chmod(0o644)
    before = [read_state(change.path) for change in changes]
    apply(changes[:made])
    undo(changes)
    assert [read_state(change.path) for change in changes] == before


def test_undo_removes_the_draft_of_the_change_that_was_killed(tmp_path: Path) -> None:
    changes = changes_in(tmp_path)
    (tmp_path / ".link.gatehouse-new").symlink_to("file")
    undo(changes)
    assert sorted(os.listdir(tmp_path)) == ["file", "gone"]


def test_a_journal_comes_back_as_it_was_written(tmp_path: Path) -> None:
    journal = Journal("old", "new", was_active=True, changes=changes_in(tmp_path))
    path = str(tmp_path / "journal")
    write_journal(path, journal)
    assert read_journal(path) == journal
    remove_journal(path)
    assert read_journal(path) is None


def test_a_journal_is_for_root_alone(tmp_path: Path) -> None:
    write_journal(str(tmp_path / "journal"), Journal("", "new", was_active=False, changes=()))
    assert (tmp_path / "journal").stat().st_mode & 0o777 == 0o600
