"""Paths that stand for several."""

from __future__ import annotations


def is_glob(text: str) -> bool:
    """Tell whether httpd takes a path for a pattern."""
    return "*" in text or "?" in text or ("[" in text and "]" in text[text.index("[") :])
