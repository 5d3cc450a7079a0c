"""The blocks of README and of pages beside it, for the tests that run them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
README, TLS, UPGRADE = "README.md", "docs/tls_and_http2.md", "docs/upgrade.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def sections(page: str) -> dict[str, list[tuple[str, str]]]:
    """Return a page's blocks, each with its language, by section; those before the first one have no title."""
    first, *others = re.split(r"^## ", (ROOT / page).read_text(), flags=re.MULTILINE)
    found = {"": _BLOCK.findall(first)}
    return {**found, **{text.partition("\n")[0]: _BLOCK.findall(text) for text in others}}


def blocks(language: str, section: str = "", page: str = README) -> list[str]:
    """Return a section's blocks of a language, in order."""
    return [text for name, text in sections(page)[section] if name == language]


def every_block(language: str) -> list[str]:
    """Return the blocks of a language of all these pages."""
    found = [block for page in (README, TLS) for one in sections(page).values() for block in one]
    return [text for name, text in found if name == language]
