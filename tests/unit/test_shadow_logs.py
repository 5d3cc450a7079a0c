"""What a shadow is given of logs, and what becomes of one that doesn't come to an end."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hosts import Host
from module_utils._host.draft import shadow
from module_utils._host.draft.shadow import _log_files
from module_utils._host.draft.shadow_probe import mounts_below, serious


def test_the_shadow_has_a_directory_where_a_log_is_one(tmp_path: Path) -> None:
    host = Host(tmp_path)
    (tmp_path / "logs").mkdir()
    host.write("sites-enabled/own.conf", f"ErrorLog {tmp_path}/logs\nTransferLog {tmp_path}/x\n")
    files = _log_files(host.layout, host.reader().as_it_is.server)
    assert files[f"{tmp_path}/logs"] == []
    assert files[f"{tmp_path}"] == ["x"]


def test_a_log_directory_is_named_without_links(tmp_path: Path) -> None:
    host = Host(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (Path(host.layout.config_root) / "logs").symlink_to(tmp_path / "elsewhere")
    host.write("sites-enabled/own.conf", "ErrorLog logs/error.log\nTransferLog /root.log\n")
    files = _log_files(host.layout, host.reader().as_it_is.server)
    assert files[f"{tmp_path}/elsewhere"] == ["error.log"]
    assert files["/"] == ["root.log"]


_MOUNTS = """\
21 1 0:20 / / rw - overlay overlay rw
22 21 0:21 / /run rw - tmpfs tmpfs rw
23 22 0:22 / /run/lock rw - tmpfs tmpfs rw
24 21 0:23 /hosts /etc/hosts rw - ext4 /dev/sda rw
25 21 0:24 / /etc/apache2 rw - tmpfs tmpfs rw
26 25 0:24 / /etc/apache2/one\\040two rw - tmpfs tmpfs rw
27 21 0:24 / /etcetera rw - tmpfs tmpfs rw
"""


def test_what_is_mounted_below_a_layer_is_kept() -> None:
    assert mounts_below("/", _MOUNTS) == ["/etc/apache2", "/etc/hosts", "/etcetera", "/run"]
    assert mounts_below("/etc", _MOUNTS) == ["/etc/apache2", "/etc/hosts"]
    assert mounts_below("/etc/apache2", _MOUNTS) == ["/etc/apache2/one two"]
    assert mounts_below("/run/lock", _MOUNTS) == []


def test_the_shadow_says_what_httpd_said_of_a_log() -> None:
    said = "(21)Is a directory: AH00091: apache2: could not open error log file /var/log/apache2."
    started = "[Sat Nov 28 05:36:06 2026] [mpm_event:notice] [pid 1:tid 1] AH00489: configured"
    assert serious(f"{started}\n{said}\n") == said


@pytest.mark.parametrize("is_ended", [True, False], ids=["systemd ends it", "nobody does"])
def test_a_server_that_takes_too_long_is_refused(
    is_ended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        if not is_ended:
            raise subprocess.TimeoutExpired(command, 70)
        return subprocess.CompletedProcess(command, 1, "", "")

    times = iter((0.0, 41.0))
    monkeypatch.setattr(shadow.subprocess, "run", run)
    monkeypatch.setattr(shadow.time, "monotonic", lambda: next(times))
    verdict = shadow.read_verdict(shadow._run("/nowhere", []))
    assert verdict.is_refusal
    assert verdict.reason.startswith("it hadn't started and ended within 40 s")
