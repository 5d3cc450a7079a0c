"""A disk that may hold anything: what can't be read is told with its path, and never taken for empty."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from module_utils._host.configuration import disk
from module_utils._host.configuration.disk import Disk
from module_utils._host.reading import AssumedHttpd, read_path
from module_utils._httpd.reading.included_files import UnreadableFile, matching_files
from module_utils._httpd.syntax.problem import Problem
from test_reading import NOWHERE
from unprivileged import as_nobody, public_directory

BECOME = "run with become (-b), or as a user who may read it"


def unread(main: Path) -> list[str]:
    """Return the files that can't be read of a configuration, with reason and remedy, below the main file's directory."""
    found = read_path(str(main), AssumedHttpd(), NOWHERE).unread
    return [_shown(problem).replace(f"{main.parent}/", "") for problem in found]


def _shown(problem: Problem) -> str:
    return f"{problem.place.source}:{problem.place.line} {problem.message}; {problem.fix}"


@pytest.fixture
def public() -> Iterator[Path]:
    """A directory that everybody may enter."""
    with public_directory() as directory:
        yield directory


def test_what_is_no_file_of_text_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "LARGEST_FILE", 200)
    os.mkfifo(tmp_path / "fifo.conf")
    (tmp_path / "nul.conf").write_text("Timeout 5\nA\0B\n")
    (tmp_path / "large.conf").write_text("#" * 201)
    (tmp_path / "round.conf").symlink_to("round.conf")
    (tmp_path / "gone.conf").symlink_to("nowhere")
    names = ("fifo", "nul", "large", "round", "g*")
    main = tmp_path / "main"
    main.write_text("".join(f"Include {name}.conf\n" for name in names))
    assert unread(main) == [
        "fifo.conf:0 fifo.conf is no regular file; name a file that holds directives",
        "nul.conf:2 nul.conf has a NUL character, so it is no text; name a text file",
        "large.conf:0 large.conf has 201 bytes, more than the 200 that are read; name a file that holds directives",
        "round.conf:0 round.conf can't be read: Too many levels of symbolic links; restore it, or remove what leads to it",
        "gone.conf:0 gone.conf can't be read: No such file or directory; restore it, or remove what leads to it",
    ]


def test_a_main_file_that_is_none_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "main")
    assert unread(tmp_path / "main") == [
        "main:0 main is no regular file; name a file that holds directives"
    ]


def test_a_directory_in_a_files_place_is_read_as_httpd_reads_it(tmp_path: Path) -> None:
    (tmp_path / "sites/shop.conf").mkdir(parents=True)
    (tmp_path / "sites/shop.conf/a").write_text("Timeout 5\n")
    (tmp_path / "main").write_text("Include sites/*.conf\nInclude /dev/null\n")
    configuration = read_path(str(tmp_path / "main"), AssumedHttpd(), NOWHERE)
    assert configuration.unread == ()
    assert configuration.server.main.last("timeout") is not None


def test_an_optional_include_passes_over_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "gone.conf").symlink_to("nowhere")
    (tmp_path / "main").write_text("IncludeOptional *.conf\nIncludeOptional gone.conf\n")
    assert unread(tmp_path / "main") == []
    (tmp_path / "main").write_text("<IfFile gone.conf>\n  Timeout 5\n</IfFile>\n")
    configuration = read_path(str(tmp_path / "main"), AssumedHttpd(), NOWHERE)
    assert configuration.server.main.last("timeout") is None


def test_a_name_that_looks_like_a_pattern_is_none(tmp_path: Path) -> None:
    (tmp_path / "a[1].conf").write_text("Timeout 5\n")
    (tmp_path / "main").write_text("Include a[1].conf\n")
    problems = read_path(str(tmp_path / "main"), AssumedHttpd(), NOWHERE).problems
    assert "finds no file" in problems[0].message


def test_too_many_files_are_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MOST_FILES", 3)
    (tmp_path / "d/more").mkdir(parents=True)
    for number in range(5):
        (tmp_path / f"d/{number}").write_text("Timeout 5\n")
        (tmp_path / f"d/more/{number}").write_text("Timeout 5\n")
    files = Disk()
    told = []
    for path in matching_files(files, f"{tmp_path}/d"):
        try:
            files.text(path)
        except UnreadableFile as fault:
            told.append(str(fault))
    assert told == [f"{tmp_path}/d/3 comes after 3 other files, and no more are read"]
    # Asked a second time it says the same.
    with pytest.raises(UnreadableFile, match="comes after 3"):
        files.text(f"{tmp_path}/d/3")


def test_what_another_user_may_not_read_is_told_with_become(public: Path) -> None:
    (public / "secret.conf").write_text("Timeout 5\n")
    (public / "secret.conf").chmod(0o600)
    (public / "closed").mkdir(mode=0o700)
    (public / "closed/site.conf").write_text("Timeout 5\n")
    (public / "main").write_text(
        "Include secret.conf\nIncludeOptional closed/*.conf\nInclude closed/site.conf\n"
        "<IfFile closed/site.conf>\n  Timeout 6\n</IfFile>\n"
    )
    site = "closed/site.conf:0 site.conf can't be read: Permission denied"
    assert as_nobody(lambda: unread(public / "main")) == [
        f"secret.conf:0 secret.conf can't be read: Permission denied; {BECOME}",
        f"closed:0 closed can't be listed: Permission denied; {BECOME}",
        f"{site}; {BECOME}",
        f"{site}; {BECOME}",
    ]
    assert unread(public / "main") == [] or os.getuid()


def test_a_condition_on_a_path_that_cannot_be_looked_at_stays_open(public: Path) -> None:
    (public / "closed").mkdir(mode=0o700)
    (public / "main").write_text("<IfFile !closed/x>\n  Timeout 6\n</IfFile>\n")

    def conditions() -> list[str]:
        tree = read_path(str(public / "main"), AssumedHttpd(), NOWHERE).tree
        return [getattr(node, "name", "") for node in tree]

    assert as_nobody(conditions) == ["IfFile"]


def test_a_file_is_what_it_was_when_it_was_first_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("Timeout 5\n")
    files = Disk()
    assert (files.kind(str(path)), files.text(str(path))) == ("file", "Timeout 5\n")
    path.write_text("Timeout 6\n")
    assert files.text(str(path)) == "Timeout 5\n"
