"""README's blocks, for the tests that run them."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BLOCKS: list[tuple[str, str]] = re.findall(
    r"^```(\w+)\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL
)


def blocks(language: str) -> list[str]:
    """Return README's blocks of a language, in order."""
    return [text for name, text in BLOCKS if name == language]
