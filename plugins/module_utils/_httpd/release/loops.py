"""Requests that come back for ever.

A proxy that asks itself goes round until it has taken every worker of httpd (AH00484); whom a redirect sends to itself gives
up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..reading.server import PlacedDirective, ProxyPass, Server, VirtualHost
from ..resolve.request import Request
from ..resolve.resolver import Resolver
from ..syntax.problem import Problem
from ..vocabulary.address import ipv4_of
from ..vocabulary.url import DEFAULT_PORTS
from .problem_kinds import PROXY_TO_ITSELF, REDIRECT_LOOP

MOST_ROUNDS = 10  # after which it goes round
_URL = re.compile(r"(https?|wss?)://(\[[^\]]*\]|[^/:]+)(?::([0-9]{1,5}))?(/.*)?", re.IGNORECASE)
_REDIRECTS = ("redirect", "redirectpermanent", "redirecttemp", "redirectmatch")
_BEGINNING = re.compile(r"\^?((?:/[A-Za-z0-9_-]*)*)")
_ANY = "0.0.0.0"  # an address that no virtual host has for itself
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]+){3}|\[::1\]", re.IGNORECASE)


def loops(server: Server) -> Iterator[Problem]:
    """Yield each rule and each redirect whose requests come back to it."""
    own = _Own(server, None)
    yield from _self_proxying(server, own)
    for vhost in server.vhosts:
        for redirect in _redirects(vhost):
            path, url = _mapped(redirect)
            if own.is_redirected_for_ever(vhost, redirect, path):
                message = (
                    f'who asks for "{path}" is sent to "{url}", and redirected again without end'
                )
                fix = "write where clients are to go: another name, another scheme or another path"
                yield REDIRECT_LOOP.problem(redirect.directive.place, message, fix)


def _redirects(vhost: VirtualHost) -> Iterator[PlacedDirective]:
    """Yield the redirects of mod_alias that have a path and a target, and stand outside of sections."""
    for name in _REDIRECTS:
        for placed in vhost.scope.named(name):
            is_mapped = name == "redirectmatch" or "".join(placed.values[-2:-1]).startswith("/")
            if not placed.around and len(placed.values) > 1 and is_mapped:
                yield placed


def _mapped(redirect: PlacedDirective) -> tuple[str, str]:
    """Return a path that a redirect is for, and where it leads; a pattern may be for every path."""
    *_status, path, url = redirect.values
    return ("/" if redirect.name == "redirectmatch" else path), url


def self_proxying(server: Server, own_address: Callable[[str], str]) -> Iterator[Problem]:
    """Yield each rule of a host's whole server whose requests come back to it.

    `own_address` tells which of the host's own addresses a name or an address is, empty for none.
    """
    yield from _self_proxying(server, _Own(server, own_address))


def _self_proxying(server: Server, own: _Own) -> Iterator[Problem]:
    """Yield each rule of a virtual host whose requests come back to it, by its own address or by a name that it serves."""
    for vhost in server.vhosts:
        for rule in vhost.scope.rules:
            for member in _members(rule, vhost, server):
                if own.member_goes_round(vhost, rule, member):
                    yield _problem(rule, f'"{member}" of "{rule.url}"')
            if own.asked_by(_literal(rule)) and own.goes_round(vhost, rule):
                yield _problem(rule, f'"{rule.url}"')


def _literal(rule: ProxyPass) -> str:
    """Return a rule's target; of a pattern's what stands before the first `$1`, which names the server mostly."""
    return rule.url.partition("$")[0] if rule.is_match else rule.url


def _sample(rule: ProxyPass) -> str:
    """Return a path that a rule is for; of a pattern what every such path begins with."""
    if not rule.is_match:
        return rule.location or rule.path
    found = _BEGINNING.match(rule.path)
    return (found[1] if found else "") or "/"


def _problem(rule: ProxyPass, asked: str) -> Problem:
    message = f"{asked} is this very server, which asks itself until no worker is left"
    fix = "write the backend's own address and port"
    return PROXY_TO_ITSELF.problem(rule.place.at("url"), message, fix)


def _members(rule: ProxyPass, vhost: VirtualHost, server: Server) -> Iterator[str]:
    """Yield the URLs of the members of a rule's balancer."""
    scheme, _colon, rest = rule.url.partition("://")
    if scheme.lower() == "balancer":
        name = rest.partition("$")[0].partition("/")[0].lower()
        scopes = (vhost.scope, server.main)
        found = (one for scope in scopes for one in scope.balancers if one.name == name)
        yield from (member.url for member in next((one.members for one in found), ()))


def _plain_address(host: str) -> str:
    """Return an IPv4 address as it is mostly written: `127.1` and `2130706433` are one too, and 0.0.0.0 is this host."""
    address = ipv4_of(host)
    return "127.0.0.1" if address == _ANY else address or host


