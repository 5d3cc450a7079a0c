"""Several owners of one host: what they contradict each other in, said in the words of their own inventories."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.commit import removal
from module_utils._host.commit.outcome import Outcome, Refusal
from module_utils._host.commit.removed_owners import refuse_several_owners
from module_utils._host.commit.request import Opened, Request
from module_utils._host.store.line_variables import in_variables
from module_utils._host.store.salvage import Salvage
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.release.guards import shared_problems


def test_a_name_of_two_owners_is_told_with_both(tmp_path: Path) -> None:
    host = Host(tmp_path)
    beta = parts_of(vhost("a.example.com"), apache_owner="beta")
    draft = host.draft((*parts_of(vhost("b.example.com"), vhost("a.example.com")), *beta))
    (problem,) = in_variables(host.plan(draft).problems, draft.release)
    assert str(problem).startswith(
        'apache_vhosts[1] (a.example.com) of the owner `main`: "a.example.com" on *:80 belongs to '
        "apache_vhosts[0] (a.example.com) of the owner `beta` already"
    )


def test_a_place_of_the_only_owner_names_none(tmp_path: Path) -> None:
    host = Host(tmp_path)
    draft = host.draft(parts_of(vhost(listen=[80]), vhost("b.example.com", listen=["10.0.0.1:80"])))
    problems = in_variables(host.plan(draft).problems, draft.release)
    assert problems
    assert not any("of the owner" in str(problem) for problem in problems)


@pytest.mark.parametrize(("text", "count"), [("%h %u", 1), ("%a", 0)])
def test_a_log_format_is_one_owners_or_means_the_same(text: str, count: int) -> None:
    main = parts_of(vhost(), apache_log_formats={"json": text, "other": "%v"})
    beta = parts_of(vhost("b.example.com"), apache_owner="beta", apache_log_formats={"json": "%a"})
    problems = list(shared_problems((*main, *beta)))
    assert len(problems) == count
    assert all(
        "`main` and `beta`" in str(problem) and "`json`" in str(problem) for problem in problems
    )


def test_names_as_long_as_names_may_be_have_files(tmp_path: Path) -> None:
    names = [f"{'.'.join(['a' * 61] * 4)}.{ending}" for ending in ("de", "fr")]
    host = Host(tmp_path)
    host.make(host.draft(parts_of(*map(vhost, names))))
    files = list(Path(host.store.directory(host.store.proved), "main/vhosts").iterdir())
    assert len(files) == 2


def test_an_owner_fits_into_a_files_name() -> None:
    problems = check_variables(
        {"apache_owner": "o" * 65, "apache_vhosts": [vhost()]}, CONCERN_NAMES
    )[1]
    assert "a lower-case name of at most 64 letters" in str(problems[0])


SHOP = parts_of(*(vhost(f"{name}.example.com") for name in "abcd"), apache_owner="shop")
MAIN = parts_of(vhost("m.example.com"))
OPS = tuple(part for part in parts_of(apache_owner="ops") if part.manifest.concern == "modules")


def test_a_removal_of_several_owners_names_them_and_their_sites(tmp_path: Path) -> None:
    release = Host(tmp_path).draft((*MAIN, *SHOP, *OPS)).release
    with pytest.raises(Refusal) as refusal:
        refuse_several_owners(Salvage(release), may_remove=False)
    said = str(refusal.value)
    assert (
        "takes the sites of all 3 owners off the host (`main`: m.example.com; `ops`: no sites;"
        " `shop`: a.example.com, b.example.com, c.example.com and 1 more)" in said
    )
    assert "write -e apache_allow_removal=true" in said
    assert "`apache_role_state: absent`" in said
    refuse_several_owners(Salvage(release), may_remove=True)


def test_a_removal_of_the_only_owner_is_asked_nothing(tmp_path: Path) -> None:
    alone = Host(tmp_path).draft(SHOP).release
    refuse_several_owners(Salvage(alone), may_remove=False)
    # Another one of whom nothing can be read is one all the same.
    with pytest.raises(Refusal, match=r"all 2 owners .*`wiki`: nobody can read what"):
        refuse_several_owners(Salvage(alone, lost=("wiki.vhosts",)), may_remove=False)


def test_a_removal_is_refused_before_anything_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host(tmp_path)
    host.make(host.draft((*MAIN, *SHOP)))
    monkeypatch.setattr(removal, "locked", lambda: nullcontext(""))
    monkeypatch.setattr(removal, "open_store", lambda *_words, **_found: Opened(host.store))
    monkeypatch.setattr(removal, "read_httpd", lambda _layout: None)
    outcome = Outcome()
    with pytest.raises(Refusal, match="all 2 owners"):
        removal.remove(Request("play", check_mode=True), host.layout, outcome)
    assert outcome == Outcome()
    removal.remove(Request("play", check_mode=True, allow_removal=True), host.layout, outcome)
    assert outcome.changed


def test_a_store_that_nobody_can_read_is_removed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host(tmp_path)
    host.make(host.draft((*MAIN, *SHOP)))

    def unreadable(_store: object) -> None:
        raise PermissionError

    monkeypatch.setattr(removal, "salvage_proved", unreadable)
    monkeypatch.setattr(removal, "locked", lambda: nullcontext(""))
    monkeypatch.setattr(removal, "open_store", lambda *_words, **_found: Opened(host.store))
    monkeypatch.setattr(removal, "read_httpd", lambda _layout: None)
    outcome = Outcome()
    removal.remove(Request("play", check_mode=True), host.layout, outcome)
    assert outcome.changed
