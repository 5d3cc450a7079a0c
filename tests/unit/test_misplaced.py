"""Whatever lies in Gatehouse's own directories where something else belongs: the next commit puts it right, names the path,
and waits for nothing."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hosts import HTTPD, Host, moved, parts_of, vhost
from module_utils._host.certificates.self_signed import make_self_signed
from module_utils._host.commit import host_facts, standing
from module_utils._host.commit.guard import refuse_lost_stages
from module_utils._host.commit.healing import refuse_lost_parts
from module_utils._host.commit.host_facts import Wanted, probe_host
from module_utils._host.commit.outcome import Outcome
from module_utils._host.commit.request import Request, open_store
from module_utils._host.draft import staged_copy
from module_utils._host.machine.files import write_private_files
from module_utils._host.machine.lock import HostError
from module_utils._host.store.damage import damaged_paths
from module_utils._host.store.misplaced import misplaced
from module_utils._host.store.salvage import salvage_proved
from module_utils._host.store.staging import overlaid
from module_utils._host.store.store import Store
from module_utils._httpd.release.part import Part
from module_utils._httpd.vocabulary.layout import DEBIAN

PATIENCE = 5  # seconds; what opens a fifo waits for ever
CERTIFICATE, KEY = make_self_signed(("wiki.example.com",), now=datetime.now(timezone.utc))
PARTS = parts_of(
    vhost(ssl="self_signed", listen=[443]),
    vhost(
        "wiki.example.com",
        listen=[443],
        ssl={"certificate_content": CERTIFICATE, "certificate_key_content": KEY},
    ),
)


def _garbage(path: str) -> None:
    Path(path).write_text("\0garbage")


def _empty(path: str) -> None:
    Path(path).write_text("")


def _directory(path: str) -> None:
    Path(path).mkdir()
    Path(path, "x").write_text("x")


def _socket(path: str) -> None:
    # A socket's name has 107 characters at most.
    with tempfile.TemporaryDirectory(dir="/tmp") as above, socket.socket(socket.AF_UNIX) as made:
        made.bind(f"{above}/s")
        os.rename(f"{above}/s", path)


def _device(path: str) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 7))
    except PermissionError:
        pytest.skip("only root makes devices")


def _to_nowhere(path: str) -> None:
    os.symlink("nowhere", path)


def _to_itself(path: str) -> None:
    os.symlink(os.path.basename(path), path)


def _to_a_directory(path: str) -> None:
    above = next(one for one in Path(path).parents if (one / "elsewhere").is_dir())
    os.symlink(above / "elsewhere", path)


KINDS: dict[str, Callable[[str], None]] = {
    "garbage": _garbage,
    "empty": _empty,
    "directory": _directory,
    "fifo": os.mkfifo,
    "socket": _socket,
    "device": _device,
    "link to nowhere": _to_nowhere,
    "link to itself": _to_itself,
    "link to a directory": _to_a_directory,
}


def _below(directory: str, *, link: bool) -> str:
    """Return the first link or directory below one."""
    paths = sorted(Path(directory).iterdir())
    return str(next(path for path in paths if path.is_symlink() is link))


PLACES: dict[str, Callable[[Store], str]] = {
    "store": lambda store: store.root,
    "removed store": lambda store: store.removed,
    "shared blobs": lambda store: store.shared,
    "current": lambda store: store.link("current"),
    "proved": lambda store: store.link("proved"),
    "history": lambda store: f"{store.root}/history",
    "journal": lambda store: store.journal,
    "ledger": lambda store: store.ledger,
    "child's weight": lambda store: f"{store.root}/child_weight",
    "draft of current": lambda store: f"{store.root}/.current.gatehouse-new",
    "draft of the history": lambda store: f"{store.root}/.history.gatehouse-new",
    "releases": lambda store: store.releases,
    "release": lambda store: store.directory(store.proved),
    "stray release": lambda store: f"{store.releases}/{'f' * 16}",
    "frame": lambda store: f"{store.directory(store.proved)}/gatehouse.conf",
    "manifest": lambda store: f"{store.directory(store.proved)}/manifest.json",
    "owner": lambda store: f"{store.directory(store.proved)}/main",
    "vhosts": lambda store: f"{store.directory(store.proved)}/main/vhosts",
    "vhost": lambda store: f"{store.directory(store.proved)}/main/vhosts/shop.example.com.conf",
    "blobs": lambda store: store.blobs,
    "blob": lambda store: _below(store.blobs, link=False),
    "stray blob": lambda store: f"{store.blobs}/stray",
    "keys": lambda store: store.keys,
    "certificates": lambda store: store.self_signed,
    "certificate's link": lambda store: _below(store.self_signed, link=True),
    "certificate's directory": lambda store: os.path.realpath(_below(store.self_signed, link=True)),
    "certificate": lambda store: f"{_below(store.self_signed, link=True)}/certificate.pem",
    "certificate's key": lambda store: f"{_below(store.self_signed, link=True)}/key.pem",
    "programs": lambda store: store.programs,
    "program": lambda store: f"{store.programs}/__main__.py",
    "program's room": lambda store: f"{store.programs}/_host/machine",
}
# Of these nothing is said: a killed run leaves such directories and files.
SILENT = {
    "draft of current": KINDS,
    "draft of the history": KINDS,
    "removed store": ["directory"],
    "stray release": ["directory"],
    "stray blob": ["garbage", "empty"],
    "child's weight": ["garbage", "empty"],
    "shared blobs": ["directory"],
    "keys": ["directory"],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A host with a release, which each test has a copy of."""
    directory = tmp_path_factory.mktemp("host")
    _make(Host(directory))
    return directory


