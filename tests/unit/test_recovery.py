"""What a killed run left: finished where it was proved, undone where it wasn't, and nothing that it hadn't done is said of it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.draft.shadow import Verdict
from module_utils._host.machine.changes import Change, apply
from module_utils._host.machine.files import ABSENT, State
from module_utils._host.store.history import COMMIT, ROLLBACK
from module_utils._host.store.journal import Journal, write_journal
from module_utils._host.store.mending import mend_history, mend_links
from module_utils._host.store.salvage import salvage_proved
from module_utils._host.store.store import Store
from module_utils._host.swap import obstacles, undo

TOLD: list[str] = []


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host whose server does as it is told."""
    monkeypatch.setattr(undo.systemd, "act", lambda verb, _unit: TOLD.append(verb) or "")
    monkeypatch.setattr(undo.systemd, "is_active", lambda _unit: True)
    monkeypatch.setattr(undo, "obstacle", lambda *_words, **_options: "")
    monkeypatch.setattr(undo.proof, "observe", lambda _unit: undo.proof.Running(1))
    monkeypatch.setattr(undo.proof, "prove", lambda *_words, **_options: "")
    TOLD.clear()
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


FAULT = "AH00526: Syntax error on line 1 of /etc/apache2/sites-enabled/hand.conf:\nInvalid command 'Bogus'"


@pytest.mark.parametrize(
    ("pid", "said"),
    [
        pytest.param(1, "the server was told nothing, and it goes on with what it has read", id="it runs"),
        pytest.param(0, "so the server wasn't started", id="it doesn't"),
    ],
)  # fmt: skip
def test_server_is_told_nothing_before_httpd_takes_the_configuration(
    host: Host, monkeypatch: pytest.MonkeyPatch, pid: int, said: str
) -> None:
    monkeypatch.setattr(obstacles, "syntax_fault", lambda _layout: FAULT)
    monkeypatch.setattr(undo, "obstacle", obstacles.obstacle)
    monkeypatch.setattr(undo.proof, "observe", lambda _unit: undo.proof.Running(pid))
    left(host, host.store.proved, "0" * 16)
    found = recovered(host)
    assert said in found.words
    assert "hand.conf:; Invalid command 'Bogus'" in found.words
    assert (TOLD, found.action) == ([], "none")
    assert not Path(host.store.journal).exists()


def seen(monkeypatch: pytest.MonkeyPatch, pid: int = 7) -> None:
    """Have the way back look at the host, whose server has this process and listens on nothing."""
    monkeypatch.setattr(undo, "obstacle", obstacles.obstacle)
    monkeypatch.setattr(obstacles, "syntax_fault", lambda _layout: "")
    monkeypatch.setattr(obstacles, "read_httpd", lambda _layout: HTTPD)
    monkeypatch.setattr(obstacles.systemd, "main_pid", lambda _unit: pid)
    monkeypatch.setattr(obstacles, "shadow", lambda *_words, **_options: Verdict("started", True))
    monkeypatch.setattr(obstacles, "running_mpm", lambda found, _layout: found.mpm)


def test_a_port_that_somebody_else_has_by_now_keeps_the_server_from_being_told(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        host.write("sites-enabled/hand.conf", f"Listen 127.0.0.1:{port}\n")
        left(host, host.store.proved, "0" * 16)
        found = recovered(host)
    assert f"127.0.0.1:{port} can't be opened" in found.words
    assert "so the server was told nothing" in found.words
    assert TOLD == []


def test_an_mpm_that_somebody_has_switched_keeps_the_server_from_being_told(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(monkeypatch)
    worker = frozenset({"mpm_worker_module"})
    monkeypatch.setattr(obstacles, "running_mpm", lambda _found, _layout: worker)
    left(host, host.store.proved, "0" * 16)
    assert "the server runs with mpm_worker_module" in recovered(host).words
    assert TOLD == []
    # A commit that was to switch it is taken back by a restart.
    path = f"{host.layout.modules_enabled}/mpm_worker.load"
    left(host, host.store.proved, "0" * 16, Change(path, ABSENT, ABSENT))
    assert "serves again" in recovered(host).words
    assert TOLD == ["restart"]


def test_a_release_that_no_longer_starts_in_a_shadow_is_not_gone_back_to(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(monkeypatch)
    verdict = Verdict("refused", True, "httpd ended", words=("AH02565: certificate and key",))
    monkeypatch.setattr(obstacles, "shadow", lambda *_words, **_options: verdict)
    left(host, host.store.proved, "0" * 16)
    assert (
        "doesn't start in a shadow (httpd ended; AH02565: certificate and key)"
        in recovered(host).words
    )
    assert TOLD == []


def test_a_host_that_bears_it_serves_again(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(monkeypatch)
    monkeypatch.setattr(obstacles, "held_by_others", lambda *_words, **_options: ())
    left(host, host.store.proved, "0" * 16)
    assert "serves again" in recovered(host).words
    assert TOLD == ["reload"]


def test_a_server_that_somebody_has_started_meanwhile_goes_on(host: Host) -> None:
    journal = Journal(host.store.proved, "0" * 16, False, ())
    write_journal(host.store.journal, journal)
    found = recovered(host)
    assert found.words.endswith(
        f"every change is undone and the release {host.store.proved} serves again"
    )
    assert (TOLD, found.action) == (["reload"], "reload")


def test_a_server_that_is_down_as_it_was_stays_so(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo.systemd, "is_active", lambda _unit: False)
    write_journal(host.store.journal, Journal(host.store.proved, "0" * 16, False, ()))
    assert recovered(host).words.endswith("the server is stopped, as it was before")
    assert TOLD == []


def test_a_module_that_the_old_release_needs_is_enabled_before_the_server_is_told(
    host: Host,
) -> None:
    load = Path(host.layout.modules_enabled, "proxy_http.load")
    load.unlink()
    left(host, host.store.proved, "0" * 16)
    assert "the module proxy_http was disabled, and is enabled again" in recovered(host).words
    assert load.is_symlink()
    assert load.exists()


def test_what_somebody_has_put_in_a_changed_place_stays(host: Host) -> None:
    site = Path(host.root, "sites-enabled", "000-default.conf")
    link = State("link", "../sites-available/000-default.conf")
    site.unlink(missing_ok=True)
    site.write_text("# by hand\n")
    entry = Path(host.layout.entry)
    entry.write_text("# by hand too\n")
    own = Change(str(entry), ABSENT, State("file", "by the killed run", 0o644))
    left(host, host.store.proved, "0" * 16, Change(str(site), link, ABSENT), own)
    words = recovered(host).words
    assert f"{site} was changed meanwhile, and stays as it is" in words
    assert site.read_text() == "# by hand\n"
    assert f"{entry} was changed meanwhile; it lies in {entry}.damaged now" in words
    assert not entry.exists()
    assert Path(f"{entry}.damaged").read_text() == "# by hand too\n"


def test_a_place_that_changes_under_a_run_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "site.conf"
    path.write_text("by hand")
    change = Change(str(path), ABSENT, State("file", "ours", 0o644))
    with pytest.raises(OSError, match="somebody has changed it since this run looked at it"):
        apply([change])
    assert path.read_text() == "by hand"


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
