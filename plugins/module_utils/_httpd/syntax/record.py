"""Frozen dataclasses for what a server has by the hundred thousand: directives, places, rules.

mypy keeps them frozen. At run time they aren't: to freeze an object takes three times as long as to make it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, frozen):
        """Make a dataclass that compares, and that can be hashed as a frozen one can."""
        return dataclass(unsafe_hash=frozen)


__all__ = ["record"]