@pytest.fixture
def host(made: Path, tmp_path: Path) -> Iterator[Host]:
    """That host at the place where it was made, whose paths stand in its release; whatever happens stays within."""
    kept = tmp_path / "kept"
    shutil.copytree(made, kept, symlinks=True)
    elsewhere = made / "elsewhere"
    for name in ("releases/aaaaaaaaaaaaaaaa", "vhosts", "main"):
        (elsewhere / name).mkdir(parents=True)
        (elsewhere / name / "theirs").write_text("theirs")
    elsewhere.chmod(0o755)
    before = _listed(elsewhere)
    host = Host.__new__(Host)
    host.root = made / "apache2"
    host.layout = moved(DEBIAN, str(host.root))
    host.store = Store(host.layout.gatehouse)
    yield host
    found = _listed(elsewhere)
    for path in made.iterdir():
        _remove(path, made)
    for path in kept.iterdir():
        path.rename(made / path.name)
    assert found == before


def _listed(directory: Path) -> list[tuple[str, int]]:
    """Return what lies in a directory, and the modes."""
    return [
        (str(path), path.lstat().st_mode) for path in (directory, *sorted(directory.rglob("*")))
    ]


def _remove(path: Path, within: Path) -> None:
    """Remove something of a test's own: never what a link above it leads to."""
    assert path.parent.resolve().is_relative_to(within.resolve()), path
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


@pytest.fixture(autouse=True)
def no_server(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep what runs from this machine's server and directories, and end what would wait for ever."""
    monkeypatch.setattr(host_facts, "read_httpd", lambda _layout: HTTPD)
    monkeypatch.setattr(standing, "digest_at", lambda _port: Store(host.store.root).current)
    monkeypatch.setattr(standing.proof, "stranger_at", lambda _port, _pid: "")
    monkeypatch.setattr(standing.systemd, "is_active", lambda _unit: True)
    monkeypatch.setattr(standing.systemd, "main_pid", lambda _unit: 1)
    monkeypatch.setattr(staged_copy, "RUNTIME", str(tmp_path / "run"))
    signal.signal(signal.SIGALRM, _ended)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)


def _ended(*_words: object) -> None:
    raise AssertionError("it waits for ever")


def _make(host: Host, parts: tuple[Part, ...] = PARTS) -> list[str]:
    """Commit, as far as files go; return the paths that changed."""
    made = host.draft(parts)
    found = [*damaged_paths(host.store, made.release), *(change.path for change in made.changes)]
    host.store.write(made.release)
    write_private_files(made.files)
    host.make(made)
    return found


def _probed(host: Host) -> bool:
    """Return whether a stage finds all as it should be."""
    digests = {part.manifest.name: part.digest for part in PARTS}
    found = probe_host(host.layout, "a-play", Wanted(digests=digests))
    return found["is_settled"] and not found["differing"]


def _damage(path: str, kind: str, within: Path) -> None:
    """Put something else where a path leads to."""
    _remove(Path(path), within)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    KINDS[kind](path)


