"""Versions of httpd."""

from __future__ import annotations

import re

Version = tuple[int, int, int]


def parse_version(text: str) -> Version:
    """Read `2.4.62` or `2.4`; what is missing is 0."""
    numbers = [int(number) for number in re.findall(r"[0-9]{1,9}", text)[:3]]
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return (major, minor, patch)
