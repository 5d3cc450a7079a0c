# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play has staged on each host, kept for its commit: the host may forget it, and others may come between.

Each task runs in a process of its own, so it lies in the run's own directory, which goes with the run. It names parts and
digests, nothing of what they say.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping

from ansible import constants
from ansible_collections.gatehouse.apache.plugins.plugin_utils.private_file import (
    read_text,
    write_private,
)

Digests = Mapping[str, str]  # of parts by owner and concern, empty for one that isn't there


def note(token: str, host: str, *, staged: Digests, base: Digests) -> None:
    """Add parts to what the play of `token` has staged on a host; `base` are those that the host had before."""
    path = _path(token, host)
    before_staged, before_base = _read(path)
    # What was staged over another stage of the play begins from where that one began.
    known = {name: base.get(name, "") for name in staged}
    write_private(path, json.dumps([{**before_staged, **staged}, {**known, **before_base}]))


def contradicted(token: str, host: str, wanted: Digests) -> list[str]:
    """Return the names of parts that the play has staged with other contents and hasn't committed: one of them would be lost."""
    staged, _base = _read(_path(token, host))
    return [name for name, digest in wanted.items() if staged.get(name, digest) != digest]


def take(token: str, host: str) -> tuple[Digests, Digests]:
    """Return what the play has staged on a host, and what the host had before; a second commit finds nothing."""
    path = _path(token, host)
    found = _read(path)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    return found


def _read(path: str) -> tuple[Digests, Digests]:
    text = read_text(path)
    staged, base = json.loads(text) if text else ({}, {})
    return staged, base


def _path(token: str, host: str) -> str:
    """Return the file of a play and a host, whose name may be anything."""
    name = hashlib.sha256(f"{token} {host}".encode()).hexdigest()
    return os.path.join(constants.DEFAULT_LOCAL_TMP, f"gatehouse-staged-{name}")
