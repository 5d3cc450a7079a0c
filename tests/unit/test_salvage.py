"""A store that somebody damaged: what can be relied on, what is restored, and what nothing on the host says any more."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.commit.healing import refuse_lost_owners, refuse_lost_parts, told_damage
from module_utils._host.commit.outcome import Refusal
from module_utils._host.commit.removal import plan_removal, told_lost
from module_utils._host.machine.changes import apply
from module_utils._host.machine.files import aside_in
from module_utils._host.store.history import Entry
from module_utils._host.store.ledger import read_ledger
from module_utils._host.store.mending import (
    LEDGER_LOST,
    clear_misplaced,
    mend_history,
    mend_ledger,
    mend_links,
)
from module_utils._host.store.salvage import is_frame_whole, repair, salvage_proved
from module_utils._host.store.store import Store
from module_utils._host.swap.undo import recover
from module_utils._httpd.release.part import Part, part_digest

SHOP = parts_of(vhost("shop.example.com"), apache_owner="shop")
SHOP_BEFORE = parts_of(vhost("old.example.com"), apache_owner="shop")
WIKI = parts_of(vhost("wiki.example.com"), apache_owner="wiki")
WIKI_BEFORE = parts_of(vhost("wiki.example.com", proxy_timeout=7), apache_owner="wiki")
FILE = "wiki/vhosts/wiki.example.com.conf"


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host whose two owners have committed once."""
    host = Host(tmp_path)
    host.make(host.draft((*SHOP, *WIKI_BEFORE)))
    return host


def fresh(host: Host) -> Store:
    """Open the store as another run would."""
    host.store = Store(host.store.root)
    return host.store


def live_file(host: Host, path: str = FILE) -> Path:
    """Return the path of a file of the release that was proved."""
    return Path(host.store.directory(host.store.proved), path)


def named(parts: tuple[Part, ...], name: str) -> Part:
    """Return a part by its name."""
    return next(part for part in parts if part.manifest.name == name)


def test_what_nobody_touched_is_relied_on(host: Host) -> None:
    found = salvage_proved(fresh(host))
    assert (found.found, found.damaged, found.changed, found.lost) == ((), frozenset(), {}, ())


@pytest.mark.parametrize("text", [None, "# edited\n"])
def test_what_another_release_has_to_the_letter_is_restored(host: Host, text: str | None) -> None:
    host.make(host.draft((*SHOP_BEFORE, *WIKI_BEFORE)))
    before = live_file(host).read_text()
    live_file(host).unlink() if text is None else live_file(host).write_text(text)
    found = salvage_proved(fresh(host))
    assert found.damaged == {"wiki.vhosts"}
    assert (found.changed, found.lost) == ({}, ())
    assert found.found[0].startswith(str(live_file(host)))
    assert named(found.release.parts, "wiki.vhosts").texts[FILE] == before
    made = host.draft(found.release.parts)
    assert made.release.digest == host.store.proved
    host.make(made)
    assert live_file(host).read_text() == before
    assert salvage_proved(fresh(host)).found == ()


def test_what_no_other_release_has_stays_as_somebody_edited_it(host: Host) -> None:
    live_file(host).write_text("# edited\n")
    found = salvage_proved(fresh(host))
    assert named(found.release.parts, "wiki.vhosts").texts[FILE] == "# edited\n"
    assert "wiki.vhosts" in found.changed
    assert any("as somebody edited it" in one for one in told_damage(found, SHOP))
    assert not any("as somebody edited it" in one for one in told_damage(found, WIKI))


def test_a_missing_file_is_had_from_an_earlier_release(host: Host) -> None:
    host.make(host.draft((*SHOP, *WIKI)))
    live_file(host).unlink()
    found = salvage_proved(fresh(host))
    assert (
        named(found.release.parts, "wiki.vhosts").digest == named(WIKI_BEFORE, "wiki.vhosts").digest
    )
    assert found.changed == {"wiki.vhosts": "is as an earlier release has it"}


def test_what_nothing_says_any_more_is_lost_and_refused_unless_the_play_brings_it(
    host: Host,
) -> None:
    live_file(host).unlink()
    found = salvage_proved(fresh(host))
    assert found.lost == ("wiki.vhosts",)
    with pytest.raises(
        Refusal, match="no release of this host has `vhosts` of the owner `wiki` any more"
    ):
        refuse_lost_parts(found, SHOP, may_lose=False)
    refuse_lost_parts(found, SHOP, may_lose=True)
    refuse_lost_parts(found, WIKI, may_lose=False)


