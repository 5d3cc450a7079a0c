"""The statuses that httpd can answer with: each was asked of it, by Redirect and by RewriteRule. Any other becomes a 500."""

from __future__ import annotations

KNOWN_STATUSES = frozenset({
    *range(100, 104), *range(200, 209), 226, *range(300, 306), 307, 308, *range(400, 418), *range(421, 425), 426, 428,
    429, 431, 451, *range(500, 509), 510, 511,
})  # fmt: skip
