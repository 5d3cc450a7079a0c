"""Places on the host that ours name: logs that httpd can't open are refused, directories that aren't there told."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.lacks import served_directories, server_files
from module_utils._host.lacks.host_addresses import HostAddresses
from module_utils._host.lacks.host_lacks import host_lacks
from module_utils._host.lacks.server_files import ServerFiles
from module_utils._httpd.syntax.problem import Problem

HERE = ServerFiles()


@pytest.fixture(autouse=True)
def open_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody kept out of pytest's directories, which are one user's."""
    monkeypatch.setattr(served_directories, "children_of", lambda *_arguments: None)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A bare host with a directory of logs."""
    (tmp_path / "logs").mkdir()
    return Host(tmp_path)


def lacks(
    host: Host, *vhosts: dict[str, Any], files: ServerFiles = HERE, **variables: Any
) -> list[Problem]:
    """Return what a host lacks for virtual hosts."""
    draft = host.draft(parts_of(*vhosts, **variables))
    plan = host.plan(draft)
    return [*host_lacks(draft, plan, HostAddresses(), files, opens_all=False, serve=True)]


def whys(problems: list[Problem]) -> list[str]:
    """Return why logs can't be opened."""
    return [problem.message.partition("opened: ")[2] for problem in problems]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("ErrorLog {logs}", "that is a directory", id="error log"),
        pytest.param("ErrorLog {logs}/", "that is a directory", id="with a slash"),
        pytest.param("CustomLog {logs} combined", "that is a directory", id="access log"),
        pytest.param("TransferLog {logs}", "that is a directory", id="transfer log"),
        pytest.param("ForensicLog {logs}", "that is a directory", id="forensic log"),
        pytest.param("ErrorLog sites-enabled", "that is a directory", id="below the server's root"),
        pytest.param("ErrorLog {logs}/no/x", "there is no directory {logs}/no", id="in no directory"),
        pytest.param("CustomLog no/x combined", "there is no directory {root}/no", id="in none of the root"),
        pytest.param("ErrorLog /proc/shop.log", "that is the kernel's, and no log", id="in none for files"),
        pytest.param("ErrorLog {logs}/x/", "{logs}/x/ is the name of a directory", id="nothing, with a slash"),
        pytest.param("ErrorLog /dev/null", "", id="a device"),
        pytest.param("ErrorLog /dev/stderr", "", id="its own output"),
        pytest.param("CustomLog /proc/self/fd/1 combined", "", id="its own output by another name"),
        pytest.param("ErrorLog {logs}/x", "", id="a file"),
        pytest.param("ErrorLog x", "", id="a file in the root"),
        pytest.param('CustomLog "|/bin/no/x" combined', "", id="a program"),
        pytest.param("ErrorLog syslog:local7:a/b", "", id="syslog"),
    ],
)  # fmt: skip
def test_a_log_is_a_file_in_a_directory(host: Host, tmp_path: Path, line: str, why: str) -> None:
    where = {"logs": tmp_path / "logs", "root": host.root}
    found = lacks(host, vhost(extra_directives=line.format(**where)))
    assert whys(found) == ([why.format(**where)] if why else [])
    assert {str(problem.place) for problem in found} <= {
        "apache_vhosts[0] (shop.example.com).extra_directives",
        "apache_vhosts[0] (shop.example.com).error_log",
    }


def test_every_log_is_told_at_once(host: Host, tmp_path: Path) -> None:
    paths = (f"{tmp_path}/logs", f"{tmp_path}/no/x")
    found = lacks(
        host, *(vhost(f"h{number}.test", error_log=path) for number, path in enumerate(paths))
    )
    assert [problem.rule for problem in found] == ["log-unopenable"] * 2


def test_a_log_is_where_its_links_lead(host: Host, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "dangling").symlink_to("/nowhere/x.log")
    (logs / "round").symlink_to("round")
    (logs / "new").symlink_to("../logs/new.log")
    (logs / "above").symlink_to("..")
    named = ("dangling", "round", "new", "above/logs/new.log", "above")
    found = lacks(
        host,
        *(
            vhost(f"h{number}.test", error_log=f"{logs}/{name}")
            for number, name in enumerate(named)
        ),
    )
    assert whys(found) == [
        "it leads to /nowhere/x.log, and there is no directory /nowhere",
        "its links go round in a circle",
        "that is a directory",
    ]
    assert str(found[0].place) == "apache_vhosts[0] (h0.test).error_log"


def test_a_log_that_hangs_httpd_is_refused(host: Host, tmp_path: Path) -> None:
    fifo, bound = tmp_path / "logs/fifo", tmp_path / "logs/socket"
    os.mkfifo(fifo)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(bound))
        found = lacks(
            host, vhost("a.test", error_log=str(fifo)), vhost("b.test", error_log=str(bound))
        )
    assert whys(found) == [
        "that is a FIFO, and httpd hangs at its start until something reads from it",
        "that is a socket",
    ]