def _first_request(vhost: VirtualHost, path: str) -> Request:
    """Return what a client asks of a virtual host, by its name at its first address."""
    address = next(iter(vhost.addresses), None)
    return Request(
        path,
        vhost.server_name or "localhost",
        scheme="https" if vhost.scope.last("sslengine") else "http",
        port=address.port if address else 80,
        address=address.host if address and not address.is_wildcard else _ANY,
    )


class _Own:
    """A server's own names and ports."""

    def __init__(self, server: Server, own_address: Callable[[str], str] | None) -> None:
        self._own_address = own_address
        self._resolver: Resolver | None = None
        self._server = server
        self._vhosts = {vhost.place: vhost for vhost in server.vhosts}
        self._ports = {address.port for vhost in server.vhosts for address in vhost.addresses}
        self._addresses = {
            (str(address.host), address.port)
            for vhost in server.vhosts
            for address in vhost.addresses
            if not address.is_wildcard
        }
        self._names = {
            (name, address.port)
            for vhost in server.vhosts
            for name in (vhost.server_name, *vhost.server_aliases)
            for address in vhost.addresses
        }

    def asked_by(self, url: str) -> Request | None:
        """Return what a URL asks of this server; None where it asks another one."""
        found = _URL.fullmatch(url)
        if not found:
            return None
        scheme, host = found[1].lower().replace("ws", "http"), found[2].lower()
        port = int(found[3] or DEFAULT_PORTS[scheme])
        # Nearly all backends listen elsewhere.
        if port not in self._ports:
            return None
        plain = _plain_address(host)
        address = plain
        if not _LOOPBACK.fullmatch(plain) and (plain, port) not in self._addresses:
            address = self._own_address(plain) if self._own_address else ""
            if not address and (host, port) not in self._names:
                return None
        address = address if (address, port) in self._addresses else _ANY
        return Request(found[4] or "/", host, scheme=scheme, port=port, address=address)

    def member_goes_round(self, vhost: VirtualHost, rule: ProxyPass, member: str) -> bool:
        """Tell whether a balancer's member leads back to the virtual host itself, by its own name."""
        asked = self.asked_by(member)
        passes_name_on = vhost.scope.last("proxypreservehost")
        if not asked or not passes_name_on or passes_name_on.args[:1] != ("On",):
            return False
        self._resolver = self._resolver or Resolver(self._server)
        back = replace(asked, host=vhost.server_name, target=_sample(rule))
        decision = self._resolver.resolve(back)
        return decision.vhost_place == vhost.place and decision.action in ("proxy", "depends")

    def is_redirected_for_ever(
        self, vhost: VirtualHost, redirect: PlacedDirective, path: str
    ) -> bool:
        """Tell whether whoever follows a redirect is redirected by this server again and again."""
        self._resolver = self._resolver or Resolver(self._server)
        request = _first_request(vhost, path)
        decision = self._resolver.resolve(request)
        if all(reason.place != redirect.directive.place for reason in decision.reasons):
            return False
        for _round in range(MOST_ROUNDS):
            if decision.action != "redirect":
                return False
            next_one = self._followed(request, decision.location)
            if next_one is None:
                return False
            request, decision = next_one, self._resolver.resolve(next_one)
        return True

    def _followed(self, request: Request, location: str) -> Request | None:
        """Return what a client asks next of this server; None where it goes elsewhere."""
        if location.startswith("/"):
            return replace(request, target=location)
        found = _URL.fullmatch(location.partition("#")[0])
        # To a client localhost is its own machine.
        is_here = found and not _LOOPBACK.fullmatch(found[2])
        return self.asked_by(location.partition("#")[0]) if is_here else None

    def goes_round(self, vhost: VirtualHost, rule: ProxyPass) -> bool:
        """Tell whether a request for a rule comes back to this server again and again."""
        self._resolver = self._resolver or Resolver(self._server)
        request = _first_request(vhost, _sample(rule))
        for _round in range(MOST_ROUNDS):
            decision = self._resolver.resolve(request)
            asked = self.asked_by(decision.url) if decision.action == "proxy" else None
            found = self._vhosts.get(decision.vhost_place)
            if not asked or not found or not self._is_known(request.host, found):
                return False
            host = decision.headers.get("Host", asked.host).rpartition(":")
            request = Request(
                asked.target,
                host[0] or host[2],
                scheme=asked.scheme,
                port=asked.port,
                address=asked.address,
            )
        return True

    def _is_known(self, name: str, vhost: VirtualHost) -> bool:
        """Tell whether a virtual host answers to a name: to another one a host's own may, of which no inventory knows."""
        return self._own_address is not None or name in (vhost.server_name, *vhost.server_aliases)
