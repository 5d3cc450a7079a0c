"""Digests by which texts are told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest_of(texts: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that identify texts in order."""
    whole = hashlib.sha256()
    for text in texts:
        content = text.encode()
        whole.update(f"{len(content)}:".encode())
        whole.update(content)
    return whole.hexdigest()[:16]
