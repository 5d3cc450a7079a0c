"""A host's configuration as it will be, copied whole for the shadow: it may write there, and runs none of its loggers."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import replace

from ..._httpd.reading.server import Server
from ..._httpd.syntax.parse import parse_tree
from ..._httpd.syntax.print import print_tree
from ..._httpd.syntax.quoting import unquote
from ..._httpd.syntax.tree import Comment, Directive, Section, Tree
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.reserved_names import BLOBS, KEYS, SELF_SIGNED
from ..machine.file_kinds import clear, regular
from ..machine.files import (
    aside_of,
    give_to_group,
    private_directory,
    write_private_files,
    write_state,
)
from ..machine.lock import RUNTIME
from ..store.misplaced import misplaced
from ..store.release import Release, write_blobs, write_release_files
from ..store.store import Store
from .draft import Draft

MARK = ".gatehouse-shadow"
_COPY = "shadow-"
LOGS = frozenset({"errorlog", "customlog", "transferlog", "globallog", "forensiclog"})
_PIPED = re.compile(
    r'^\s*(?:Error|Custom|Transfer|Global|Forensic)Log\s+["\']?\|', re.IGNORECASE | re.MULTILINE
)


@contextlib.contextmanager
def staged_copy(layout: Layout, draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield a directory of root's alone and, in it, the copy of the configuration root; both are gone afterwards."""
    directory = tempfile.mkdtemp(prefix=_COPY, dir=private_directory(RUNTIME))
    try:
        config = f"{directory}/config"
        shutil.copytree(
            layout.config_root,
            config,
            symlinks=True,
            ignore=lambda path, _: (
                _own_directories(layout) if path == layout.config_root else set()
            ),
        )
        for change in draft.changes:
            is_own = change.path.startswith(f"{layout.gatehouse}/")
            if change.path.startswith(f"{layout.config_root}/") and not is_own:
                write_state(config + change.path.removeprefix(layout.config_root), change.after)
        _silence_below(config)
        _write_store(config + layout.gatehouse.removeprefix(layout.config_root), layout, draft)
        with open(f"{config}/{MARK}", "w", encoding="utf-8"):
            pass
        yield directory, config
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def copies_of_killed_runs() -> list[str]:
    """Return the directories of copies that nobody took away, and those of a run that is under way."""
    return glob.glob(f"{RUNTIME}/{_COPY}*")


def sweep_copies() -> None:
    """Remove what killed runs left; only under the host's lock."""
    for path in copies_of_killed_runs():
        # What stays costs room below /run; the next commit tries again.
        with contextlib.suppress(OSError):
            clear(path)


def _own_directories(layout: Layout) -> set[str]:
    """Return the names in the configuration root of what Gatehouse keeps there."""
    store = Store(layout.gatehouse)
    paths = (store.root, store.shared, store.removed)
    return {os.path.basename(one) for path in paths for one in (path, aside_of(path))}


def _write_store(own: str, layout: Layout, draft: Draft) -> None:
    """Write what the release needs of Gatehouse's own directory: itself, keys and certificates."""
    release = draft.release
    os.makedirs(f"{own}/releases")
    live = Store(layout.gatehouse)
    # A dry run meets what a commit has set aside by now.
    wrong = misplaced(live)
    for kept in (BLOBS, KEYS, SELF_SIGNED):
        if os.path.isdir(f"{layout.gatehouse}/{kept}"):
            _copy(f"{layout.gatehouse}/{kept}", f"{own}/{kept}", without=wrong)
    if os.path.isdir(live.shared):
        _copy(live.shared, f"{own}-shared", without=wrong)
        give_to_group(f"{own}-shared", live.group, mode=0o750)
        for name in os.listdir(f"{own}-shared"):
            give_to_group(f"{own}-shared/{name}", live.group, mode=0o640)
    write_blobs(release, root=f"{own}/{BLOBS}", shared=f"{own}-shared", group=live.group)
    write_private_files(
        {own + path.removeprefix(layout.gatehouse): text for path, text in draft.files.items()}
    )
    for change in draft.changes:
        if change.path.startswith(f"{layout.gatehouse}/{SELF_SIGNED}/"):
            write_state(own + change.path.removeprefix(layout.gatehouse), change.after)
    write_release_files(f"{own}/releases/{release.digest}", _silent(release))
    os.symlink(f"releases/{release.digest}", f"{own}/current")


def _copy(source: str, target: str, *, without: Collection[str]) -> None:
    """Copy a directory without some of the paths below it. Raises OSError."""
    shutil.copytree(
        source,
        target,
        symlinks=True,
        ignore=lambda path, names: {name for name in names if f"{path}/{name}" in without},
    )


def silence_outside(layout: Layout, server: Server, directory: str) -> dict[str, str]:
    """Return silenced copies, made in `directory`, of the files with piped logs that lie outside the configuration
    root."""
    places = {
        logged.place.source
        for scope in server.scopes
        for logged in scope.directives
        if is_piped(logged) and not logged.place.source.startswith(f"{layout.config_root}/")
    }
    copies = {}
    for number, place in enumerate(sorted(path for path in places if os.path.isfile(path))):
        copies[place] = shutil.copyfile(place, f"{directory}/outside-{number}.conf")
        _silence(copies[place])
    return copies


def is_piped(directive: Directive) -> bool:
    """Tell whether a directive has a program log."""
    return (
        directive.name.lower() in LOGS
        and bool(directive.args)
        and unquote(directive.args[0]).startswith("|")
    )


def _silent(release: Release) -> Release:
    """Return a release whose piped loggers don't run: they would write where the live ones do."""
    parts = (
        replace(part, texts={path: _without_pipes(text) for path, text in part.texts.items()})
        for part in release.parts
    )
    return replace(release, parts=tuple(parts))


def _silence_below(config: str) -> None:
    """Keep the piped loggers of the host's own files from running."""
    for directory, _directories, names in os.walk(config):
        for name in names:
            if not os.path.islink(f"{directory}/{name}"):
                _silence(f"{directory}/{name}")


def _silence(path: str) -> None:
    """Send a file's piped logs nowhere."""
    with open(path, encoding="utf-8", errors="surrogateescape", opener=regular) as stream:
        text = stream.read()
    if _PIPED.search(text):
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(_without_pipes(text))


def _without_pipes(text: str) -> str:
    """Send a text's piped logs nowhere."""
    return print_tree(_silenced(parse_tree(text, "")[0])) if _PIPED.search(text) else text


def _silenced(tree: Tree) -> Tree:
    return tuple(
        node
        if isinstance(node, Comment)
        else Section(node.name, node.args, _silenced(node.children), node.place)
        if isinstance(node, Section)
        else Directive(node.name, ("/dev/null", *node.args[1:]), node.place)
        if is_piped(node)
        else node
        for node in tree
    )
