"""Whether a host needs a commit: what a stage is told, and that it is what a commit would find."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.certificates.self_signed import make_self_signed
from module_utils._host.commit import host_facts, standing
from module_utils._host.commit.host_facts import Wanted, probe_host
from module_utils._host.commit.standing import drift_of
from module_utils._host.draft import draft, staged_copy
from module_utils._host.store.journal import Journal, read_journal, write_journal
from module_utils._host.store.service_state import is_kept_stopped, remember_service
from module_utils._host.store.staging import STAGES
from module_utils._host.swap.undo import finish
from module_utils._httpd.release.manifest import Manifest
from module_utils._httpd.release.part import Part

MANAGED = vhost(ssl="managed", listen=[443])
ACME = {"apache_acme": {"terms_agreed": True}}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host whose server answers what it follows, as long as it runs."""
    host = Host(tmp_path)
    monkeypatch.setattr(host_facts, "read_httpd", lambda _layout: HTTPD)
    monkeypatch.setattr(standing, "digest_at", lambda _port: host.store.current)
    monkeypatch.setattr(standing.proof, "stranger_at", lambda _port, _pid: "")
    monkeypatch.setattr(standing.systemd, "is_active", lambda _unit: True)
    monkeypatch.setattr(standing.systemd, "main_pid", lambda _unit: 1)
    monkeypatch.setattr(staged_copy, "RUNTIME", str(tmp_path / "run"))
    return host


def deploy(host: Host, *vhosts: dict[str, Any], **variables: Any) -> tuple[Part, ...]:
    """Have a host serve virtual hosts, as far as files go."""
    parts = parts_of(*vhosts, **variables)
    made = host.draft(parts)
    for path, text in made.files.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(path).write_text(text)
    host.make(made)
    return parts


def told(host: Host, parts: tuple[Part, ...], *, serve: bool = True) -> dict[str, Any]:
    """Return what a stage of parts is told."""
    digests = {part.manifest.name: part.digest for part in parts}
    return probe_host(host.layout, "a-play", Wanted(digests=digests, serve=serve))


def drift(host: Host, parts: tuple[Part, ...], *, serve: bool = True) -> str:
    """Return why a host isn't settled."""
    return "; ".join(told(host, parts, serve=serve)["drift"])


def answer(host: Host, parts: tuple[Part, ...], *, serve: bool = True) -> tuple[bool, bool]:
    """Return whether the host is settled, and whether it needs a commit."""
    found = told(host, parts, serve=serve)
    return found["is_settled"], found["needs_commit"]


def test_a_host_as_its_commit_left_it_needs_none(host: Host) -> None:
    parts = deploy(host, vhost())
    assert told(host, parts)["differing"] == []
    assert answer(host, parts) == (True, False)


def test_a_host_that_nothing_was_deployed_to_needs_none(host: Host) -> None:
    assert answer(host, ()) == (True, False)


def test_other_parts_differ_by_name(host: Host) -> None:
    deploy(host, vhost(), apache_modules=["expires"])
    other = parts_of(vhost("b.example.com"), apache_modules=["expires"])
    found = told(host, other)
    assert found["differing"] == ["main.vhosts"]
    assert (found["is_settled"], found["needs_commit"]) == (False, True)


def test_a_part_that_is_to_go_differs_while_it_is_there(host: Host) -> None:
    deploy(host, vhost(), apache_modules=["expires"])
    wanted = Wanted(digests={"main.modules": "", "main.http2": "", "other.vhosts": ""})
    assert probe_host(host.layout, "a-play", wanted)["differing"] == ["main.modules", "main.http2"]


def test_what_a_newer_version_wrote_is_staged_again_or_goes(host: Host) -> None:
    parts = deploy(host, vhost(), apache_modules=["expires"])
    manifests = host.root / "gatehouse/proved/manifest.json"
    manifests.write_text(manifests.read_text().replace('"format": 2', '"format": 99'))
    assert told(host, parts)["differing"] == [part.manifest.name for part in parts]
    wanted = Wanted(digests={"main.modules": "", "other.vhosts": ""})
    assert probe_host(host.layout, "a-play", wanted)["differing"] == ["main.modules"]


