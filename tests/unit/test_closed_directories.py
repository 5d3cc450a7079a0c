"""Directories that are served and that httpd's children can't enter: httpd answers 403 for all that is in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.lacks import served_directories
from module_utils._host.lacks.children import Barrier, Children, children_of
from module_utils._host.lacks.host_addresses import HostAddresses
from module_utils._host.lacks.host_lacks import host_lacks
from module_utils._host.lacks.server_files import ServerFiles
from module_utils._httpd.syntax.problem import Problem

STRANGER = Children("www-data", 1 + os.getuid(), frozenset({1 + os.getgid()}))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A bare host."""
    return Host(tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A server's root directory: /open and /shut, and links to and out of /shut."""
    root = tmp_path / "root"
    for name in ("open/app", "shut/app"):
        (root / name).mkdir(parents=True)
        (root / name / "page").write_text("")
    for path in (root, root / "open", root / "open/app", root / "shut/app"):
        path.chmod(0o755)
    (root / "shut").chmod(0o750)
    (root / "open/secret").write_text("")
    (root / "open/secret").chmod(0o640)
    (root / "open/in").symlink_to("/shut/app")
    (root / "shut/out").symlink_to("/open/app")
    return root


SHUT = Barrier("/shut", 0o750, is_file=False)
WAYS = [
    pytest.param("/open/app", None, id="open"),
    pytest.param("/open/app/page", None, id="a file"),
    pytest.param("/shut", SHUT, id="itself"),
    pytest.param("/shut/app", SHUT, id="one above"),
    pytest.param("/open/in", SHUT, id="a link into it"),
    pytest.param("/shut/out", SHUT, id="a link out of it"),
    pytest.param("/open/secret", Barrier("/open/secret", 0o640, is_file=True), id="a closed file"),
    pytest.param("/", None, id="root"),
]


@pytest.mark.parametrize(("path", "barrier"), WAYS)
def test_what_keeps_children_out_is_found(root: Path, path: str, barrier: Barrier | None) -> None:
    assert STRANGER.barrier(path, ServerFiles(str(root))) == barrier


@pytest.mark.parametrize(
    "children",
    [
        pytest.param(Children("a", os.getuid(), frozenset()), id="owner"),
        pytest.param(Children("a", 1 + os.getuid(), frozenset({os.getgid()})), id="group"),
        pytest.param(Children("root", 0, frozenset()), id="root"),
    ],
)
def test_whoever_a_mode_lets_in_passes(root: Path, children: Children) -> None:
    assert children.barrier("/shut/app", ServerFiles(str(root))) is None


def test_an_access_list_may_let_them_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ServerFiles, "has_access_list", lambda _files, _path: True)
    assert STRANGER.barrier("/shut/app", ServerFiles(str(root))) is None


def found_for(host: Host, root: Path, **keys: object) -> list[Problem]:
    """Return what is wrong with what a virtual host serves below a root."""
    draft = host.draft(parts_of(vhost(**keys)))
    files = ServerFiles(str(root))
    plan = host.plan(draft)
    found = host_lacks(draft, plan, HostAddresses(), files, opens_all=False, serve=False)
    return [problem for problem in found if problem.rule.startswith("directory-")]


def test_a_closed_directory_is_told_and_can_be_silenced(
    host: Host, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_directories, "children_of", lambda *_: STRANGER)
    aliases = [{"path": "/a/", "directory": "/open/in"}, {"path": "/b/", "directory": "/open/app"}]
    served = {"document_root": "/shut/app", "aliases": aliases}
    found = found_for(host, root, **served)
    assert [(one.rule, str(one.place).rpartition(").")[2]) for one in found] == [
        ("directory-closed", "document_root"),
        ("directory-closed", "aliases[0]"),
    ]
    assert found[0].message == (
        "DocumentRoot /shut/app serves nothing: www-data, as whom httpd answers, may not look into /shut (mode 0750)"
    )
    silenced = [{"rule": "directory-closed", "reason": "the application opens it"}]
    assert found_for(host, root, **served, check_off=silenced) == []


def test_children_are_those_of_the_server(host: Host) -> None:
    host.write("sites-enabled/own.conf", f"User #{os.getuid()}\nGroup #{os.getgid()}\n")
    children = children_of(host.reader().as_it_is.server, host.layout)
    assert children is not None
    assert children.uid == os.getuid()
    assert os.getgid() in children.gids
    host.write("sites-enabled/own.conf", "User nobody-has-this-name\n")
    assert children_of(host.reader().as_it_is.server, host.layout) is None
