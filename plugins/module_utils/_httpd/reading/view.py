"""From an expanded tree to the server that it describes. What isn't modelled here is still in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from ..syntax.quoting import Refused, read_words, unquote
from ..syntax.tree import Comment, Directive, Place, Section, Tree
from ..vocabulary.address import Address, parse_directive_address
from .server import (
    Balancer,
    BalancerMember,
    Listen,
    PlacedDirective,
    ProxyPass,
    Scope,
    Server,
    VirtualHost,
)

FLAGS = frozenset({"nocanon", "interpolate", "noquery"})

Parts = tuple[str, ...]  # the values of a section: its name, then its arguments


class _PlacedVhost(NamedTuple):
    """A <VirtualHost> and the sections around it, which only open conditions can be."""

    section: Section
    around: tuple[Parts, ...]


def view(tree: Tree, modules: Set[str] | None = None) -> Server:
    """Derive the server from a tree that `expand` has evaluated; open conditions are taken as if they held.

    `modules` are those that it has, None where they aren't known.
    """
    main: list[PlacedDirective] = []
    vhosts: list[VirtualHost] = []
    for found in _placed(tree, ()):
        if isinstance(found, _PlacedVhost):
            vhosts.append(_vhost(found.section, found.around))
        else:
            main.append(found)
    return Server(tuple(_listens(main)), _scope(main, tree), tuple(vhosts), modules)


def listeners(tree: Tree) -> tuple[Listen, ...]:
    """Return the listeners of a tree, each with the conditions that are left around it."""
    return tuple(
        _listens([found for found in _placed(tree, ()) if isinstance(found, PlacedDirective)])
    )


def _placed(
    tree: Tree, around: tuple[Parts, ...], place: Place | None = None
) -> Iterator[PlacedDirective | _PlacedVhost]:
    """Yield every directive with its surroundings; a <VirtualHost> is yielded whole."""
    for node in tree:
        if isinstance(node, Comment):
            continue
        if isinstance(node, Directive):
            values = read_words(node.name, node.args)
            yield PlacedDirective(node, node.name.lower(), values, around, place)
        elif node.name.lower() == "virtualhost":
            yield _PlacedVhost(node, around)
        else:
            parts = (node.name.lower(), *read_words(node.name, node.args))
            yield from _placed(node.children, (*around, parts), node.place)


def _vhost(section: Section, around: tuple[Parts, ...]) -> VirtualHost:
    """Read one <VirtualHost>."""
    # One inside another is refused by httpd, and a rule says so.
    placed = [
        found for found in _placed(section.children, ()) if isinstance(found, PlacedDirective)
    ]
    scope = _scope(placed, section.children)
    name = scope.last("servername")
    aliases = [
        unquote(word).lower()
        for alias in scope.named("serveralias")
        for word in alias.directive.args
    ]
    return VirtualHost(
        addresses=tuple(_addresses(section)),
        server_name=_host_of(unquote(name.args[0])) if name and name.args else "",
        server_aliases=tuple(aliases),
        scope=scope,
        place=section.place,
        condition=f"<{' '.join(around[-1])}>" if around else "",
    )


def _host_of(server_name: str) -> str:
    """Return a ServerName without its scheme and port."""
    return server_name.lower().split("://")[-1].split(":")[0]


def _addresses(section: Section) -> Iterator[Address]:
    """Yield the addresses of a <VirtualHost>; one that can't be read is a rule's business, not the view's."""
    for word in section.args:
        text = unquote(word)
        try:
            yield parse_directive_address(
                text
                if ":" in text.rpartition("]")[2] or re.fullmatch("[0-9]+", text)
                else f"{text}:*"
            )
        except Refused:
            continue


def _listens(main: list[PlacedDirective]) -> Iterator[Listen]:
    """Yield the listeners, those under open conditions with them."""
    for placed in main:
        if placed.name == "listen" and placed.directive.args:
            try:
                address = parse_directive_address(unquote(placed.directive.args[0]))
            except Refused:
                continue
            yield Listen(address, placed.directive.place, placed.around)


@dataclass
class _Draft:
    """A balancer while its parts are met."""

    place: Place
    members: list[BalancerMember] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)


def _scope(placed_directives: list[PlacedDirective], tree: Tree) -> Scope:
    """Collect what one server configuration says."""
    rules: list[ProxyPass] = []
    drafts: dict[str, _Draft] = {}
    for placed in placed_directives:
        name = placed.name
        if name in ("proxypass", "proxypassmatch"):
            rules.extend(_rule(placed))
        elif name in ("balancermember", "proxyset"):
            _read_balancer(placed, drafts)
    balancers = tuple(
        Balancer(name, tuple(draft.members), draft.parameters, draft.place)
        for name, draft in drafts.items()
    )
    return Scope(tuple(rules), balancers, tuple(placed_directives), tree)


def _rule(placed: PlacedDirective) -> Iterator[ProxyPass]:
    """Yield the rule of a ProxyPass or ProxyPassMatch, unless it lacks its target."""
    is_match, values = placed.name == "proxypassmatch", list(placed.values)
    location = next((parts for parts in placed.around if parts[0].startswith("location")), None)
    if location and len(location) > 1:
        values.insert(0, location[-1])
    elif is_tilde(placed.name, placed.values):
        is_match, values = True, values[1:]
    if len(values) < 2:
        return
    path, url, *rest = values
    yield ProxyPass(
        path=path,
        url=url,
        parameters=_parameters(rest),
        flags=FLAGS.intersection(map(str.lower, rest)),
        is_match=is_match,
        location=location[-1] if location else "",
        place=placed.directive.place,
    )


def is_tilde(name: str, values: Sequence[str]) -> bool:
    """Tell whether a directive is `ProxyPass ~ REGEX URL`, which is a ProxyPassMatch; sections take none."""
    return name == "proxypass" and len(values) > 2 and values[0] == "~"


def _parameters(values: list[str]) -> dict[str, str]:
    """Return the key=value words; keys are lower-case."""
    pairs = (value.partition("=") for value in values if "=" in value)
    return {key.lower(): value for key, _equals, value in pairs}


def _read_balancer(placed: PlacedDirective, drafts: dict[str, _Draft]) -> None:
    """Add a BalancerMember or ProxySet to its balancer; a ProxySet of another worker is left alone."""
    values = list(placed.values)
    proxy = next((parts for parts in placed.around if parts[0] == "proxy" and len(parts) > 1), None)
    if proxy and not (values and values[0].lower().startswith("balancer://")):
        values.insert(0, proxy[1])
    if not values or not values[0].lower().startswith("balancer://"):
        return
    place = placed.section_place if proxy and placed.section_place else placed.directive.place
    draft = drafts.setdefault(balancer_name(values[0]), _Draft(place))
    if placed.name == "proxyset":
        draft.parameters.update(_parameters(values[1:]))
    elif len(values) > 1:
        draft.members.append(
            BalancerMember(values[1], _parameters(values[2:]), placed.directive.place)
        )


def balancer_name(url: str) -> str:
    """Return the name in a balancer URL as httpd compares it: lower-case, without scheme and path."""
    return url.lower().removeprefix("balancer://").split("/")[0]
