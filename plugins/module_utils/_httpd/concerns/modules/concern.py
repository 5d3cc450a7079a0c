"""The concern `modules`: what operators load beyond what the configuration asks for."""

from __future__ import annotations

from ...vocabulary.needed_modules import with_companions
from ..contract import Concern, Written
from ..inventory import Inventory


def write(inventory: Inventory) -> Written:
    """Load modules; nothing is written."""
    return Written(modules=with_companions(inventory.modules))


MODULES = Concern("modules", write, variables=("modules",))
