"""Inventory hosts as a balancer's members; sessions stick to a route, so it follows from the host's name alone."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...syntax.digests import digest_of
from ...syntax.problem import Problem
from ...syntax.quoting import Refused
from ...syntax.tree import Place
from ...variables.door import MANUAL, Door, Invalid, show, type_of
from ...variables.fields import model_of
from ...variables.kinds import choice, integer
from ...variables.parameters import ROUTE_BYTES
from ...vocabulary.url import DEFAULT_PORTS
from .model import Member

DEFAULT_ADDRESS = "ansible_host"
_DIGEST = 8
_PORT = integer(1, 65535)
_SCHEME = choice(*(scheme for scheme in DEFAULT_PORTS if scheme != "ftp"))


@dataclass(frozen=True)
class HostVariables:
    """Which variables of a host say what: `address` where it listens, `settings` the further keys of its member.

    Without `address` it is ansible_host, or the host's name where it has none.
    """

    address: str = ""
    settings: str = "apache_member"

    @property
    def names(self) -> tuple[str, str]:
        """The names of the variables."""
        return (self.address or DEFAULT_ADDRESS, self.settings)


def members_of_hosts(
    hosts: Any,
    hostvars: Mapping[str, Mapping[str, Any]],
    *,
    scheme: Any,
    port: Any,
    read: HostVariables,
) -> list[dict[str, Any]]:
    """Return a member of apache_balancers for each host, in their order. Raises Refused with every mistake."""
    if not isinstance(hosts, list):
        raise Refused(f"{show(hosts)} is {type_of(hosts)}, not a list; write `groups[…]`")
    door = Door()
    members: dict[str, dict[str, Any]] = {}
    for host in map(str, hosts):
        place = Place(host)
        try:
            if host in members:
                raise door.refuse(place, "the host is named twice", "add `| unique` to the hosts")
            if host not in hostvars:
                raise door.refuse(place, "the inventory has no such host", "write `groups[…]`")
            members[host] = _member(host, hostvars[host], scheme, port, read, door)
        except Invalid:
            continue
    problems = [*door.problems, *_shared(members)]
    if problems:
        raise Refused("\n".join(map(str, problems)))
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


def _member(
    host: str,
    variables: Mapping[str, Any],
    scheme: Any,
    port: Any,
    read: HostVariables,
    door: Door,
) -> dict[str, Any]:
    """Make a host's member; one that the balancers' own reader refuses is none. Raises Invalid."""
    place = Place(host)
    settings = variables.get(read.settings) or {}
    at_settings = Place(f"{host}.{read.settings}")
    if not isinstance(settings, Mapping):
        message = f"{show(settings)} is {type_of(settings)}, not a mapping"
        raise door.refuse(at_settings, message, "write `key: value` pairs")
    if "url" in settings:
        fix = f"set {read.names[0]} and `port`"
        raise door.refuse(at_settings.at("url"), "the URL is made of the host's address", fix)
    further = {key: value for key, value in settings.items() if key != "port"}
    own_port = settings.get("port", port)
    named = "" if own_port is None else f":{_PORT.read(own_port, place.at('port'), door)}"
    spoken = _SCHEME.read(scheme, place.at("scheme"), door)
    url = f"{spoken}://{_address(host, variables, read, door)}{named}"
    member = {"url": url, "route": route_of(host), **further}
    before = len(door.problems)
    model_of(Member).read(member, at_settings, door)
    if len(door.problems) > before:
        raise Invalid
    return member


def _address(host: str, variables: Mapping[str, Any], read: HostVariables, door: Door) -> str:
    """Return where a host listens, as a URL writes it. Raises Invalid."""
    name = read.names[0]
    found = variables.get(name)
    if found is None and read.address:
        fix = "set it for this host, or write the name of another variable as `address`"
        raise door.refuse(Place(host).at(name), "the host has no such variable", fix)
    address = host if found is None else str(found)
    try:
        return f"[{ipaddress.IPv6Address(address)}]"
    except ValueError:
        pass
    if re.search(r"[:/?#@\[\]\s]", address) or not address:
        fix = "write a name or an address, without a port"
        raise door.refuse(Place(host).at(name), f"{show(address)} is no address", fix)
    return address


def _shared(members: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield each member that httpd couldn't tell from an earlier one."""
    fixes = {"url": "set the address or `port` of one of the two", "route": "set another `route`"}
    seen: dict[tuple[str, str], str] = {}
    for host, member in members.items():
        for key, fix in fixes.items():
            value = member[key].lower() if key == "url" else str(member[key])
            first = seen.setdefault((key, value), host)
            if first != host:
                message = f"{show(member[key])} is that of {first} too"
                yield Problem("variable", "error", Place(host).at(key), message, fix, MANUAL)
