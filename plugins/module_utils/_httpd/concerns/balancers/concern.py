"""The concern `balancers`: balancers and their members, included by the virtual hosts that use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ..contract import Concern, InVhost, Written
from ..inventory import Inventory
from ..vhosts.model import Vhost
from .compile import balancer_path, compile_balancer, include_balancers
from .constraints import balancers_problems


def write(inventory: Inventory) -> Written:
    """Write a file for each balancer."""
    files = {balancer_path(one.name): compile_balancer(one) for one in inventory.balancers}
    return Written(files=files)


def in_vhost(vhost: Vhost, inventory: Inventory) -> InVhost:
    """Include those that a virtual host uses."""
    return InVhost(slots={"balancers": include_balancers(vhost, inventory)})


def problems(inventory: Inventory, refused: Iterable[Problem]) -> Iterator[Problem]:
    """Yield what is wrong between keys."""
    return balancers_problems(inventory.balancers, refused)


BALANCERS = Concern(
    "balancers",
    write,
    variables=("balancers",),
    in_vhost=in_vhost,
    problems=problems,
)
