"""What lies in a store where something of another kind belongs: nothing that Gatehouse made, and in its way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from ..machine.file_kinds import kind_at, names_in
from ..machine.lock import HostError
from .store import Store

_LINKS = ("current", "proved")
_FILES = ("child_weight", "history", "journal", "ledger", "stopped")
_A_FILE, _A_LINK, _A_DIRECTORY = "a file", "a link", "a directory"
# A certificate that Gatehouse has signed itself, beside the link that leads to it.
_OF_A_TIME = re.compile(r"\.[0-9]{14}$")


def misplaced(store: Store) -> dict[str, str]:
    """Return the paths of what is of another kind than belongs there, each with words on it. Raises OSError, HostError.

    A link to a directory is no directory: what nobody needs is removed in a store, and behind a link it is somebody else's.
    Nothing is listed through one.
    """
    if os.path.islink(store.root) and os.path.isdir(store.root):
        what = f"{store.root} is a link to {os.readlink(store.root)}, and Gatehouse removes what it doesn't know in it"
        raise HostError(f"{what}; put a directory in its place (one that is mounted there will do)")
    return {
        path: f"{path} is {kind_at(path)}, not {wanted}"
        for path, wanted in _places(store)
        if not _is(path, wanted)
    }


def _is(path: str, wanted: str) -> bool:
    """Tell whether a path is what is wanted there, or free; where a link belongs, a commit writes over a file."""
    kind = kind_at(path)
    if wanted == _A_LINK:
        return kind in ("", _A_FILE) or kind.startswith(_A_LINK)
    return kind in ("", wanted)


def _places(store: Store) -> Iterator[tuple[str, str]]:
    """Yield each place of a store, the outer ones first, with what belongs there."""
    directories = (store.blobs, store.shared, store.keys)
    yield from _all((store.root, store.removed, store.shared), _A_DIRECTORY)
    yield from _all((store.releases, store.programs, store.self_signed), _A_DIRECTORY)
    yield from _all(directories, _A_DIRECTORY)
    yield from _all((f"{store.root}/{name}" for name in _FILES), _A_FILE)
    yield from _all((f"{store.root}/{name}" for name in _LINKS), _A_LINK)
    yield from _all(_below(store.releases), _A_DIRECTORY)
    for directory in directories:
        yield from _all(_below(directory), _A_FILE)
    yield from _of_certificates(store.self_signed)
    yield from _of_programs(store.programs)


def _of_certificates(directory: str) -> Iterator[tuple[str, str]]:
    """Yield the places of certificates that Gatehouse has signed itself."""
    for path in _below(directory):
        is_of_a_time = _OF_A_TIME.search(path) is not None
        yield path, _A_DIRECTORY if is_of_a_time else _A_LINK
        if is_of_a_time:
            yield from _all(_below(path), _A_FILE)


def _of_programs(directory: str) -> Iterator[tuple[str, str]]:
    """Yield the places of what timers run."""
    for path in _below(directory):
        is_module = path.endswith(".py")
        yield path, _A_FILE if is_module else _A_DIRECTORY
        if not is_module and not os.path.islink(path):
            yield from _of_programs(path)


def _all(paths: Iterable[str], wanted: str) -> Iterator[tuple[str, str]]:
    for path in paths:
        yield path, wanted


def _below(directory: str) -> list[str]:
    """Return what lies in a directory; nothing where it is none, or a link to one."""
    return [f"{directory}/{name}" for name in sorted(names_in(directory))]
