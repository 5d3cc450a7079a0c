"""What the timer does: own certificates are made anew when due, by a program that stands on its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from manifests import tls_manifest
from module_utils._host.certificates import renew_own
from module_utils._host.certificates.own_certificates import make_certificates
from module_utils._host.certificates.renewal import renewal_changes
from module_utils._host.certificates.self_signed import DAYS
from module_utils._host.machine.changes import apply
from module_utils._host.machine.files import write_private_files, write_state
from module_utils._host.machine.lock import locked
from module_utils._host.machine.x509 import read_chain, read_key
from module_utils._host.store.store import Store
from module_utils._httpd.release.manifest import Manifest
from module_utils._httpd.tls.entries import CertificateEntry
from module_utils._httpd.vocabulary.layout import DEBIAN

NOW = datetime(2020, 1, 31, 12, tzinfo=timezone.utc)
LATER = NOW + timedelta(days=DAYS * 3 / 4)
NAMES = ("shop.example.com", "10.0.0.1")
OWN = tls_manifest(CertificateEntry("x", "self_signed", NAMES, key_kinds=("RSA",)))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with a certificate of its own, and one for unknown names."""
    monkeypatch.setattr(renew_own, "locked", lambda: locked(str(tmp_path / "lock")))
    store = Store(str(tmp_path / "apache2" / "gatehouse"))
    made = make_certificates((OWN,), store, NOW)
    write_private_files(made.files)
    apply(made.changes)
    return store


def texts(store: Store) -> dict[str, list[str]]:
    """Return certificate and key of each link."""
    links = [path for path in Path(store.self_signed).iterdir() if path.is_symlink()]
    return {
        str(link): [(link / name).read_text() for name in ("certificate.pem", "key.pem")]
        for link in links
    }


def test_nothing_is_made_before_it_is_due(store: Store) -> None:
    before = texts(store)
    assert renew_own.renew_own(store.self_signed, NOW + timedelta(days=1)) == ()
    assert texts(store) == before


def test_what_is_due_is_made_anew_with_the_same_names(store: Store) -> None:
    before = texts(store)
    assert set(renew_own.renew_own(store.self_signed, LATER)) == set(before)
    after = texts(store)
    for link, (certificate, key) in after.items():
        (old,), (new,) = read_chain(before[link][0]), read_chain(certificate)
        assert new.names == old.names
        assert new.key == read_key(key) != old.key
        assert new.key.kind == old.key.kind
        assert new.not_after == LATER + timedelta(days=DAYS)
    assert renew_own.renew_own(store.self_signed, LATER) == ()
    assert {path.stat().st_mode & 0o777 for path in Path(store.root).rglob("*.pem")} == {0o600}


def test_what_cannot_be_read_is_left_to_a_commit(store: Store) -> None:
    for link in texts(store):
        Path(link, "certificate.pem").write_text("no certificate")
    assert renew_own.renew_own(store.self_signed, LATER) == ()


def test_program_needs_nothing_but_itself(store: Store, tmp_path: Path) -> None:
    layout = replace(DEBIAN, config_root=str(tmp_path / "apache2"))
    changes = renewal_changes((OWN,), store=store, managed_store="/nowhere", layout=layout)
    written = {change.path: change.after for change in changes}
    for path, state in written.items():
        if path.startswith(layout.gatehouse):
            write_state(path, state)
    (service,) = (state for path, state in written.items() if path.endswith(".service"))
    (command,) = (line for line in service.content.splitlines() if line.startswith("ExecStart="))
    words = command.removeprefix("ExecStart=").split()
    assert words[0] == sys.executable
    renew_own.renew_own(store.self_signed, datetime.now(timezone.utc))
    # Nothing is due any more, so that nobody asks systemd.
    subprocess.run(words, check=True, cwd="/")


@pytest.mark.parametrize(
    ("manifest", "is_there"),
    [
        pytest.param(OWN, True, id="own certificates"),
        pytest.param(
            tls_manifest(CertificateEntry("x", "managed", NAMES)),
            True,
            id="managed ones",
        ),
        pytest.param(Manifest("main", "vhosts"), False, id="none"),
    ],
)
def test_timer_is_there_for_what_is_to_be_renewed(
    manifest: Manifest, is_there: bool, tmp_path: Path
) -> None:
    layout = replace(DEBIAN, config_root=str(tmp_path))
    store = Store(layout.gatehouse)
    changes = renewal_changes((manifest,), store=store, managed_store="/md", layout=layout)
    assert any(change.path.endswith(".timer") for change in changes) is is_there
