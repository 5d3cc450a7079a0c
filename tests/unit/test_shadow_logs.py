"""Logs that a server can't open: the shadow has the same directories, and says what httpd said."""

from __future__ import annotations

from pathlib import Path

from hosts import Host
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
