"""What mod_md's store says of a certificate, as mod_md 2.4.71 writes it."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from module_utils._host.certificates import managed, serve_renewed
from module_utils._host.certificates.managed import (
    certificate_store,
    wait_for_certificates,
)
from module_utils._host.certificates.self_signed import make_self_signed
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.vocabulary.layout import DEBIAN

NAMES = ("shop.example.com", "www.example.com")
NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)
FAILED = {
    "finished": False,
    "errors": 2,
    "last": {"status": 22, "detail": "Error waiting on domain names to be validated"},
    "log": {"entries": [{"detail": "domain authorization for shop failed, CA says no"}]},
}


def job(store: Path, **said: Any) -> None:
    """Write what mod_md says of its last attempt."""
    directory = store / "staging" / NAMES[0]
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "job.json").write_text(json.dumps(said))


def issue(store: Path, *names: str) -> None:
    """Put a certificate where mod_md keeps those that it serves."""
    directory = store / "domains" / NAMES[0]
    directory.mkdir(parents=True, exist_ok=True)
    certificate, _key = make_self_signed(names, now=NOW)
    (directory / "pubcert.secp256r1.pem").write_text(certificate)


def waited(store: Path, patience: float = 0) -> Any:
    """Wait for the one certificate."""
    (found,) = wait_for_certificates(
        [NAMES], directory=str(store), layout=DEBIAN, patience=patience
    )
    return found


def test_certificate_for_all_names_is_issued(tmp_path: Path) -> None:
    issue(tmp_path, *NAMES)
    assert waited(tmp_path).state == "issued"


def test_certificate_for_some_names_is_waited_for(tmp_path: Path) -> None:
    issue(tmp_path, NAMES[0])
    assert waited(tmp_path).state == "waiting"


def test_failure_says_what_the_authority_said_and_what_to_look_at(tmp_path: Path) -> None:
    job(tmp_path, **FAILED)
    found = waited(tmp_path, patience=60)
    assert found.state == "failing"
    assert "CA says no" in found.reason
    assert "the name leads here" in found.reason


def test_ready_certificate_is_served_by_one_reload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def reload(verb: str, unit: str) -> str:
        told.append(f"{verb} {unit}")
        issue(tmp_path, *NAMES)
        return ""

    monkeypatch.setattr(managed.systemd, "act", reload)
    job(tmp_path, finished=True, errors=0)
    assert waited(tmp_path, patience=5).state == "issued"
    assert told == ["reload apache2.service"]


def test_store_is_where_the_hosts_own_configuration_says() -> None:
    tree, _problems = parse_tree("# MDStoreDir a\nMDStoreDir \\\n  'store'\n", "md.conf")
    assert certificate_store(view(tree), DEBIAN) == "/etc/apache2/store"
    assert certificate_store(view(()), DEBIAN) == "/etc/apache2/md"


@pytest.mark.parametrize(
    ("text", "is_ready"),
    [
        pytest.param('{"finished": true}', True, id="finished"),
        pytest.param('{"finished": false}', False, id="under way"),
        pytest.param("{", False, id="half written"),
        pytest.param("[]", False, id="something else"),
    ],
)
def test_timer_reloads_for_finished_jobs_only(text: str, is_ready: bool, tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    path.write_text(text)
    assert serve_renewed.is_ready(str(path)) is is_ready
    assert not serve_renewed.is_ready(str(tmp_path / "none"))