@pytest.mark.parametrize(
    "path",
    [
        "mods-enabled/proxy.load",
        "sites-available/zz-gatehouse.conf",
        "sites-enabled/zz-gatehouse.conf",
        "gatehouse/current",
    ],
)
def test_what_somebody_took_away_is_missed(host: Host, path: str) -> None:
    parts = deploy(host, vhost())
    (host.root / path).unlink()
    assert answer(host, parts) == (False, True)
    assert f"{host.root / path} isn't as Gatehouse left it" in drift(host, parts)


def test_a_listener_that_the_host_got_since_makes_another_release(host: Host) -> None:
    parts = deploy(host, vhost(listen=[8080]))
    host.write("ports.conf", "Listen 80\nListen 8080\n")
    assert answer(host, parts) == (False, True)
    assert drift(host, parts).startswith("its own configuration")


@pytest.mark.parametrize(
    ("answers", "active", "serve", "said"),
    [
        pytest.param(
            "", False, True, "apache2.service isn't running", id="it doesn't run, and is to"
        ),
        pytest.param(
            "0123", True, True, "the server doesn't answer for the release", id="another release"
        ),
        pytest.param("", False, False, "", id="it doesn't run, and isn't to"),
        pytest.param(
            "0123",
            False,
            False,
            "a server that apache2.service knows nothing of answers for a release",
            id="an orphan",
        ),
        pytest.param(
            None, False, True, "apache2.service isn't running", id="an orphan of the same release"
        ),
    ],
)
def test_the_server_is_asked(
    host: Host, monkeypatch: pytest.MonkeyPatch, answers: str | None, active: bool, serve: bool, said: str
) -> None:  # fmt: skip
    parts = deploy(host, vhost())
    live = host.store.current if answers is None else answers
    monkeypatch.setattr(standing, "digest_at", lambda _port: live)
    monkeypatch.setattr(standing.systemd, "is_active", lambda _unit: active)
    assert answer(host, parts, serve=serve) == (not said, bool(said))
    assert drift(host, parts, serve=serve) == said


@pytest.mark.parametrize(
    ("served", "active", "serve", "said"),
    [
        pytest.param(True, True, False, "", id="it is to stop from now on"),
        pytest.param(False, False, True, "", id="it is to run from now on"),
        pytest.param(
            False, True, False, "apache2.service runs", id="somebody started it, and it isn't to"
        ),
        pytest.param(
            True,
            False,
            True,
            "apache2.service isn't running",
            id="somebody stopped it, and it is to",
        ),
    ],
)
def test_a_server_that_is_asked_for_anew_is_no_drift_and_for_a_commit(
    host: Host, monkeypatch: pytest.MonkeyPatch, served: bool, active: bool, serve: bool, said: str
) -> None:  # fmt: skip
    parts = deploy(host, vhost())
    remember_service(host.store, serves=served)
    live = host.store.current if active else ""
    monkeypatch.setattr(standing, "digest_at", lambda _port: live)
    monkeypatch.setattr(standing.systemd, "is_active", lambda _unit: active)
    assert answer(host, parts, serve=serve) == (False, True)
    assert drift(host, parts, serve=serve) == said


def test_whether_a_commit_left_the_server_stopped_is_remembered(host: Host) -> None:
    deploy(host, vhost())
    digest = host.store.proved
    for serves in (True, False, False, True):
        write_journal(host.store.journal, Journal(digest, digest, True, (), serves=serves))
        finish(read_journal(host.store.journal) or Journal("", "", False, ()), host.store)
        assert is_kept_stopped(host.store) is not serves


def test_a_certificate_that_somebody_replaced_is_named(host: Host, tmp_path: Path) -> None:
    file = tmp_path / "t.pem"
    certificate, key = make_self_signed(("shop.example.com",), now=datetime.now(timezone.utc))
    file.write_text(certificate + key)
    parts = deploy(host, vhost(listen=[443], ssl={"certificate_file": str(file)}))
    assert drift(host, parts) == ""
    certificate, key = make_self_signed(("shop.example.com",), now=datetime.now(timezone.utc))
    file.write_text(certificate + key)
    assert drift(host, parts) == f"{file} has changed, and the release with it"


def test_a_journal_of_a_killed_run_is_for_a_commit(host: Host) -> None:
    parts = deploy(host, vhost())
    Path(host.store.journal).write_text("{}")
    assert answer(host, parts) == (False, True)


