"""What the host must know to size its MPM: plain data in a release's manifest."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from ..contract import Facts
from .model import MpmEvent

NAME = "mpm_event"
_KEYS = tuple(field.name for field in dataclasses.fields(MpmEvent) if field.name != "place")


def to_facts(settings: MpmEvent) -> dict[str, Any]:
    """Return what was asked for, as plain data."""
    values = {name: getattr(settings, name) for name in _KEYS}
    return {"asked": {name: value for name, value in values.items() if value is not None}}


def read_settings(facts: Iterable[Facts]) -> MpmEvent | None:
    """Return what a release's parts ask for, None where none asks; a key of a newer version is passed over."""
    for one in facts:
        asked = one.get(NAME, {}).get("asked")
        if asked is not None:
            return MpmEvent(**{name: value for name, value in asked.items() if name in _KEYS})
    return None
