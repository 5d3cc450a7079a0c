"""The concern `mpm_event`: how many requests and connections the server takes at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ...syntax.quoting import Refused
from ...syntax.tree import Place
from ...vocabulary.nearest import MPMS
from ..contract import Concern, Written
from ..inventory import Inventory
from .bearing import ROOMY
from .compile import compile_mpm_event
from .facts import NAME, to_facts
from .problem_kinds import MPM_CONTRADICTION, MPM_OF_ANOTHER_KIND, MPM_TOO_SMALL
from .shortages import without_slots
from .sizing import sized


def write(inventory: Inventory) -> Written:
    """Write the MPM, and have it take the place of another; a host sizes it by what was asked for."""
    settings = inventory.mpm_event
    if settings is None:
        return Written()
    return Written(
        settings={"settings": compile_mpm_event(settings)},
        modules=(NAME,),
        facts=to_facts(settings),
    )


def problems(inventory: Inventory, _refused: Iterable[Problem]) -> Iterator[Problem]:
    """Yield what no host could bear, and another MPM."""
    settings = inventory.mpm_event
    if settings is None:
        return
    others = [module for module in inventory.modules if module in MPMS and module != NAME]
    if others:
        place = Place("apache_modules", is_leaf=True)
        message = f"`{others[0]}` is asked for, and apache_mpm_event, which is another MPM"
        yield MPM_OF_ANOTHER_KIND.problem(place, message, f"take out `{others[0]}`")
    if settings.max_request_workers or settings.requests_per_second or settings.backend_seconds:
        try:
            sizing = sized(settings, ROOMY)
        except Refused as refused:
            yield MPM_CONTRADICTION.problem(settings.place, refused.message, refused.fix)
            return
        # The number of children follows from these alone.
        for one in without_slots(sizing.sizes, settings) if settings.threads_per_child else ():
            yield MPM_TOO_SMALL.problem(settings.place, one.message, one.fix)


MPM_EVENT = Concern(NAME, write, variables=(NAME,), is_shared=True, problems=problems)