@pytest.mark.parametrize(
    "left", ["releases/.new-0123", "releases/0123", "blobs/0123", ".current.gatehouse-new"]
)
def test_what_a_killed_run_left_is_cleared_away_by_a_commit_that_changes_nothing(
    host: Host, left: str
) -> None:
    parts = deploy(host, vhost())
    path = Path(host.store.root, left)
    path.parent.mkdir(exist_ok=True)
    path.write_text("") if "blobs" in left else path.mkdir()
    assert answer(host, parts) == (True, True)


def test_a_removal_that_was_killed_is_finished_by_a_commit(host: Host) -> None:
    os.makedirs(host.store.removed)
    assert answer(host, ()) == (True, True)


def test_copies_of_killed_shadows_are_cleared_away(host: Host, tmp_path: Path) -> None:
    parts = deploy(host, vhost())
    (tmp_path / "run/shadow-x").mkdir(parents=True)
    assert answer(host, parts) == (True, True)


def test_a_certificate_that_is_not_there_yet_is_waited_for(host: Host) -> None:
    parts = deploy(host, MANAGED, **ACME)
    assert answer(host, parts) == (True, True)
    # Where nothing is served, nothing comes.
    assert not standing.standing(host.store, HTTPD, host.layout, serve=False).has_rest


def test_a_part_of_a_newer_version_is_for_a_commit_to_refuse(host: Host) -> None:
    deploy(host, vhost())
    path = Path(host.store.directory(host.store.proved), "manifest.json")
    rows = json.loads(path.read_text())
    path.write_text(json.dumps([{**row, "format": 99} for row in rows]))
    host.store._read.clear()
    assert answer(host, ()) == (False, True)


