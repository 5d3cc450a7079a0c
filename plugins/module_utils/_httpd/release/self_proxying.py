"""Proxies that ask themselves: one request goes round until it has taken every worker of httpd (AH00484)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..reading.server import ProxyPass, Server, VirtualHost
from ..resolve.request import Request
from ..resolve.resolver import Resolver
from ..syntax.problem import Problem
from ..vocabulary.url import DEFAULT_PORTS
from .problem_kinds import PROXY_TO_ITSELF

MOST_ROUNDS = 10  # after which it goes round
_URL = re.compile(r"(https?|wss?)://(\[[^\]]*\]|[^/:]+)(?::([0-9]{1,5}))?(/.*)?", re.IGNORECASE)
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]+){3}|\[::1\]", re.IGNORECASE)


def self_proxying(server: Server) -> Iterator[Problem]:
    """Yield each rule of a virtual host whose requests come back to it, by its own address or by a name that it serves."""
    own = _Own(server)
    for vhost in server.vhosts:
        for rule in vhost.scope.rules:
            if not rule.is_match and own.asked_by(rule.url) and own.goes_round(vhost, rule):
                message = (
                    f'"{rule.url}" is this very server, which asks itself until no worker is left'
                )
                fix = "write the backend's own address and port"
                yield PROXY_TO_ITSELF.problem(rule.place.at("url"), message, fix)


class _Own:
    """A server's own names and ports."""

    def __init__(self, server: Server) -> None:
        self._resolver: Resolver | None = None
        self._server = server
        self._vhosts = {vhost.place: vhost for vhost in server.vhosts}
        self._ports = {address.port for vhost in server.vhosts for address in vhost.addresses}
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
        is_own = _LOOPBACK.fullmatch(host) and port in self._ports
        if not is_own and (host, port) not in self._names:
            return None
        return Request(found[4] or "/", host, scheme=scheme, port=port, address="0.0.0.0")

    def goes_round(self, vhost: VirtualHost, rule: ProxyPass) -> bool:
        """Tell whether a request for a rule comes back to this server again and again."""
        self._resolver = self._resolver or Resolver(self._server)
        address = next(iter(vhost.addresses), None)
        name = vhost.server_name or "localhost"
        scheme = "https" if vhost.scope.last("sslengine") else "http"
        request = Request(
            rule.location or rule.path,
            name,
            scheme=scheme,
            port=address.port if address else 80,
            address="0.0.0.0",
        )
        for _round in range(MOST_ROUNDS):
            decision = self._resolver.resolve(request)
            asked = self.asked_by(decision.url) if decision.action == "proxy" else None
            found = self._vhosts.get(decision.vhost_place)
            # By another name a virtual host for unknown ones may answer, of which an inventory knows nothing.
            if (
                not asked
                or not found
                or request.host not in (found.server_name, *found.server_aliases)
            ):
                return False
            host = decision.headers.get("Host", asked.host).rpartition(":")
            request = Request(
                asked.target,
                host[0] or host[2],
                scheme=asked.scheme,
                port=asked.port,
                address="0.0.0.0",
            )
        return True
