"""Releases: complete, immutable, and collected when nothing names them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.commit.removal import plan_removal
from module_utils._host.machine.changes import apply
from module_utils._host.machine.files import draft_of
from module_utils._host.machine.lock import HostError
from module_utils._host.store.history import Entry
from module_utils._host.store.release import Release
from module_utils._host.store.remains import remains, sweep
from module_utils._host.store.salvage import salvaged_release
from module_utils._host.store.staging import discard, overlaid, stage, staged
from module_utils._host.store.store import KEPT_RELEASES, Store
from module_utils._httpd.release.part import Part, in_order
from plugin_utils.archive import archived


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    store = Store(str(tmp_path / "gatehouse"))
    store.create()
    return store


def release(number: int = 1) -> Release:
    """A release of its own."""
    parts = parts_of(vhost(proxy_timeout=number))
    return Release(f"{number:016x}", f"# {number}\n", parts)


def test_a_release_comes_back_as_it_was_written(store: Store) -> None:
    store.write(release())
    assert store.read(release().digest) == release()


@pytest.mark.parametrize("calls", [0, 1])
def test_a_removal_that_is_killed_leaves_no_store_and_is_finished(
    store: Store, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    store.write(release())
    os.makedirs(store.shared)
    left = iter([shutil.rmtree] * calls)

    def rmtree(path: str) -> None:
        next(left)(path)

    with monkeypatch.context() as killed:
        killed.setattr(shutil, "rmtree", rmtree)
        with pytest.raises(StopIteration):
            store.remove()
    assert not os.path.exists(store.root)
    store.finish_removal()
    assert os.listdir(os.path.dirname(store.root)) == []


def test_nobody_but_root_reads_a_release(store: Store) -> None:
    store.write(release())
    modes = {oct(path.stat().st_mode & 0o077) for path in Path(store.root).rglob("*")}
    assert modes == {"0o0"}


def test_a_draft_of_a_killed_run_is_overwritten(store: Store) -> None:
    draft = Path(store.directory(f".new-{release().digest}"))
    draft.mkdir()
    (draft / "half").write_text("")
    store.write(release())
    assert store.read(release().digest) == release()
    assert os.listdir(f"{store.root}/releases") == [release().digest]


def test_links_to_releases_move(store: Store) -> None:
    assert (store.proved, store.current) == ("", "")
    store.prove("a")
    store.prove("b")
    assert store.proved == "b"
    store.prove("")
    assert store.proved == ""


def test_history_keeps_the_last_and_the_rest_is_collected(store: Store) -> None:
    for number in range(1, KEPT_RELEASES + 3):
        store.write(release(number))
        store.prove(release(number).digest)
        store.remember(Entry(release(number).digest))
    sweep(store)
    kept = [release(number).digest for number in range(3, KEPT_RELEASES + 3)]
    assert store.history() == kept
    assert sorted(os.listdir(f"{store.root}/releases")) == kept


def test_a_release_that_was_never_proved_is_swept(store: Store) -> None:
    store.write(release())
    sweep(store)
    assert os.listdir(f"{store.root}/releases") == []


def test_the_current_release_is_not_swept(store: Store) -> None:
    store.write(release())
    os.symlink(f"releases/{release().digest}", store.link("current"))
    sweep(store)
    assert store.read(store.current) == release()


@pytest.mark.parametrize("name", ["proved", "current", "history", "ledger", "journal"])
def test_what_a_killed_change_left_is_swept_and_nothing_that_it_leads_to(
    store: Store, name: str
) -> None:
    store.write(release())
    store.prove(release().digest)
    os.symlink(f"releases/{release().digest}", draft_of(f"{store.root}/{name}"))
    assert remains(store) == [draft_of(f"{store.root}/{name}")]
    sweep(store)
    assert remains(store) == []
    assert not os.path.lexists(draft_of(f"{store.root}/{name}"))
    assert salvaged_release(store) == release()


@pytest.fixture
def stages(tmp_path: Path) -> str:
    """Where parts are staged."""
    return str(tmp_path / "stage")


def send(parts: Iterable[Part], token: str, stages: str) -> None:
    """Stage parts as the action plugin sends them."""
    with archived({part.manifest.name: json.dumps(part.to_plain()) for part in parts}) as path:
        stage(path, token, root=stages)


def digests(parts: Iterable[Part]) -> set[str]:
    """Return what parts say, in no order."""
    return {part.digest for part in parts}


def test_parts_come_out_of_an_archive_for_their_own_play_alone(stages: str) -> None:
    parts = parts_of(vhost())
    send(parts, "play", stages)
    assert digests(staged("play", root=stages)) == digests(parts)
    assert staged("another", root=stages) == ()


def test_what_is_staged_again_replaces_what_was(stages: str) -> None:
    for timeout in (1, 2):
        send(parts_of(vhost(proxy_timeout=timeout)), "play", stages)
    assert digests(staged("play", root=stages)) == digests(parts_of(vhost(proxy_timeout=2)))


def test_a_play_forgets_its_own_parts(stages: str) -> None:
    for token in ("play", "another"):
        send(parts_of(vhost()), token, stages)
    discard("play", root=stages)
    assert os.listdir(stages) == ["another"]


def test_parts_of_a_play_that_died_long_ago_are_forgotten(stages: str) -> None:
    send(parts_of(vhost()), "dead", stages)
    os.utime(f"{stages}/dead", (0, 0))
    discard("play", root=stages)
    assert os.listdir(stages) == []


def test_a_part_replaces_only_its_owners() -> None:
    mine, theirs = parts_of(vhost()), parts_of(vhost("a.example.com"), apache_owner="theirs")
    newer = parts_of(vhost(proxy_timeout=3))
    assert overlaid((*mine, *theirs), newer) == in_order((*newer, *theirs))


def test_the_order_of_staging_makes_no_difference() -> None:
    mine, theirs = parts_of(vhost()), parts_of(vhost("a.example.com"), apache_owner="theirs")
    assert overlaid(mine, theirs) == overlaid(theirs[::-1], mine)


def test_an_absent_part_takes_its_owners_away_and_no_other() -> None:
    mine, theirs = parts_of(vhost()), parts_of(vhost("a.example.com"), apache_owner="theirs")
    gone = replace(mine[-1], is_absent=True)
    assert overlaid((*mine, *theirs), (gone,)) == in_order((*mine[:-1], *theirs))


@pytest.mark.parametrize("name", ["../outside.conf", "/outside.conf"])
def test_an_archive_writes_nothing_outside(stages: str, name: str) -> None:
    part = parts_of(vhost())[-1]
    manifest = replace(part.manifest, files=(name,))
    with pytest.raises(ValueError, match="leaves its directory"):
        send([replace(part, manifest=manifest, texts={name: "x"})], "play", stages)


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', '[{"format": "x"}]', "null", "[{}]"])
def test_a_manifest_that_somebody_damaged_is_told_by_its_path(store: Store, text: str) -> None:
    store.write(release())
    path = Path(store.directory(release().digest), "manifest.json")
    path.write_text(text)
    store.prove(release().digest)
    os.makedirs(f"{store.blobs}/0123")
    with pytest.raises(HostError, match=f"^{path} isn't as Gatehouse wrote it"):
        Store(store.root).manifests(release().digest)
    # It may name every blob.
    assert remains(store) == []


def test_a_removal_needs_no_manifest(tmp_path: Path) -> None:
    host = Host(tmp_path)
    before = host.tree()
    host.make(host.draft(parts_of(vhost())))
    path = Path(host.store.directory(host.store.proved), "manifest.json")
    path.write_text("[{}]")
    store = Store(host.store.root)
    apply(plan_removal(store, host.layout, HTTPD).changes)
    assert host.tree() == before
