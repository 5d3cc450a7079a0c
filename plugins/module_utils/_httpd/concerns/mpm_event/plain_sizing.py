"""Sizes from plain data: what a host has, and what is asked of it, as a template says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...syntax.tree import NOWHERE, Place
from ...variables.door import Door, Invalid
from ...variables.fields import key
from ...variables.kinds import decimal, integer
from ...variables.models import model_of
from ...variables.refused_variables import RefusedVariables
from .bearing import MEGABYTE, Capacity, rounded_weight
from .model import MpmEvent
from .sizing import sized


@dataclass(frozen=True)
class HostCapacity:
    """What a host has, in MB."""

    memory: int = key(integer(1, 1_000_000_000, unit="MB"), "MB of memory that its limits leave.")
    cores: float = key(decimal(0.01, 100_000), "Cores that its limits leave.")
    child: int = key(
        integer(1, 1_000_000, unit="MB"), "MB of an idle child, rounded up to 4.", default=4
    )
    somaxconn: int = key(integer(1, 2**31 - 1), "The kernel's net.core.somaxconn.", default=4096)
    place: Place = field(default=NOWHERE, compare=False)


def plain_sizing(host: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return sizes, reasons and warnings as plain data. Raises RefusedVariables with every mistake, and Refused."""
    door = Door()
    try:
        had: HostCapacity = model_of(HostCapacity).read(host, Place("host"), door)
        asked: MpmEvent = model_of(MpmEvent).read(settings, Place("apache_mpm_event"), door)
    except Invalid:
        raise RefusedVariables(door.problems) from None
    if door.problems:
        raise RefusedVariables(door.problems)
    capacity = Capacity(
        had.memory * MEGABYTE, had.cores, rounded_weight(had.child * MEGABYTE), had.somaxconn
    )
    return sized(asked, capacity).to_plain()
