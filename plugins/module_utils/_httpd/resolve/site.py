"""A virtual host with what it inherits from the main server, merged as each of httpd's modules merges it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from ..reading.server import Balancer, Scope, VirtualHost
from ..reading.view import balancer_name
from ..syntax.record import computed_once, record
from .blocks import Block, Plan, Setting
from .paths.url_paths import to_bytes_text
from .proxying.proxy_rules import ProxyRule, read_proxy_rule
from .proxying.workers import Worker, workers_of


@record(frozen=True)
class Site:
    """The main server, or a virtual host over it; `scopes` and `plans` begin with the main server's.

    `port` and `scheme` are those of its ServerName; 0 and empty where it has none. `modules` are the server's, None where
    they aren't known.
    """

    name: str
    port: int
    scheme: str
    vhost: VirtualHost | None
    scopes: tuple[Scope, ...]
    plans: tuple[Plan, ...]
    modules: Set[str] | None = None

    @computed_once
    def written_name(self) -> str:
        """Its name in the case in which it is written, as it is shown."""
        for scope in reversed(self.scopes):
            said = scope.last("servername")
            if said and said.args:
                text = said.args[0].strip("\"'").split("://")[-1].split(":")[0]
                shown = to_bytes_text(text)
                return shown if shown.lower() == self.name else self.name
        return self.name

    @computed_once
    def variables(self) -> Set[str]:
        """The names of variables that something sets or takes away; `*` for any."""
        return frozenset(name for plan in self.plans for name in plan.variables)

    @computed_once
    def chooses_files(self) -> bool:
        """Whether a file of another name may be served (MultiViews)."""
        return any(plan.chooses_files for plan in self.plans)

    @computed_once
    def conditional(self) -> tuple[Setting, ...]:
        """The directives within open conditions that decide before any request."""
        return tuple(setting for plan in self.plans for setting in plan.conditional)

    def has_one_of(self, names: Iterable[str]) -> bool:
        """Tell whether the server may have one of these modules, without `_module`."""
        return self.modules is None or any(f"{name}_module" in self.modules for name in names)

    @computed_once
    def own(self) -> tuple[Block, ...]:
        """The settings outside of sections, the one that holds last."""
        return tuple(plan.own for plan in self.plans)

    @property
    def plan(self) -> Plan:
        """The plan of the virtual host itself."""
        return self.plans[-1]

    @computed_once
    def locations(self) -> tuple[Block, ...]:
        """Every <Location>, in the order in which they are merged."""
        return tuple(block for plan in self.plans for block in plan.locations)

    @computed_once
    def proxies(self) -> tuple[Block, ...]:
        """Every <Proxy>, in the order in which they are merged."""
        return tuple(block for plan in self.plans for block in plan.proxies)

    @computed_once
    def settings(self) -> Mapping[str, Setting]:
        """The directive of each name that holds outside of sections."""
        return {name: found[-1] for block in self.own for name, found in block.settings.items()}

    @computed_once
    def proxy_rules(self) -> tuple[ProxyRule, ...]:
        """The rules outside of sections, in the order in which they are tried."""
        found = (read_proxy_rule(setting, None) for setting in self.base_first("@proxypass"))
        return tuple(rule for rule in found if rule)

    def base_first(self, family: str) -> tuple[Setting, ...]:
        """Return directives of a family, the main server's first (ProxyPass, SetEnvIf)."""
        return tuple(setting for block in self.own for setting in block.settings.get(family, ()))

    def own_first(self, family: str) -> tuple[Setting, ...]:
        """Return directives of a family, the virtual host's first (Redirect, Alias)."""
        return tuple(
            setting for block in self.own[::-1] for setting in block.settings.get(family, ())
        )

    @computed_once
    def has_index(self) -> bool:
        """Whether mod_dir may be loaded, which has the files of a directory asked for."""
        if self.modules is not None:
            return self.has_one_of(("dir",))
        loads = [placed for placed in self.scopes[0].placed if placed.name == "loadmodule"]
        return not loads or any(load.values[:1] == ("dir_module",) for load in loads)

    @computed_once
    def balancers(self) -> Mapping[str, Balancer]:
        """The balancers that are known here by name; one of the main server comes before a virtual host's own."""
        found: dict[str, Balancer] = {}
        for scope in self.inherited:
            for name, balancer in _balancers_of(scope).items():
                found.setdefault(name, balancer)
        return found

    @property
    def inherited(self) -> tuple[Scope, ...]:
        """The scopes whose workers and balancers are known here."""
        switches = ("balancerinherit", "proxypassinherit")
        return self.scopes[-1:] if all(map(self._is_off, switches)) else self.scopes

    def _is_off(self, name: str) -> bool:
        found = [setting for block in self.own for setting in block.settings.get(name, ())]
        return bool(found) and found[-1].values[:1] != () and found[-1].values[0].lower() == "off"

    @computed_once
    def workers(self) -> tuple[Worker, ...]:
        """The workers that are known here, in order."""
        plans = self.plans[-len(self.inherited) :]
        return tuple(
            worker
            for scope, plan in zip(self.inherited, plans)
            for worker in workers_of(scope, plan)
        )


def _balancers_of(scope: Scope) -> Mapping[str, Balancer]:
    """Return a scope's balancers by name; a ProxyPass to one that isn't defined makes an empty one."""
    found = {
        balancer_name(rule.url): Balancer(balancer_name(rule.url), (), {})
        for rule in scope.rules
        if rule.url.lower().startswith("balancer://")
    }
    found.update((to_bytes_text(balancer.name), balancer) for balancer in scope.balancers)
    return found
