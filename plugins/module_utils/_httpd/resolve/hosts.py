"""Which virtual host answers: by the address that was connected to, then by the name that was asked for.

Read in server/vhost.c; https://httpd.apache.org/docs/2.4/vhosts/details.html.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..reading.server import Scope, Server, VirtualHost
from ..syntax.record import record
from ..vocabulary.address import Address
from ..vocabulary.depends import Depends
from .paths.url_paths import to_bytes_text
from .request import Reason, Request

MAIN = -1
_ADDRESS = re.compile(r"[0-9.]+|\[.*\]")
_TAIL = re.compile(r"(?<=[*?])[^*?]*$")
_HEADER = re.compile(
    r"(?:\[(?P<ipv6>[0-9a-f.]*:[0-9a-f:.]*)\]|(?P<name>[a-z0-9_.-]*))(?::(?P<port>[0-9]{1,9}))?"
)


@dataclass
class _Chain:
    """The virtual hosts of one address, in file order; each exact name leads to the first that has it.

    `conditional` are those within an open condition. `patterns` lie under what follows their last wildcard, so that a name
    is compared with those alone that end as it does.
    """

    vhosts: list[int] = field(default_factory=list)
    by_name: dict[str, int] = field(default_factory=dict)
    patterns: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    conditional: list[int] = field(default_factory=list)

    def add(self, name: str, index: int) -> None:
        """Add a virtual host's name."""
        tail = _TAIL.search(name.lower())
        if tail:
            self.patterns.setdefault(tail.group(), []).append((name, index))
        else:
            self.by_name.setdefault(name, index)

    def named(self, name: str) -> list[int]:
        """Return the virtual hosts that have a name."""
        found = [self.by_name[name]] if name in self.by_name else []
        for tail, patterns in self.patterns.items():
            if name.endswith(tail):
                found += [index for pattern, index in patterns if glob(name, pattern)]
        return found


@record(frozen=True)
class HostName:
    """A Host header as httpd reads it: `name` is lower-case without port and final dot, `port` 0 where it has none."""

    name: str
    port: int


def read_host(header: str) -> HostName | None:
    """Read a Host header; None for what httpd answers with 400 (HttpProtocolOptions Strict, the default)."""
    found = _HEADER.fullmatch(header.lower())
    if not found:
        return None
    port = found.group("port")
    if port is not None and not 0 < int(port) < 65536:
        return None
    if found.group("ipv6"):
        return HostName(found.group("ipv6"), int(port or 0))
    name = found.group("name")
    if ".." in name or not _is_strict(name.removesuffix(".")):
        return None
    return HostName(name.removesuffix("."), int(port or 0))


def _is_strict(name: str) -> bool:
    """Tell whether a name is an address of four numbers, or ends in a label that begins with a letter."""
    if not name:
        return False
    if re.fullmatch("[0-9.]+", name):
        parts = name.split(".")
        return len(parts) == 4 and not any(len(part) > 1 and part[0] == "0" for part in parts)
    label = name.rpartition(".")[2] if "." in name else ""
    return not label or label[0].isalpha()


