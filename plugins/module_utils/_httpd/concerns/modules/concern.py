"""The concern `modules`: what operators load beyond what the configuration asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ...syntax.tree import Place
from ...vocabulary.nearest import MPMS, nearest_module
from ...vocabulary.needed_modules import with_companions
from ..contract import Concern, Written
from ..inventory import Inventory
from .problem_kinds import MODULE_MISSPELT, MPM_CHOSEN


def write(inventory: Inventory) -> Written:
    """Load modules; nothing is written."""
    return Written(modules=with_companions(inventory.modules))


def problems(inventory: Inventory, _refused: Iterable[Problem]) -> Iterator[Problem]:
    """Yield modules that change the whole server, and names that only a host could say to be wrong."""
    # A host that has no such module refuses it; most of other packages are spelt like none of Debian's.
    place = Place("apache_modules", is_leaf=True)
    for module in inventory.modules:
        if module in MPMS:
            message = (
                f"`{module}` becomes the MPM of the whole server: all sites of the host move to it by a restart,"
                " and it stays when it is named no more, until `gatehouse.apache.remove` or another MPM"
            )
            fix = "leave it out to keep the host's own, or silence this if the change is meant"
            yield MPM_CHOSEN.problem(place, message, fix)
        nearest = nearest_module(module)
        if nearest:
            message = f"`{module}` is no module of Debian's, but one is `{nearest}`"
            fix = f"write `{nearest}`, or silence this if another package brings yours"
            yield MODULE_MISSPELT.problem(place, message, fix)


MODULES = Concern("modules", write, problems=problems, variables=("modules",))
