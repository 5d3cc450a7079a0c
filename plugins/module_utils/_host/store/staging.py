"""Parts on their way: what a play has sent for its own commit, and for no other."""

from __future__ import annotations

import contextlib
import json
import os
import tarfile
import time
from collections.abc import Iterable

from ..._httpd.release.manifest import Manifest
from ..._httpd.release.part import Part, in_order
from ..machine.file_kinds import clear, names_in, regular
from ..machine.files import private_directory, set_obstacle_aside, write_file
from ..machine.lock import RUNTIME

STAGES = f"{RUNTIME}/stage"
HELD = f"{RUNTIME}/held"
FORGOTTEN_AFTER = 3600.0  # seconds; a play that stages commits within minutes


def stage(archive: str, token: str, *, root: str = STAGES) -> tuple[Part, ...]:
    """Take an archive's parts in under a play's token, over what the play staged of the same parts before.

    Raises ValueError for a part with a file that would leave its directory.
    """
    directory = f"{root}/{token}"
    for one in (os.path.dirname(root), root, directory):
        private_directory(one)
    parts = _unpacked(archive)
    for part in parts:
        write_file(f"{directory}/{part.manifest.name}", json.dumps(part.to_plain()))
    return parts


def obstacles_set_aside(token: str, *, root: str = STAGES) -> list[str]:
    """Set aside what lies where the directories of stages belong, and say so. Raises OSError."""
    return [*filter(None, (set_obstacle_aside(one) for one in (root, f"{root}/{token}")))]


def staged(token: str, *, root: str = STAGES) -> tuple[Part, ...]:
    """Return the parts that a play has staged."""
    return _parts_in(f"{root}/{token}")


def hold(parts: Iterable[Part], *, directory: str = HELD) -> None:
    """Keep parts of a commit that was refused for what another owner lost: that owner's commit brings them along."""
    private_directory(os.path.dirname(directory))
    private_directory(directory)
    for part in parts:
        write_file(f"{directory}/{part.manifest.name}", json.dumps(part.to_plain()))


def held(*, directory: str = HELD) -> tuple[Part, ...]:
    """Return the parts that are kept so; what nobody can read is none."""
    try:
        return _parts_in(directory)
    except (AttributeError, KeyError, OSError, TypeError, ValueError):
        return ()


def let_go(*, directory: str = HELD) -> None:
    """Forget them: a commit has gone through."""
    with contextlib.suppress(OSError):
        clear(directory)


def discard(token: str, *, root: str = STAGES) -> None:
    """Forget a play's parts, and those of plays that died long ago."""
    # No play commits under that name again; what stays is tried again by the next commit, and gone with the next boot.
    for path in (f"{root}/{token}", *forgotten_stages(root=root)):
        with contextlib.suppress(OSError):
            clear(path)


def forgotten_stages(*, root: str = STAGES) -> list[str]:
    """Return the directories of plays that died long ago, and what else lies there so long."""
    paths = [f"{root}/{name}" for name in names_in(root)]
    return [path for path in paths if time.time() - os.lstat(path).st_mtime > FORGOTTEN_AFTER]


def overlaid(base: tuple[Part, ...], over: tuple[Part, ...]) -> tuple[Part, ...]:
    """Replace parts by staged ones of the same owner and concern, or take them away; others stay."""
    by_name = {part.manifest.name: part for part in (*base, *over)}
    return in_order(part for part in by_name.values() if not part.is_absent)


def _unpacked(archive: str) -> tuple[Part, ...]:
    """Read an archive's parts."""
    with tarfile.open(archive) as tar:
        members = (tar.extractfile(member) for member in tar.getmembers())
        parts = tuple(Part.from_plain(json.load(stream)) for stream in members if stream)
    for part in parts:
        _refuse_leaving(part.manifest)
    return parts


def _refuse_leaving(manifest: Manifest) -> None:
    """Refuse names that would be written elsewhere."""
    for path in (manifest.name, *manifest.files, *(blob.digest for blob in manifest.blobs)):
        if path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"{path} leaves its directory")


def _parts_in(directory: str) -> tuple[Part, ...]:
    names = sorted(os.listdir(directory)) if os.path.isdir(directory) else []
    return tuple(_read_part(f"{directory}/{name}") for name in names if not name.startswith("."))


def _read_part(path: str) -> Part:
    with open(path, encoding="utf-8", opener=regular) as stream:
        return Part.from_plain(json.load(stream))