class Hosts:
    """The virtual hosts of a server, by address and name."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._chains: dict[tuple[str, int], _Chain] = {}
        self._specific: list[Address] = []
        self._named: list[tuple[Address, VirtualHost]] = []
        main_name = server.main.last("servername")
        self.main_name = _name_of(main_name.args[0]) if main_name and main_name.args else ""
        for index, vhost in enumerate(server.vhosts):
            for address in dict.fromkeys(vhost.addresses):
                self._add(address, index, vhost)

    def _add(self, address: Address, index: int, vhost: VirtualHost) -> None:
        if not address.is_wildcard and not _ADDRESS.fullmatch(address.host):
            self._named.append((address, vhost))
            return
        host = "*" if address.is_wildcard else address.host
        if host != "*":
            self._specific.append(address)
        chain = self._chains.setdefault((host, address.port), _Chain())
        if chain.vhosts and chain.vhosts[-1] == index:
            return
        chain.vhosts.append(index)
        if vhost.condition:
            chain.conditional.append(index)
        chain.by_name.setdefault(self.name_of(vhost), index)
        for alias in vhost.server_aliases:
            chain.add(alias, index)

    def name_of(self, vhost: VirtualHost) -> str:
        """Return a virtual host's name; without a ServerName it is the main server's, or what DNS says of its address."""
        if vhost.server_name:
            return to_bytes_text(vhost.server_name)
        is_inherited = any(address.is_wildcard for address in vhost.addresses)
        return self.main_name if is_inherited else ""

    def first(self, request: Request) -> Scope:
        """Return the first virtual host of the request's address, or the main server. Raises Depends."""
        chain, _said = self._chain(request)
        return self._server.vhosts[chain.vhosts[0]].scope if chain else self._server.main

    def select(self, request: Request, host: HostName, reasons: list[Reason]) -> int:
        """Return the index of the virtual host, MAIN for the main server. Raises Depends."""
        chain, said = self._chain(request)
        if chain is None:
            reasons.append(
                Reason(f"no virtual host has port {request.port}: the main server answers")
            )
            return MAIN
        for number in chain.conditional:
            vhost = self._server.vhosts[number]
            message = f"a virtual host is within {vhost.condition}, which can't be told here"
            raise Depends("condition", message, vhost.place)
        found = chain.named(host.name)
        index = min(found, default=chain.vhosts[0])
        why = (
            f"the name `{host.name}`"
            if found
            else f"the first at {said}: none is named `{host.name}`"
        )
        vhost = self._server.vhosts[index]
        reasons.append(Reason(f"virtual host {vhost.server_name or said}, by {why}", vhost.place))
        return index

    def handshake(self, request: Request, name: str) -> int:
        """Return the index of the virtual host whose TLS a connection has: that of the name, or the first without one.

        Raises Depends.
        """
        chain, _said = self._chain(request)
        if chain is None:
            return MAIN
        found = chain.named(name) if name else []
        return min(found, default=chain.vhosts[0])

    def _chain(self, request: Request) -> tuple[_Chain | None, str]:
        """Return the virtual hosts of the address that fits best, and that address."""
        for address, vhost in self._named:
            if address.port in (0, request.port):
                raise Depends("address", f"what address `{address.host}` has", vhost.place)
        if not request.address:
            for address in self._specific:
                if address.port in (0, request.port):
                    raise Depends("address", f"whether the client connects to {address}")
        for host in (request.address, "*"):
            for port in (request.port, 0):
                chain = self._chains.get((host, port))
                if chain:
                    return chain, f"{host}:{port or '*'}"
        return None, ""


def handshake_name(request: Request, host: HostName) -> str:
    """Return the name that a client's handshake asks for; empty for an address, of which clients say nothing."""
    name = to_bytes_text(request.sni.lower().removesuffix(".")) if request.sni else host.name
    return "" if ":" in name or _ADDRESS.fullmatch(name) else name


def port_of(scope: Scope, addresses: Sequence[Address] = ()) -> int:
    """Return the port that a ServerName has; without a ServerName it is that of the first address."""
    named = scope.last("servername")
    if named is None:
        return addresses[0].port if addresses else 0
    port = named.args[0].strip("\"'").rpartition(":")[2] if named.args else ""
    return int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0


def scheme_of(scope: Scope) -> str:
    """Return the scheme that a ServerName has."""
    named = scope.last("servername")
    return named.args[0].strip("\"'").lower().rpartition("://")[0] if named and named.args else ""


def glob(text: str, pattern: str) -> bool:
    """Match a whole text against `*` and `?`, ignoring case, in time linear in each."""
    text, pattern = text.lower(), pattern.lower()
    at = place = 0
    star, resume = -1, 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            star, resume = place, at
            place += 1
        elif place < len(pattern) and pattern[place] in ("?", text[at]):
            at += 1
            place += 1
        elif star >= 0:
            resume += 1
            at, place = resume, star + 1
        else:
            return False
    return not pattern[place:].strip("*")


def _name_of(server_name: str) -> str:
    return to_bytes_text(server_name.strip("\"'").lower().split("://")[-1].split(":")[0])
