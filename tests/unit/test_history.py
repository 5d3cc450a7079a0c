"""The history of a host's releases, and the way back through it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.deployment.release_table import ReleaseLinks, plain, table, told_releases
from module_utils._host.store.history import (
    ROLLBACK,
    Entry,
    added,
    nothing_before,
    nothing_taken_back,
    previous,
    print_entries,
    read_entries,
)

A, B, C = (
    Entry(name * 16, f"2026-11-2{day}T10:00:00Z", "ops@control") for day, name in enumerate("abc")
)


def test_history_is_read_as_it_is_written() -> None:
    entries = (A, Entry("d" * 16, what="+ shop; 2 files changed", has_failed=True))
    assert read_entries(print_entries(entries)) == entries


@pytest.mark.parametrize(
    ("text", "digests"),
    [
        pytest.param("aa\nbb\n", ["aa", "bb"], id="an older Gatehouse's"),
        pytest.param('aa\n{"digest": "bb", "later": 1}\n', ["aa", "bb"], id="a newer one's"),
        pytest.param('{"digest"\n[]\n{}\naa\n', ["aa"], id="damaged"),
        pytest.param("", [], id="empty"),
    ],
)
def test_what_cannot_be_read_costs_its_line_only(text: str, digests: list[str]) -> None:
    assert [entry.digest for entry in read_entries(text)] == digests


def committed(*entries: Entry, most: int = 5) -> list[Entry]:
    """Return the history of these commits, one after the other."""
    history: list[Entry] = []
    for entry in entries:
        before = history[-1].digest if history else ""
        history = added(history, entry, before=before, most=most)
    return history


def rolled_back(history: list[Entry], to: Entry, from_: Entry) -> list[Entry]:
    """Return the history after a rollback."""
    entry = Entry(to.digest, "later", "me", ROLLBACK)
    return added(history, entry, before=from_.digest, most=5)


def test_a_release_that_is_committed_again_comes_last_and_the_oldest_falls_out() -> None:
    assert committed(A, B, A) == [B, A]
    assert committed(A, B, C, most=2) == [B, C]


def test_what_was_fled_falls_out_first_and_what_is_live_never() -> None:
    history = rolled_back(committed(A, B), A, B)
    assert added(history, C, before=A.digest, most=2) == [A, C]
    assert added([A, B], C, before=A.digest, most=2) == [A, C]


def test_a_second_rollback_goes_further_back_and_not_to_what_was_fled() -> None:
    history = committed(A, B, C)
    assert previous(history, C.digest) == B.digest
    history = rolled_back(history, B, C)
    assert [entry.digest for entry in history] == [A.digest, B.digest, C.digest]
    assert previous(history, B.digest) == A.digest
    history = rolled_back(history, A, B)
    assert previous(history, A.digest) == ""
    # What is committed on top goes back to the one that served.
    history = added(history, Entry("d" * 16), before=A.digest, most=5)
    assert previous(history, "d" * 16) == A.digest


def test_what_a_rollback_passed_over_is_not_gone_back_to() -> None:
    history = [Entry("a"), Entry("b"), Entry("c")]
    back = added(history, Entry("a", how=ROLLBACK), before="c", most=5)
    assert [entry.has_failed for entry in back] == [False, True, True]
    assert previous(added(back, Entry("d"), before="a", most=5), "d") == "a"


def test_what_was_fled_and_is_gone_back_to_counts_again() -> None:
    history = rolled_back(rolled_back(committed(A, B), A, B), B, A)
    assert [entry.has_failed for entry in history] == [False, False]
    # Nobody fled from what was left to go forward again.
    assert previous(history, B.digest) == A.digest


def test_what_was_fled_and_is_committed_again_counts_again() -> None:
    history = rolled_back(committed(A, B), A, B)
    history = added(history, B, before=A.digest, most=5)
    assert history == [A, B]


@pytest.mark.parametrize(
    ("proved", "kept", "said"),
    [
        pytest.param("", [], "no release was committed on this host yet", id="none"),
        pytest.param("aa", ["aa"], "aa is the only release of this host", id="one"),
        pytest.param(
            "aa", ["aa", "bb"], "aa is the first release that this host keeps", id="first"
        ),
        pytest.param("bb", ["aa", "bb"], "somebody went back already from each release", id="fled"),
        pytest.param("bb", ["aa", "bb"], "-e apache_release=DIGEST with one of: aa", id="another"),
    ],
)
def test_why_there_is_none_to_go_back_to(proved: str, kept: list[str], said: str) -> None:
    assert said in nothing_before(proved, kept)


def test_table_tells_what_is_live_kept_and_fled() -> None:
    history = rolled_back(committed(A, B), A, B)
    kept = {A.digest: True, B.digest: False}
    serving = ReleaseLinks(A.digest, A.digest)
    latest, first = table(history, links=serving, kept=kept)
    assert latest == f"{B.digest}  {B.at}  ops@control  rolled back from, not kept whole"
    assert first == f"{A.digest}  {A.at}  ops@control  live"
    nothing = table([], links=ReleaseLinks("", ""), kept={})
    assert nothing == ["no release was committed on this host yet"]
    assert plain(history[0], links=serving, kept=kept)["is_live"] is True


@pytest.mark.parametrize("damage", ["", "{", None])
def test_releases_that_no_history_lists_are_listed_all_the_same(
    tmp_path: Path, damage: str | None
) -> None:
    host = Host(tmp_path)
    assert told_releases(host.store, host.layout)["lines"] == [
        "no release was committed on this host yet"
    ]
    for name in ("old.example.com", "shop.example.com"):
        host.make(host.draft(parts_of(vhost(name))))
    assert told_releases(host.store, host.layout)["warnings"] == []
    assert {one["is_live"] for one in told_releases(host.store, host.layout)["releases"]} == {False}
    history = Path(host.store.root, "history")
    history.unlink() if damage is None else history.write_text(damage)
    told = told_releases(host.store, host.layout)
    assert len(told["releases"]) == 2
    # Of this host nothing runs.
    assert told["lines"][0].startswith("WARNING: the server doesn't run, and nobody asked for that")
    marks = [("live" in line, "maybe never proved" in line) for line in told["lines"][1:]]
    assert marks == [(True, False), (False, True)]
    (warning,) = told["warnings"]
    assert warning.startswith(f"{history} says nothing of the 2 releases that lie there; ")


def test_a_server_that_has_not_read_its_files_serves_another_release() -> None:
    links = ReleaseLinks(B.digest, B.digest, answers=A.digest)
    assert links.warning.startswith(f"the server still serves the release {A.digest}")
    lines = table(committed(A, B), links=links, kept={A.digest: True, B.digest: True})
    assert lines[1].endswith("live once the server has read its files")
    assert lines[2].endswith("ops@control  live")
    assert ReleaseLinks(B.digest, B.digest, answers=B.digest).warning == ""


@pytest.mark.parametrize(
    ("followed", "is_open", "why"),
    [
        pytest.param(
            "ffff", True, "proved last: its commit is under way, or was cut off", id="killed"
        ),
        pytest.param(A.digest, True, "a commit is open: it is under way", id="killed early"),
        pytest.param("ffff", False, "proved last: its link was changed", id="by hand"),
    ],
)
def test_table_tells_of_a_commit_that_is_open(followed: str, is_open: bool, why: str) -> None:
    links = ReleaseLinks(followed, A.digest, is_open)
    warning, line = table(committed(A), links=links, kept={A.digest: True})
    assert warning.startswith("WARNING: ")
    assert ("Apache follows ffff, and" in warning) is (followed == "ffff")
    assert why in warning
    assert line.endswith("live" if followed == A.digest else "proved last")


def test_a_commit_that_only_mends_or_stops_leaves_its_release_what_it_changed() -> None:
    history = [A, replace(B, what="+ shop.example.com")]
    stopped = Entry(B.digest, "later", "me")
    assert added(history, stopped, before=B.digest, most=5) == history
    # What nobody listed is listed.
    assert added([A], stopped, before=B.digest, most=5) == [A, stopped]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        pytest.param("cc", "cc is the release that serves", id="the live one"),
        pytest.param(
            "bb",
            "it differs by a file; to go elsewhere write -e apache_release=DIGEST with one of: aa",
            id="one that differs by what is the host's own",
        ),
    ],
)
def test_a_rollback_that_changes_nothing_says_why(wanted: str, said: str) -> None:
    assert nothing_taken_back(wanted, ["aa", "bb", "cc"], "cc", "it differs by a file") == said


def test_where_there_is_no_other_release_none_is_named() -> None:
    assert (
        nothing_taken_back("aa", ["aa", "bb"], "bb", "it differs by a file")
        == "it differs by a file"
    )
