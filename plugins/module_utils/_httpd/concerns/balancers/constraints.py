"""What must hold between the keys of balancers, beyond each key's own kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...syntax.problem import Problem
from .model import BalancerModel
from .problem_kinds import (
    BALANCER_WITHOUT_MEMBERS,
    DUPLICATE_BALANCER,
    MEMBER_WITH_PATH,
    TWO_STICKY_COOKIES,
)


def balancers_problems(
    balancers: tuple[BalancerModel, ...], refused: Iterable[Problem] = ()
) -> Iterator[Problem]:
    """Yield what is wrong, in input order; members that were `refused` aren't missing too."""
    places = [str(problem.place) for problem in refused]
    yield from _balancer_name_problems(balancers)
    for balancer in balancers:
        yield from _balancer_problems(balancer, places)


def _balancer_name_problems(balancers: tuple[BalancerModel, ...]) -> Iterator[Problem]:
    """Yield the second balancer of a name."""
    seen: dict[str, BalancerModel] = {}
    for balancer in balancers:
        first = seen.setdefault(balancer.name, balancer)
        if first is not balancer:
            message = f'"{balancer.name}" is defined at {first.place} already'
            yield DUPLICATE_BALANCER.problem(
                balancer.place.at("name"), message, "rename one of the two"
            )


def _balancer_problems(balancer: BalancerModel, refused: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong within one balancer."""
    place = balancer.place.at("members")
    if not balancer.members and not any(one.startswith(f"{place}[") for one in refused):
        yield BALANCER_WITHOUT_MEMBERS.problem(
            place,
            f"`{balancer.name}` has no members",
            "add at least one",
        )
    if balancer.sticky_cookie and "stickysession" in balancer.parameters:
        place = balancer.place.at("stickysession")
        message = "`sticky_cookie` is set too, and a balancer keeps sessions by one cookie"
        yield TWO_STICKY_COOKIES.problem(place, message, "remove one of the two")
    for member in balancer.members:
        if member.url.path not in ("", "/"):
            message = f'"{member.url}" has a path, and the rule that names the balancer adds its own behind it'
            fix = f"leave the path out, and write balancer://{balancer.name}{member.url.path} in the rule"
            yield MEMBER_WITH_PATH.problem(member.place.at("url"), message, fix)