@pytest.mark.parametrize("text", [None, "", "null", "[1]", "[{}]"])
def test_without_a_manifest_others_are_as_the_release_before_had_them(
    host: Host, text: str | None
) -> None:
    host.make(host.draft((*SHOP, *WIKI)))
    manifest = live_file(host, "manifest.json")
    manifest.unlink() if text is None else manifest.write_text(text)
    found = salvage_proved(fresh(host))
    assert found.found[0].startswith(f"{manifest} is")
    assert {part.manifest.owner for part in found.release.parts} == {"shop", "wiki"}
    assert set(found.changed) == found.damaged
    # The same inventory comes to the same release, which is whole then.
    made = host.draft((*SHOP, *WIKI))
    assert made.release.digest == host.store.proved
    host.make(made)
    assert salvage_proved(fresh(host)).found == ()


def _dangling(store: Store) -> None:
    shutil.rmtree(store.directory(store.proved))


def _gone(store: Store) -> None:
    shutil.rmtree(f"{store.root}/releases")


def _garbage(store: Store) -> None:
    os.unlink(store.link("current"))
    Path(store.link("current")).write_text("\0garbage")


@pytest.mark.parametrize("damage", [_dangling, _gone, _garbage])
def test_an_inventory_makes_a_whole_release_of_any_store(
    host: Host, damage: Callable[[Store], None]
) -> None:
    damage(host.store)
    fresh(host)
    host.make(host.draft((*SHOP, *WIKI)))
    assert host.store.current == host.store.proved
    assert salvage_proved(fresh(host)).found == ()
    assert live_file(host).read_text() == named(WIKI, "wiki.vhosts").texts[FILE]


def test_a_release_of_a_version_that_wrote_no_digests_is_taken_as_it_is(host: Host) -> None:
    manifest = live_file(host, "manifest.json")
    rows = [
        {name: value for name, value in row.items() if name != "digest"}
        for row in json.loads(manifest.read_text())
    ]
    manifest.write_text(json.dumps(rows))
    assert salvage_proved(fresh(host)).found == ()


def test_a_release_of_another_version_is_what_its_own_digest_says(host: Host) -> None:
    """Another version's manifest has other keys, so this one would compute another digest."""
    manifest = live_file(host, "manifest.json")
    rows = json.loads(manifest.read_text())
    for row, part in zip(rows, host.store.read(host.store.proved).parts):
        row["another"] = "key"
        plain = {name: value for name, value in row.items() if name not in ("digest", "frame")}
        row["digest"] = part_digest(plain, part.texts)
    manifest.write_text(json.dumps(rows))
    assert salvage_proved(fresh(host)).found == ()
    rows[0]["another"] = "edited"
    manifest.write_text(json.dumps(rows))
    assert salvage_proved(fresh(host)).damaged == {rows[0]["owner"] + "." + rows[0]["concern"]}


def test_what_a_failed_commit_goes_back_to_is_repaired_first(host: Host) -> None:
    before, digest = live_file(host).read_text(), host.store.proved
    live_file(host).write_text("# edited\n")
    repair(fresh(host), digest, WIKI)
    assert live_file(host).read_text() == "# edited\n"
    repair(host.store, digest, WIKI_BEFORE)
    assert live_file(host).read_text() == before


NO_PATH = {"path": 3, "before": {"kind": "absent"}, "after": {"kind": "absent"}}
NO_CHANGE = {"before": "", "after": "", "was_active": True, "changes": [NO_PATH]}


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", "\0", json.dumps(NO_CHANGE)])
def test_a_journal_that_nobody_can_read_is_set_aside(host: Host, text: str) -> None:
    journal = Path(host.store.journal)
    journal.write_text(text)
    said = recover(host.store, host.layout, may_cut=False).words
    assert said.startswith(f"{journal} isn't as Gatehouse wrote it")
    assert not journal.exists()
    assert Path(f"{journal}.damaged").read_text() == text
    assert recover(host.store, host.layout, may_cut=False).words == ""


@pytest.mark.parametrize("text", [None, "", "{", "[1]"])
def test_a_removal_needs_no_ledger_to_have_apache_start_without_a_release(
    tmp_path: Path, text: str | None
) -> None:
    host = Host(tmp_path)
    host.make(host.draft(SHOP))
    ledger = Path(host.store.ledger)
    ledger.unlink() if text is None else ledger.write_text(text)
    apply(plan_removal(host.store, host.layout, HTTPD).changes)
    assert not os.path.lexists(host.layout.entry_link)
    assert not os.path.lexists(host.layout.entry)