def test_certificates_that_end_are_told_although_nothing_changes(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = deploy(host, vhost())
    monkeypatch.setattr(standing, "host_problems", lambda _draft: ("it ends tomorrow",))
    found = told(host, parts)
    assert (found["warnings"], found["needs_commit"]) == (["it ends tomorrow"], False)


def test_a_configuration_that_cannot_be_read_is_for_a_commit_to_refuse(host: Host) -> None:
    parts = deploy(host, vhost())
    os.unlink(host.root / "mods-available/proxy.load")
    os.unlink(host.root / "mods-enabled/proxy.load")
    assert answer(host, parts) == (False, True)


@pytest.mark.parametrize("is_pending", [True, False])
def test_what_a_play_is_about_to_change_is_left_to_its_commit(
    host: Host, monkeypatch: pytest.MonkeyPatch, is_pending: bool
) -> None:
    parts = deploy(host, vhost())
    given = (Part(Manifest("main", "modules"), {}, is_absent=True),) if is_pending else ()
    monkeypatch.setattr(host_facts, "staged", lambda _token: given)
    monkeypatch.setattr(draft, "assemble", None)
    wanted = parts if is_pending else parts_of(vhost("b.example.com"))
    if is_pending:
        wanted = tuple(part for part in wanted if part.manifest.name != "main.modules")
    assert answer(host, wanted) == (False, True)
    assert told(host, wanted)["pending"] == (["main.modules"] if is_pending else [])


def test_stages_lie_where_a_restart_forgets_them() -> None:
    assert STAGES.startswith("/run/")


def edit(path: Path, text: str | None) -> None:
    """Do what somebody does to a file."""
    if text is None:
        path.unlink()
    else:
        path.write_text(text)


@pytest.mark.parametrize("text", [None, "", "ServerTokens Foo\n"])
def test_a_frame_that_somebody_edited_is_mended(host: Host, text: str | None) -> None:
    parts = deploy(host, vhost())
    frame = Path(host.store.directory(host.store.proved), "gatehouse.conf")
    before = frame.read_text()
    edit(frame, text)
    assert answer(host, parts) == (False, True)
    said = {None: "is missing", "": "is empty"}.get(text, "isn't as Gatehouse wrote it")
    assert drift(host, parts) == f"{frame} {said}"
    host.make(host.draft(parts))
    assert frame.read_text() == before
    assert answer(host, parts) == (True, False)


def test_a_virtual_host_that_somebody_edited_is_another_part_and_is_mended(host: Host) -> None:
    parts = deploy(host, vhost())
    file = Path(host.store.directory(host.store.proved), "main/vhosts/shop.example.com.conf")
    before = file.read_text()
    file.write_text(before.replace("10.0.0.1", "127.9.9.9"))
    host.store._read.clear()
    assert told(host, parts)["differing"] == ["main.vhosts"]
    made = host.draft(parts)
    assert drift_of(made, serve=True) == (f"{file} isn't as Gatehouse wrote it",)
    assert "127.9.9.9" not in str(made.after.tree)
    host.make(made)
    assert file.read_text() == before
    assert answer(host, parts) == (True, False)


@pytest.mark.parametrize("text", [None, "", "foo"])
def test_a_key_that_is_gone_comes_again_with_its_part(host: Host, text: str | None) -> None:
    certificate, key = make_self_signed(("shop.example.com",), now=datetime.now(timezone.utc))
    keyed = vhost(listen=[443], ssl={"certificate_content": certificate, "certificate_key_content": key})  # fmt: skip
    parts = deploy(host, keyed)
    (blob,) = Path(host.store.blobs).iterdir()
    edit(blob, text)
    assert told(host, parts)["differing"] == ["main.vhosts"]
    made = host.draft(parts)
    assert drift_of(made, serve=True) == (f"{blob} isn't as Gatehouse wrote it",)
    host.make(made)
    assert blob.read_text() == key
    assert answer(host, parts) == (True, False)


def test_a_module_whose_link_leads_nowhere_is_enabled_again(host: Host) -> None:
    parts = deploy(host, vhost())
    link = host.root / "mods-enabled/proxy.load"
    link.unlink()
    link.symlink_to("../mods-available/nonexist.load")
    assert drift(host, parts).endswith("mods-enabled/proxy.load isn't as Gatehouse left it")
    host.make(host.draft(parts))
    assert os.readlink(link) == "../mods-available/proxy.load"


def test_a_certificate_of_gatehouses_own_that_is_for_other_names_is_due(host: Host) -> None:
    parts = deploy(host, vhost(ssl="self_signed", listen=[443]))
    assert answer(host, parts) == (True, False)
    other, key = make_self_signed(("other.example.com",), now=datetime.now(timezone.utc))
    for link in Path(host.store.self_signed).iterdir():
        if link.is_symlink():
            (link / "certificate.pem").write_text(other)
            (link / "key.pem").write_text(key)
    assert "is due" in drift(host, parts)


def test_without_what_reads_certificates_nothing_is_read_and_the_package_is_missing(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = deploy(host, vhost(ssl="self_signed", listen=[443]))
    for module in (standing, host_facts):
        monkeypatch.setattr(module, "HAS_CRYPTOGRAPHY", False)
    monkeypatch.setattr(draft, "assemble", None)
    wanted = Wanted({part.manifest.name: part.digest for part in parts}, reads_certificates=True)
    found = probe_host(host.layout, "a-play", wanted)
    assert found["needs_commit"]
    assert "python3-cryptography" in found["missing_packages"]


def test_stages_of_plays_that_died_long_ago_are_cleared_away(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = deploy(host, vhost())
    monkeypatch.setattr(standing, "forgotten_stages", lambda: ["/run/gatehouse/stage/dead"])
    assert answer(host, parts) == (True, True)


def test_a_server_that_runs_without_a_module_is_no_settled_host(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = deploy(host, vhost())
    needed = {name for part in parts for name in part.manifest.modules}
    for name in needed:
        path = Path(host.layout.modules_available, f"{name}.load")
        path.write_text(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n")
    loaded = set(needed)
    monkeypatch.setattr(standing.processes, "loaded_modules", lambda _pid: frozenset(loaded))
    assert drift(host, parts) == ""
    loaded.remove("proxy_http")
    assert drift(host, parts) == "the server runs without mod_proxy_http"
    # Nothing can be read of it.
    loaded.clear()
    assert drift(host, parts) == ""
    # The file of another name says nothing.
    loaded |= needed - {"proxy_http"}
    Path(host.layout.modules_available, "proxy_http.load").write_text("LoadModule x /x/libx.so\n")
    assert drift(host, parts) == ""
