"""What lies at a path: a regular file is read, and what is something else keeps nobody waiting, and can be moved away."""

from __future__ import annotations

import errno
import os
import shutil
import stat

_KINDS = (
    (stat.S_ISREG, "a file"),
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a fifo"),
    (stat.S_ISSOCK, "a socket"),
)


def kind_at(path: str) -> str:
    """Name what lies at a path, a link as itself; empty for nothing, and below what is no directory. Raises OSError."""
    try:
        mode = os.lstat(path).st_mode
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return ""
        raise
    named = _named(mode)
    return "a link to nowhere" if named == "a link" and not os.path.exists(path) else named


def is_directory(path: str) -> bool:
    """Tell whether a directory lies at a path, not a link that leads to one."""
    return os.path.isdir(path) and not os.path.islink(path)


def names_in(directory: str) -> list[str]:
    """List a directory; nothing where it is none, or a link to one, in which others have their files. Raises OSError."""
    return os.listdir(directory) if is_directory(directory) else []


def lack(path: str, *, below: str = "") -> str:
    """Say why there is no regular file at a path: it is missing, something else, or below what is no directory.

    `below` a directory that is somebody's own, a link to one is none.
    """
    obstacle = obstacle_above(path) or (link_above(path, below=below) if below else "")
    if obstacle:
        return f"{obstacle} is {kind_at(obstacle)}, not a directory"
    kind = kind_at(path)
    return f"{path} is {kind}, not a file" if kind else f"{path} is missing"


def obstacle_above(path: str) -> str:
    """Return the uppermost path above one that is there and leads to no directory; empty where there is none."""
    above = os.path.dirname(path)
    highest = obstacle_above(above) if above != path else ""
    return highest or (above if os.path.lexists(above) and not os.path.isdir(above) else "")


def link_above(path: str, *, below: str) -> str:
    """Return the uppermost link between a directory and a path `below` it; empty where there is none."""
    above = os.path.dirname(path)
    if len(above) <= len(below):
        return ""
    return link_above(above, below=below) or (above if os.path.islink(above) else "")


def regular(path: str, flags: int) -> int:
    """Open a regular file, as `open` takes an `opener`: a fifo would never end, and a socket can't be opened. Raises OSError."""
    _refuse_irregular(path, os.stat(path).st_mode)
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    try:
        _refuse_irregular(path, os.fstat(descriptor).st_mode)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def text_of(path: str) -> str:
    """Return a regular file's text. Raises OSError, and UnicodeError."""
    with open(path, encoding="utf-8", opener=regular) as stream:
        return stream.read()


def _refuse_irregular(path: str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        number = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
        raise OSError(number, f"is {_named(mode)}, not a file", path)


def clear(path: str) -> None:
    """Remove whatever lies at a path; of a link only itself. Raises OSError."""
    if is_directory(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def make_way(path: str, *, below: str) -> None:
    """Remove what keeps a file from being written `below` a directory: what is no directory above it, and a directory at it.

    A link to a directory is none: the file would lie somewhere else. Raises OSError.
    """
    above = below
    for name in os.path.dirname(path).removeprefix(below).strip("/").split("/"):
        above = f"{above}/{name}"
        if not is_directory(above):
            clear(above)
            break
    if is_directory(path):
        clear(path)


def _named(mode: int) -> str:
    return next((name for is_one, name in _KINDS if is_one(mode)), "a device")
