"""Logs that a server can't open: the shadow has the same directories, and says what httpd said."""

from __future__ import annotations

from pathlib import Path

from hosts import Host
from module_utils._host.draft.shadow import _log_files
from module_utils._host.draft.shadow_probe import serious


def test_the_shadow_has_a_directory_where_a_log_is_one(tmp_path: Path) -> None:
    host = Host(tmp_path)
    (tmp_path / "logs").mkdir()
    host.write("sites-enabled/own.conf", f"ErrorLog {tmp_path}/logs\nTransferLog {tmp_path}/x\n")
    files = _log_files(host.layout, host.reader().as_it_is.server)
    assert files[f"{tmp_path}/logs"] == []
    assert files[f"{tmp_path}"] == ["x"]


def test_the_shadow_says_what_httpd_said_of_a_log() -> None:
    said = "(21)Is a directory: AH00091: apache2: could not open error log file /var/log/apache2."
    started = "[Sat Nov 28 05:36:06 2026] [mpm_event:notice] [pid 1:tid 1] AH00489: configured"
    assert serious(f"{started}\n{said}\n") == said
