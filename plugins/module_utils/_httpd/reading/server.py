"""What a configuration makes of a server, in Apache's own words: listeners, virtual hosts, rules, workers, balancers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeVar, cast

from ..syntax.record import computed_once, record
from ..syntax.tree import NOWHERE, Directive, Place, Section, Tree
from ..vocabulary.address import Address

Derived = TypeVar("Derived")


@dataclass(frozen=True)
class Listen:
    """A socket; `conditions` are the words of the open <If…> sections around it, outermost first."""

    address: Address
    place: Place = field(default=NOWHERE, compare=False)
    conditions: tuple[tuple[str, ...], ...] = ()


@record(frozen=True)
class ProxyPass:
    """One ProxyPass or ProxyPassMatch; `parameters` are its key=value words, `flags` the bare ones (nocanon, …).

    `path` is a prefix, or a regular expression where `is_match`; `url` is `!` for an exclusion.
    `location` is the <Location> around it, empty at the level of the server or virtual host.
    """

    path: str
    url: str
    parameters: Mapping[str, str]
    flags: frozenset[str]
    is_match: bool = False
    location: str = ""
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def is_exclusion(self) -> bool:
        """Tell whether the rule keeps requests from being proxied."""
        return self.url == "!"


@record(frozen=True)
class BalancerMember:
    """A worker of a balancer."""

    url: str
    parameters: Mapping[str, str]
    place: Place = field(default=NOWHERE, compare=False)


@record(frozen=True)
class Balancer:
    """A balancer as one scope defines it; `name` is lower-case and has no scheme."""

    name: str
    members: tuple[BalancerMember, ...]
    parameters: Mapping[str, str]
    place: Place = field(default=NOWHERE, compare=False)


@record(frozen=True)
class PlacedDirective:
    """A directive with the sections around it, outermost first: the values of each, its lower-case name first.

    `name` is the directive's in lower case, `values` are those of its words. `section_place` is the innermost section's.
    """

    directive: Directive
    name: str
    values: tuple[str, ...]
    around: tuple[tuple[str, ...], ...] = ()
    section_place: Place | None = None


@record(frozen=True)
class Scope:
    """What the main server or one virtual host says; `placed` is all of it, in file order, as is `tree`.

    Comparing scopes leaves `tree` out: the same server may be written in several ways.
    """

    rules: tuple[ProxyPass, ...] = ()
    balancers: tuple[Balancer, ...] = ()
    placed: tuple[PlacedDirective, ...] = ()
    tree: Tree = field(default=(), compare=False, repr=False)

    @computed_once
    def directives(self) -> tuple[Directive, ...]:
        """Every directive, in whatever section, in file order."""
        return tuple(placed.directive for placed in self.placed)

    def named(self, name: str) -> Sequence[PlacedDirective]:
        """Return every directive of that lower-case name with its surroundings, in file order."""
        return self._by_name.get(name, ())

    @computed_once
    def names(self) -> frozenset[str]:
        """Every directive's name, lower-case."""
        return frozenset(self._by_name)

    @computed_once
    def rewriting(self) -> Sequence[PlacedDirective]:
        """Every RewriteCond and RewriteRule, in file order."""
        names = ("rewritecond", "rewriterule")
        is_there = "rewriterule" in self.names
        return [one for one in self.placed if is_there and one.name in names]

    def derived(self, read: Callable[[Scope], Derived]) -> Derived:
        """Return what `read` makes of the scope; it is read once, whoever asks."""
        if read not in self._derived:
            self._derived[read] = read(self)
        return cast(Derived, self._derived[read])

    @computed_once
    def _derived(self) -> dict[Callable[[Scope], object], object]:
        return {}

    def last(self, name: str) -> Directive | None:
        """Return the last directive of that name, the one that holds."""
        named = self.named(name)
        return named[-1].directive if named else None

    @computed_once
    def _by_name(self) -> Mapping[str, Sequence[PlacedDirective]]:
        """What is asked of the main server is asked again for each virtual host."""
        by_name: dict[str, list[PlacedDirective]] = {}
        for placed in self.placed:
            by_name.setdefault(placed.name, []).append(placed)
        return by_name


@record(frozen=True)
class VirtualHost:
    """One <VirtualHost>; names are lower-case, `server_name` is without a port and empty where it isn't set.

    `condition` is the open one around it.
    """

    addresses: tuple[Address, ...]
    server_name: str
    server_aliases: tuple[str, ...]
    scope: Scope
    place: Place = field(default=NOWHERE, compare=False)
    condition: str = ""


Owned = tuple[str, Mapping[str, str], Place]  # a worker's URL, its parameters and its place


@dataclass(frozen=True)
class Server:
    """The whole: the main server's scope, and the virtual hosts in file order.

    `modules` are identifiers such as `proxy_module`, None where it isn't known which there are.
    """

    listens: tuple[Listen, ...]
    main: Scope
    vhosts: tuple[VirtualHost, ...]
    modules: Set[str] | None = None

    @computed_once
    def scopes(self) -> tuple[Scope, ...]:
        """Every scope, the main server's first."""
        return (self.main, *(vhost.scope for vhost in self.vhosts))

    def named(self, name: str) -> Sequence[tuple[int, PlacedDirective]]:
        """Return every directive of that lower-case name with the number of its scope in `scopes`, in order."""
        return self._by_name.get(name, ())

    @computed_once
    def names(self) -> frozenset[str]:
        """Every directive's name, lower-case, in whatever scope."""
        return frozenset(self._by_name)

    @computed_once
    def _by_name(self) -> Mapping[str, Sequence[tuple[int, PlacedDirective]]]:
        """Most rules are about directives that few servers have, and no scope need be asked for them."""
        by_name: dict[str, list[tuple[int, PlacedDirective]]] = defaultdict(list)
        for number, scope in enumerate(self.scopes):
            for placed in scope.placed:
                by_name[placed.name].append((number, placed))
        return dict(by_name)

    @computed_once
    def sections(self) -> Sequence[tuple[Section, tuple[str, ...]]]:
        """Every section with the lower-case names of those around it, in file order."""
        return list(_sections(self.main.tree, ()))

    @computed_once
    def workers(self) -> Sequence[Owned]:
        """Every worker that a rule or a balancer's member makes, the main server's first."""
        return [owned for scope in self.scopes for owned in _workers(scope)]

    @computed_once
    def balancers(self) -> Sequence[Owned]:
        """Every balancer, and every rule that names one, the main server's first."""
        return [owned for scope in self.scopes for owned in balancers_of(scope)]


def _sections(tree: Tree, around: tuple[str, ...]) -> Iterator[tuple[Section, tuple[str, ...]]]:
    for node in tree:
        if isinstance(node, Section):
            yield node, around
            yield from _sections(node.children, (*around, node.name.lower()))


def balancers_of(scope: Scope) -> Iterator[Owned]:
    """Yield every balancer of a scope, and every rule that names one."""
    for balancer in scope.balancers:
        yield f"balancer://{balancer.name}", balancer.parameters, balancer.place
    for rule in scope.rules:
        if rule.url.lower().startswith("balancer://"):
            yield rule.url, rule.parameters, rule.place


def _workers(scope: Scope) -> Iterator[Owned]:
    for rule in scope.rules:
        if not rule.is_exclusion and not rule.url.lower().startswith("balancer://"):
            yield rule.url, rule.parameters, rule.place
    for balancer in scope.balancers:
        for member in balancer.members:
            yield member.url, member.parameters, member.place
