"""What a killed run left: finished where it was proved, undone where it wasn't, and nothing that it hadn't done is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.machine.changes import Change
from module_utils._host.machine.files import ABSENT, State
from module_utils._host.store.history import COMMIT, ROLLBACK
from module_utils._host.store.journal import Journal, write_journal
from module_utils._host.store.mending import mend_history, mend_links
from module_utils._host.store.salvage import salvage_proved
from module_utils._host.store.store import Store
from module_utils._host.swap import undo


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host whose server does as it is told."""
    monkeypatch.setattr(undo.systemd, "act", lambda *_words: "")
    monkeypatch.setattr(undo.proof, "observe", lambda _unit: undo.proof.Running(1))
    monkeypatch.setattr(undo.proof, "prove", lambda *_words, **_options: "")
    host = Host(tmp_path)
    host.make(host.draft(parts_of(vhost())))
    return host


def left(host: Host, before: str, after: str, *changes: Change, how: str = COMMIT) -> None:
    """Have a killed run leave a journal."""
    write_journal(host.store.journal, Journal(before, after, True, changes, how=how))


def recovered(host: Host) -> undo.Recovered:
    """Recover."""
    return undo.recover(host.store, host.layout, may_cut=False)


def test_a_commit_that_only_mended_the_host_was_not_proved_by_what_was_proved_before(
    host: Host, tmp_path: Path
) -> None:
    path = tmp_path / "mended"
    path.write_text("by the killed run")
    digest = host.store.proved
    left(host, digest, digest, Change(str(path), ABSENT, State("file", "by the killed run", 0o644)))
    assert "this run undid it" in recovered(host).words
    assert not path.exists()
    assert recovered(host) == undo.Recovered()


def test_a_removal_that_was_proved_is_finished_with_the_whole_store(host: Host) -> None:
    left(host, host.store.proved, "")
    Path(host.store.link("proved")).unlink()
    assert "had proved its commit of the removal already" in recovered(host).words
    assert not Path(host.store.root).exists()
    assert not Path(host.store.removed).exists()


@pytest.mark.parametrize("how", [COMMIT, ROLLBACK])
def test_how_a_finished_commit_had_begun_is_told(host: Host, how: str) -> None:
    left(host, "0" * 16, host.store.proved, how=how)
    found = recovered(host)
    assert "this run finished it" in found.words
    assert found.finished == how


def fresh(host: Host) -> Store:
    """The same store, of which nothing was read yet."""
    return Store(host.store.root)


def test_the_only_release_is_kept_where_neither_links_nor_history_lead_to_it(host: Host) -> None:
    digest = host.store.proved
    for name in ("current", "proved"):
        link = Path(host.store.link(name))
        link.unlink()
        link.symlink_to(f"releases/{'f' * 16}")
    Path(host.store.root, "history").write_text("")
    assert "says nothing of the release that lies there" in mend_history(fresh(host))
    assert fresh(host).history() == [digest]
    mend_links(fresh(host))
    assert [part.manifest.name for part in salvage_proved(fresh(host)).release.parts] != []


def test_a_first_commit_that_failed_is_not_in_the_history(host: Host) -> None:
    for name in ("current", "proved"):
        Path(host.store.link(name)).unlink()
    Path(host.store.root, "history").write_text("")
    assert mend_history(fresh(host)) == ""
