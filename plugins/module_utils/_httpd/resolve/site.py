"""A virtual host with what it inherits from the main server, merged as each of httpd's modules merges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..server import Balancer, Scope, VirtualHost
from ..view import balancer_name
from .paths import to_bytes_text
from .plan import Asked, Block, Plan
from .workers import Worker, workers_of


@dataclass(frozen=True)
class Site:
    """The main server, or a virtual host over it; `scopes` and `plans` begin with the main server's."""

    name: str
    port: int
    vhost: VirtualHost | None
    scopes: tuple[Scope, ...]
    plans: tuple[Plan, ...]

    @property
    def own(self) -> tuple[Block, ...]:
        """The settings outside of sections, the one that holds last."""
        return tuple(plan.own for plan in self.plans)

    @property
    def plan(self) -> Plan:
        """The plan of the virtual host itself."""
        return self.plans[-1]

    @cached_property
    def locations(self) -> tuple[Block, ...]:
        """Every <Location>, in the order in which they are merged."""
        return tuple(block for plan in self.plans for block in plan.locations)

    @cached_property
    def proxies(self) -> tuple[Block, ...]:
        """Every <Proxy>, in the order in which they are merged."""
        return tuple(block for plan in self.plans for block in plan.proxies)

    def base_first(self, family: str) -> tuple[Asked, ...]:
        """Return directives of a family, the main server's first (ProxyPass, SetEnvIf)."""
        return tuple(asked for block in self.own for asked in block.asked.get(family, ()))

    def own_first(self, family: str) -> tuple[Asked, ...]:
        """Return directives of a family, the virtual host's first (Redirect, Alias)."""
        return tuple(asked for block in self.own[::-1] for asked in block.asked.get(family, ()))

    @cached_property
    def balancers(self) -> Mapping[str, Balancer]:
        """The balancers that are known here by name; a ProxyPass to an unknown one makes an empty one."""
        found: dict[str, Balancer] = {}
        for scope in self.scopes:
            for rule in scope.rules:
                if rule.url.lower().startswith("balancer://"):
                    name = balancer_name(rule.url)
                    found.setdefault(name, Balancer(name, (), {}))
            for balancer in scope.balancers:
                found[to_bytes_text(balancer.name)] = balancer
        return found

    @cached_property
    def workers(self) -> tuple[Worker, ...]:
        """The workers that are made here, in order."""
        return tuple(
            worker
            for scope, plan in zip(self.scopes, self.plans)
            for worker in workers_of(scope, plan)
        )