def test_a_ledger_that_nobody_can_read_begins_anew(host: Host) -> None:
    assert mend_ledger(host.store, host.layout) == ""
    assert told_lost((), host.store, ()) == []
    Path(host.store.ledger).write_text("{")
    said = mend_ledger(host.store, host.layout)
    assert f"it lies in {host.store.ledger}.damaged now" in said
    assert {change.path for change in read_ledger(host.store.ledger)} == {
        host.layout.entry,
        host.layout.entry_link,
    }
    assert mend_ledger(host.store, host.layout) == ""
    # The run that mended it may have been killed.
    set_aside = aside_in(host.store.root)
    assert told_lost(set_aside, host.store, [said]) == []
    assert told_lost(set_aside, host.store, ()) == [LEDGER_LOST]


def test_nothing_is_mended_where_all_is_well(host: Host) -> None:
    host.make(host.draft((*SHOP, *WIKI)))
    assert clear_misplaced(host.store, host.layout) == []
    assert mend_history(host.store) == ""
    assert mend_links(host.store) == []


@pytest.mark.parametrize(
    "gone", [("proved",), ("current",), ("proved", "current"), ("proved", "current", "history")]
)
def test_links_that_are_gone_lead_to_the_release_that_was_proved_last(
    host: Host, gone: tuple[str, ...]
) -> None:
    host.make(host.draft((*SHOP, *WIKI)))
    live = host.store.proved
    for name in gone:
        os.unlink(f"{host.store.root}/{name}")
    found = salvage_proved(fresh(host))
    assert {part.manifest.owner for part in found.release.parts} == {"shop", "wiki"}
    assert bool(found.found) is ("proved" in gone)
    assert bool(mend_history(host.store)) is ("history" in gone)
    assert mend_links(host.store)
    assert (host.store.proved, host.store.current) == (live, live)
    assert len(host.store.history()) == 2


def test_directories_in_the_place_of_files_are_set_aside(host: Host) -> None:
    names = ("current", "history", "journal", "proved")
    for name in names:
        path = Path(host.store.root, name)
        path.unlink(missing_ok=True)
        (path / "below").mkdir(parents=True)
    assert len(clear_misplaced(host.store, host.layout)) == len(names)
    mend_links(host.store)
    assert host.store.current == host.store.proved != ""


@pytest.mark.parametrize("text", [None, "[]", "{"])
def test_an_owner_of_whom_only_the_files_tell_is_lost_and_not_forgotten(
    host: Host, text: str | None
) -> None:
    """The release before has the shop alone."""
    host = Host(host.root.parent / "another")
    host.make(host.draft(SHOP_BEFORE))
    host.make(host.draft((*SHOP, *WIKI)))
    manifest = live_file(host, "manifest.json")
    manifest.unlink() if text is None else manifest.write_text(text)
    found = salvage_proved(fresh(host))
    assert found.lost == ("wiki.vhosts",)
    with pytest.raises(Refusal, match="of the owner `wiki`"):
        refuse_lost_parts(found, SHOP, may_lose=False)


def test_a_release_that_is_gone_is_known_by_the_history(host: Host) -> None:
    digest = host.store.proved
    names = tuple(part.manifest.name for part in host.store.read(digest).parts)
    host.store.remember(Entry(digest, parts=names))
    shutil.rmtree(host.store.directory(digest))
    found = salvage_proved(fresh(host))
    assert set(found.lost) == set(names)
    assert not found.is_whole


def test_only_the_release_without_a_manifest_is_no_release_to_go_back_to(host: Host) -> None:
    live_file(host, "manifest.json").unlink()
    assert not salvage_proved(fresh(host)).is_whole
    assert not host.store.is_complete(host.store.proved)


@pytest.mark.parametrize("text", [None, "", "# edited\n"])
def test_a_frame_that_isnt_as_it_was_written_is_found(host: Host, text: str | None) -> None:
    frame = live_file(host, "gatehouse.conf")
    frame.unlink() if text is None else frame.write_text(text)
    (found,) = salvage_proved(fresh(host)).found
    assert found.startswith(str(frame))
    assert not is_frame_whole(host.store, host.store.proved)


def test_a_release_from_before_another_owner_came_is_gone_back_to_on_request(host: Host) -> None:
    both = host.store.read(host.store.proved)
    refuse_lost_owners(both, "a", both.parts, may_lose=False)
    with pytest.raises(Refusal, match="the release a has nothing of the owner `wiki`"):
        refuse_lost_owners(both, "a", SHOP, may_lose=False)
    refuse_lost_owners(both, "a", SHOP, may_lose=True)


def test_a_release_that_nobody_proved_is_none_to_begin_from(tmp_path: Path) -> None:
    host = Host(tmp_path)
    host.store.write(host.draft(SHOP).release)
    assert salvage_proved(fresh(host)).release.parts == ()
    assert mend_links(host.store) == []
    # A first commit that was killed after its swap.
    made = host.draft(SHOP)
    Path(host.store.journal).write_text("{}")
    apply(made.changes)
    assert salvage_proved(fresh(host)).release.parts == ()