def test_nothing_stays_of_a_file_that_was_tried(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unnamed(path: str, flags: int, *mode: int) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(95, "Operation not supported")
        return opened(path, flags, *mode)

    opened = os.open
    assert lacks(host, vhost(error_log=f"{tmp_path}/logs/x")) == []
    monkeypatch.setattr(server_files.os, "open", unnamed)
    assert lacks(host, vhost(error_log=f"{tmp_path}/logs/x")) == []
    assert os.listdir(tmp_path / "logs") == []


def test_a_log_that_is_there_stays_as_it_is(host: Host, tmp_path: Path) -> None:
    log = tmp_path / "logs/x"
    log.write_text("a line\n")
    before = log.stat()
    assert lacks(host, vhost(error_log=str(log))) == []
    assert (log.read_text(), log.stat().st_mtime_ns) == ("a line\n", before.st_mtime_ns)


def test_a_log_that_nobody_can_write_to_is_refused(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "logs/x"
    log.touch()

    def read_only(_path: str, _flags: int, *_mode: int) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(server_files.os, "open", read_only)
    named = (log, tmp_path / "logs/y")
    found = lacks(host, *(vhost(f"{path.name}.test", error_log=str(path)) for path in named))
    assert whys(found) == [
        "that file can't be written to (Read-only file system)",
        f"no file can be made in {tmp_path}/logs (Read-only file system)",
    ]


def test_a_log_is_sought_where_the_server_sees_it(host: Host, tmp_path: Path) -> None:
    root, applogs = tmp_path / "root", tmp_path / "applogs"
    (root / "srv/logs").mkdir(parents=True)
    (root / "dev").mkdir()
    (root / "srv/link").symlink_to("/srv/logs")
    applogs.mkdir()
    files = ServerFiles(str(root))
    assert lacks(host, vhost(error_log="/srv/link/x"), files=files) == []
    found = lacks(host, vhost(error_log=f"{applogs}/x"), files=files)
    (why,) = whys(found)
    assert why.startswith(f"the host has the directory {applogs}, but apache2.service doesn't: ")
    assert "such as" in found[0].fix


def test_a_start_brings_an_empty_tmp(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        server_files.systemd, "show", lambda *_names: {"PrivateTmp": "yes", "MainPID": ""}
    )
    started = server_files.server_files("apache2.service", 0, starts_anew=True)
    assert started == ServerFiles("", ("/tmp", "/var/tmp"))
    assert server_files.server_files("x", os.getpid(), starts_anew=False).fresh == ()
    named = ("/var/tmp/no/x", "/var/tmp/x")
    found = lacks(
        host,
        *(vhost(f"h{number}.test", error_log=path) for number, path in enumerate(named)),
        files=started,
    )
    assert whys(found) == ["there is no directory /var/tmp/no"]
    monkeypatch.setattr(
        server_files.systemd, "show", lambda *_names: {"PrivateTmp": "no", "MainPID": ""}
    )
    assert server_files.server_files("x", 0, starts_anew=True) == ServerFiles()


def test_a_directory_that_is_in_the_hosts_tmp_only_is_told(host: Host, tmp_path: Path) -> None:
    (tmp_path / "applogs").mkdir()
    files = ServerFiles("", (str(tmp_path),))
    (problem,) = lacks(host, vhost(error_log=f"{tmp_path}/applogs/x"), files=files)
    assert problem.message.startswith(
        f"ErrorLog {tmp_path}/applogs/x can't be opened: the host has the directory {tmp_path}/applogs"
    )


def test_a_directory_that_is_served_and_not_there_is_told(host: Host, tmp_path: Path) -> None:
    there = tmp_path / "logs"
    served = vhost(
        document_root="/no/root",
        aliases=[
            {"path": "/a/", "directory": str(there)},
            {"path": "/b/", "directory": "/no/files"},
        ],
        extra_directives=f"Alias /c/ {there}/no\nAliasMatch ^/d/(.*) /no/$1\n"
        f"Alias /e {host.layout.main_config}\nAlias /f/ {host.layout.gatehouse}/no",
    )
    found = lacks(host, served, vhost("b.test", document_root=str(there)))
    assert [(problem.rule, problem.severity, problem.message) for problem in found] == [
        ("directory-missing", "warning", f"{what} serves nothing: there is no directory {path}")
        for what, path in (
            ("DocumentRoot /no/root", "/no/root"),
            ("Alias /no/files", "/no/files"),
            (f"Alias {there}/no", f"{there}/no"),
        )
    ]
    assert [str(problem.place).rpartition(").")[2] for problem in found] == [
        "document_root",
        "aliases[1]",
        "extra_directives",
    ]


def test_a_directory_that_comes_later_can_be_silenced(host: Host) -> None:
    silenced = [{"rule": "directory-missing", "reason": "the application brings it"}]
    served = vhost(document_root="/no/root")
    assert lacks(host, {**served, "check_off": silenced}) == []
    assert lacks(host, served, apache_check_off=silenced) == []


def test_a_directory_is_sought_where_the_server_sees_it(host: Host, tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    files = ServerFiles(str(tmp_path))
    (problem,) = lacks(host, vhost(document_root=str(tmp_path)), files=files)
    assert "but apache2.service doesn't" in problem.message
    assert lacks(host, vhost(document_root="/logs"), files=files) == []
