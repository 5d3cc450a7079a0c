"""Inventory hosts as a balancer's members; sessions stick to a route, so it follows from the host's name alone."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...syntax.digests import digest_of
from ...syntax.problem import Problem
from ...syntax.quoting import Refused
from ...syntax.tree import NOWHERE, Place
from ...variables.door import Door, Invalid, show, type_of
from ...variables.fields import key
from ...variables.kinds import choice, integer, text
from ...variables.models import kind_of, model_of
from ...variables.parameters import ROUTE_BYTES
from ...variables.problem_kinds import VARIABLE
from ...variables.refused_variables import RefusedVariables
from ...vocabulary.url import DEFAULT_PORTS, parse_url
from .model import Member

_SCHEMES = tuple(scheme for scheme in DEFAULT_PORTS if scheme != "ftp")
_NAME_OF_VARIABLE = text(pattern=r"[A-Za-z_][A-Za-z0-9_]*", wanted="the name of a variable")
_DIGEST = 8


@dataclass(frozen=True)
class HostMembers:
    """How hosts become members: what their URLs have, and which variables of a host say what."""

    scheme: str = key(choice(*_SCHEMES), "The scheme by which they are asked.", default="http")
    port: int | None = key(integer(1, 65535), "The port, else the scheme's own.", default=None)
    address: str = key(_NAME_OF_VARIABLE, "The variable with a host's address.", default="")
    settings: str = key(
        _NAME_OF_VARIABLE, "The variable with its member's further keys.", default="apache_member"
    )
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def address_variable(self) -> str:
        """The variable with a host's address; one that isn't named may be missing."""
        return self.address or "ansible_host"


def read_host_members(raw: Mapping[str, Any]) -> HostMembers:
    """Read how hosts become members. Raises RefusedVariables with every mistake."""
    door = Door()
    read: HostMembers = model_of(HostMembers).read(raw, Place("balancer_members"), door)
    _refuse(door.problems)
    return read


def members_of_hosts(
    hosts: Any, hostvars: Mapping[str, Mapping[str, Any]], how: HostMembers
) -> list[dict[str, Any]]:
    """Return a member of apache_balancers for each host, in their order. Raises Refused, and RefusedVariables with every mistake."""
    if not isinstance(hosts, list):
        raise Refused(f"{show(hosts)} is {type_of(hosts)}, not a list", "write `groups[…]`")
    door = Door()
    members: dict[str, dict[str, Any]] = {}
    for host in map(str, hosts):
        try:
            if host in members:
                raise door.refuse(Place(host), "the host is named twice", "add `| unique`")
            if host not in hostvars:
                raise door.refuse(Place(host), "the inventory has no such host", "mend its name")
            members[host] = _member(host, hostvars[host], how, door)
        except Invalid:
            continue
    _refuse([*door.problems, *_shared(members)])
    return list(members.values())


def route_of(name: str) -> str:
    """Return the route of an inventory name: itself where httpd takes it, else what is left of it and its digest.

    It never looks at other hosts: whoever comes or goes, a session finds its member again.
    """
    kept = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
    if kept == name and len(name) <= ROUTE_BYTES:
        return name
    stem = kept[: ROUTE_BYTES - _DIGEST - 1].strip("-")
    return f"{stem}-{digest_of((name,))[:_DIGEST]}".lstrip("-")


def _refuse(problems: list[Problem]) -> None:
    """Refuse whatever has problems."""
    if problems:
        raise RefusedVariables(problems)


def _member(
    host: str, variables: Mapping[str, Any], how: HostMembers, door: Door
) -> dict[str, Any]:
    """Make a host's member; what the balancers' own reader refuses is none. Raises Invalid."""
    settings = variables.get(how.settings) or {}
    place = Place(f"{host}.{how.settings}")
    if not isinstance(settings, Mapping):
        message = f"{show(settings)} is {type_of(settings)}, not a mapping"
        raise door.refuse(place, message, "write `key: value` pairs")
    if "url" in settings:
        fix = f"remove it, and set {how.address_variable} or `port`"
        raise door.refuse(place.at("url"), "the URL is made of the host's address", fix)
    port = how.port
    if "port" in settings:
        port = kind_of(HostMembers, "port").read(settings["port"], place.at("port"), door)
    member = {
        "url": f"{how.scheme}://{_address(host, variables, how, door)}{f':{port}' if port else ''}",
        "route": route_of(host),
        **{name: value for name, value in settings.items() if name != "port"},
    }
    already = len(door.problems)
    model_of(Member).read(member, place, door)
    if len(door.problems) > already:
        raise Invalid
    return member


def _address(host: str, variables: Mapping[str, Any], how: HostMembers, door: Door) -> str:
    """Return a host's address as a URL has it. Raises Invalid."""
    place = Place(host).at(how.address_variable)
    found = variables.get(how.address_variable)
    if found is None and how.address:
        fix = "set it for this host, or write the name of another variable as `address`"
        raise door.refuse(place, "the host has no such variable", fix)
    address = host if found is None else str(found)
    try:
        return _in_url(address)
    except ValueError:
        pass
    fix = f"set {how.address_variable} to a name or an address, without a port"
    raise door.refuse(place, f"{show(address)} is no address", fix)


def _in_url(address: str) -> str:
    """Write an address as a URL has it. Raises ValueError."""
    host = f"[{ipaddress.IPv6Address(address)}]" if ":" in address else address
    if parse_url(f"http://{host}").host != host:
        raise ValueError(address)
    return host


def _shared(members: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield what httpd couldn't tell from an earlier member's."""
    fixes = {"url": "set another address or `port`", "route": "set another `route`"}
    seen: dict[tuple[str, str], str] = {}
    for host, member in members.items():
        for name, fix in fixes.items():
            value = str(member[name])
            first = seen.setdefault((name, value.lower() if name == "url" else value), host)
            if first != host:
                message = f"{show(value)} is that of {first} too"
                yield VARIABLE.problem(Place(host).at(name), message, fix)
