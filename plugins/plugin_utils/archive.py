# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One archive for all that a host is sent: contents never become module arguments, which end in its journal."""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping


@contextlib.contextmanager
def archived(files: Mapping[str, str]) -> Iterator[str]:
    """Yield the path of a tar archive, 0600, of `files` (relative path to text); it is gone afterwards."""
    descriptor, path = tempfile.mkstemp(prefix="gatehouse-", suffix=".tar")
    try:
        with (
            os.fdopen(descriptor, "wb") as stream,
            # What a thousand virtual hosts say shrinks to a twentieth on its way.
            tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as tar,
        ):
            for name, text in sorted(files.items()):
                content = text.encode()
                member = tarfile.TarInfo(name)
                member.size = len(content)
                member.mode = 0o600
                tar.addfile(member, io.BytesIO(content))
        yield path
    finally:
        os.unlink(path)