def _open(host: Host, *, check_mode: bool = False) -> list[str]:
    """Open the store as another run would, and return what that says."""
    outcome = Outcome()
    request = Request("a-play", check_mode=check_mode)
    host.store = open_store(host.layout, request, outcome).store
    return outcome.warnings


# The next commit lists the releases anew, and none is made for that alone.
LATER = [("history", "garbage"), ("history", "empty")]
# Where a committed release has files or directories, apart from the store itself.
WITH_CONTENTS = (
    "history", "ledger", "releases", "release", "frame", "manifest", "owner", "vhosts", "vhost", "blobs", "blob",
    "certificates", "certificate's directory", "certificate", "certificate's key", "programs", "program", "program's room",
)  # fmt: skip
LINKED = ("store", "link to a directory")
CASES = [(place, kind) for place in PLACES for kind in KINDS if (place, kind) != LINKED]


@pytest.mark.parametrize(("place", "kind"), CASES, ids=map(" as ".join, CASES))
def test_a_commit_puts_right_whatever_lies_there(host: Host, place: str, kind: str) -> None:
    path = PLACES[place](host.store)
    paths = {path, f"{os.path.realpath(os.path.dirname(path))}/{os.path.basename(path)}"}
    if place.startswith("certificate"):
        # It may be made anew, under the link that leads to it.
        paths.add(_below(host.store.self_signed, link=True))
    _damage(path, kind, host.root.parent)
    host.store = Store(host.store.root)
    is_silent = kind in SILENT.get(place, ())
    assert _probed(host) is (is_silent or (place, kind) in LATER)
    _open(host, check_mode=True)
    said = _open(host)
    said += salvage_proved(host.store, PARTS).found
    said += _make(host)
    assert is_silent or any(path in one for one in said for path in paths), said
    assert _open(host) == []
    assert misplaced(host.store) == {}
    assert _probed(host)
    assert not os.path.lexists(host.store.removed)
    assert Path(host.store.link("current"), "gatehouse.conf").is_file()


@pytest.mark.parametrize("place", WITH_CONTENTS)
def test_a_link_to_what_belongs_there_costs_no_run(host: Host, place: str) -> None:
    path = PLACES[place](host.store)
    # A certificate's is found under the name that the link above it leads to.
    path = f"{os.path.realpath(os.path.dirname(path))}/{os.path.basename(path)}"
    aside = host.root.parent / "moved"
    os.rename(path, aside)
    os.symlink(aside, path)
    before = _listed(aside)
    host.store = Store(host.store.root)
    digests = {part.manifest.name: part.digest for part in PARTS}
    found = probe_host(host.layout, "a-play", Wanted(digests=digests))
    # A play sends what a stage finds wanting, and nothing else.
    sent = tuple(part for part in PARTS if not found["parts"].get(part.manifest.name))
    base = {part.manifest.name: found["parts"].get(part.manifest.name, "") for part in sent}
    said = _open(host)
    salvaged = salvage_proved(host.store, sent)
    refuse_lost_parts(salvaged, sent, may_lose=False)
    staged = {part.manifest.name: part.digest for part in sent}
    request = Request("a-play", staged=staged, base=base)
    refuse_lost_stages(request, sent, salvaged.release.parts)
    said += salvaged.found
    said += _make(host, overlaid(salvaged.release.parts, sent))
    assert any(path in one for one in said), said
    assert _open(host) == []
    assert _probed(host)
    # What it led to may be somebody's.
    assert _listed(aside) == before


@pytest.mark.parametrize("kind", ["directory", "fifo", "link to a directory"])
@pytest.mark.parametrize("place", [one for one in PLACES if one != LINKED[0]])
def test_a_removal_takes_whatever_lies_there(host: Host, place: str, kind: str) -> None:
    _damage(PLACES[place](host.store), kind, host.root.parent)
    store = Store(host.store.root)
    store.remove()
    left = [path for path in (store.root, store.removed, store.shared) if os.path.lexists(path)]
    assert left == []


def test_a_store_that_is_a_link_is_refused_and_nothing_changes_behind_it(host: Host) -> None:
    place, kind = LINKED
    _damage(PLACES[place](host.store), kind, host.root.parent)
    for check_mode in (True, False):
        with pytest.raises(HostError, match=r"is a link to .*; put a directory in its place"):
            _open(host, check_mode=check_mode)
