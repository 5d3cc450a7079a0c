"""Balancers that no virtual host uses, as one would: what is wrong with them shows only where they are included."""

from __future__ import annotations

from dataclasses import replace

from ..inventory import Inventory, read_inventory
from .compile import balancer_names
from .model import BalancerModel


def unused_balancers(inventory: Inventory) -> tuple[BalancerModel, ...]:
    """Return them; names of balancers have no case."""
    used = {name for vhost in inventory.vhosts for name in balancer_names(vhost.rules)}
    return tuple(one for one in inventory.balancers if one.name.lower() not in used)


def with_use_of(balancers: tuple[BalancerModel, ...], inventory: Inventory) -> Inventory:
    """Return an inventory with one virtual host, which has a rule for each of these balancers."""
    rules = [
        {"path": f"/{number}/", "url": f"balancer://{balancer.name}/"}
        for number, balancer in enumerate(balancers)
    ]
    vhost = {"server_name": "gatehouse-balancers.invalid", "proxy_pass": rules}
    return replace(inventory, vhosts=read_inventory({"apache_vhosts": [vhost]})[0].vhosts)
