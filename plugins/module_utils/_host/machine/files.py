"""Changes of files that are on the disk when the call returns, and that no reader sees half done."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .file_kinds import clear, kind_at, names_in, regular

_ASIDE = ".damaged"

Kind = Literal["absent", "link", "file", "directory", "other"]


@dataclass(frozen=True)
class State:
    """What lies at a path: nothing, a symbolic link and its target, a file, its text and its mode, a directory, its
    owner (`user:group`) and its mode, or something else (a fifo, a socket, a device), which nobody can make again."""

    kind: Kind
    content: str = ""
    mode: int = 0


ABSENT = State("absent")


def link_to(target: str) -> State:
    """Return the state of a symbolic link."""
    return State("link", target)


def read_state(path: str) -> State:
    """Return what lies at a path; bytes that are no UTF-8 come back as they were. Raises OSError."""
    if os.path.islink(path):
        return link_to(os.readlink(path))
    if os.path.isdir(path):
        found = os.stat(path)
        return State("directory", _owner(found.st_uid, found.st_gid), found.st_mode & 0o7777)
    kind = kind_at(path)
    if not kind:
        return ABSENT
    if kind != "a file":
        return State("other", kind)
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", opener=regular) as stream:
            return State("file", stream.read(), os.stat(path).st_mode & 0o7777)
    except FileNotFoundError:
        return ABSENT


def write_state(path: str, state: State) -> None:
    """Make a path what `state` says, atomically and durably; its directory is made."""
    if state.kind not in ("absent", "other"):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    if state.kind in ("absent", "other"):
        # A directory is one that Gatehouse made, with whatever httpd wrote into it since.
        clear(path)
        if os.path.isdir(os.path.dirname(path)):
            sync_directory(os.path.dirname(path))
    elif state.kind == "directory":
        os.makedirs(path, exist_ok=True)
        user, _colon, group = state.content.partition(":")
        shutil.chown(path, user, group)
        os.chmod(path, state.mode)
    elif state.kind == "link":
        temporary = _temporary(path)
        os.symlink(state.content, temporary)
        _replace(temporary, path)
    else:
        write_file(path, state.content, mode=state.mode)


def write_file(path: str, text: str, *, mode: int = 0o600) -> None:
    """Write a whole file, or leave the old one."""
    temporary = _temporary(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except (OSError, UnicodeError):
        os.unlink(temporary)
        raise
    _replace(temporary, path)


def private_directory(path: str) -> str:
    """Make a directory root's alone, and return it: whoever may enter one could hold a lock in it. Raises OSError.

    What lies there and is no directory of its own is set aside: where a link leads, others may have files.
    """
    set_obstacle_aside(path)
    os.makedirs(path, mode=0o700, exist_ok=True)
    found = os.stat(path)
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        os.chown(path, os.geteuid(), os.getegid())
        os.chmod(path, 0o700)
    return path


def write_private_files(texts: Mapping[str, str]) -> None:
    """Write files for root alone, in directories of root's alone."""
    for path, text in texts.items():
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        write_file(path, text, mode=0o600)


def give_to_group(path: str, group: str, *, mode: int) -> None:
    """Let a group at what is root's. Raises OSError, also where there is no such group."""
    try:
        os.chown(path, -1, grp.getgrnam(group).gr_gid)
    except KeyError:
        raise OSError(f"there is no group {group}, to which {path} is to be given") from None
    os.chmod(path, mode)


def _owner(user: int, group: int) -> str:
    """Return `user:group` by name, by number where there is none."""
    names = []
    for number, name_of in ((user, pwd.getpwuid), (group, grp.getgrgid)):
        try:
            names.append(name_of(number)[0])
        except KeyError:
            names.append(str(number))
    return ":".join(names)


def sync_directory(path: str) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(path: str, *, directory: str = "") -> str:
    """Give something damaged another name, over whatever was set aside before, and say where it is.

    It goes to `directory`, on the same file system, where what lies beside it is read. Raises OSError.
    """
    aside = aside_of(f"{directory or os.path.dirname(path)}/{os.path.basename(path)}")
    clear(aside)
    os.rename(path, aside)
    sync_directory(os.path.dirname(path))
    return f"it lies in {aside} now"


def aside_of(path: str) -> str:
    """Return the name under which something damaged is set aside."""
    return f"{path}{_ASIDE}"


def aside_in(directory: str) -> list[str]:
    """Return the paths of what was set aside in a directory."""
    return [f"{directory}/{name}" for name in sorted(names_in(directory)) if name.endswith(_ASIDE)]


def set_obstacle_aside(path: str) -> str:
    """Set aside what lies where a directory belongs, and say so; empty where nothing is in the way. Raises OSError."""
    kind = kind_at(path)
    if kind in ("", "a directory"):
        return ""
    return f"{path} is {kind}, not a directory; {set_aside(path)}"


def forget_draft(path: str) -> None:
    """Remove what a killed run left of a change of this path; a file system that nobody may write to has nothing of it."""
    clear(draft_of(path))


def draft_of(path: str) -> str:
    """Return the name under which a path's next state is made; no Include of a distribution matches it."""
    return f"{os.path.dirname(path)}/.{os.path.basename(path)}.gatehouse-new"


def _temporary(path: str) -> str:
    """Return a free name beside a path."""
    forget_draft(path)
    return draft_of(path)


def _replace(temporary: str, path: str) -> None:
    os.rename(temporary, path)
    sync_directory(os.path.dirname(path))
