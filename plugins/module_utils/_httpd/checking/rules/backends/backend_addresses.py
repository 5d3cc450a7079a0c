"""Sockets and ports at which backends aren't asked although they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import ProxyPass, Server
from ....vocabulary.url import DEFAULT_PORTS
from ...rule import Finding, rule
from ..routing.rule_order import MOD_PROXY

_URL = re.compile(
    r"(?:unix:(?P<socket>[^|]*)\|)?(?P<scheme>[a-z][a-z0-9+.-]*):(?://(?P<host>[^/:]*)(?::(?P<port>[0-9]{1,9}))?)?(?P<path>.*)",
    re.IGNORECASE,
)


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        ProxyPass /one/ unix:/run/one.sock|http://localhost/
        ProxyPass /two/ unix:/run/two.sock|http://localhost/
    """,
    good="""
        ProxyPass /one/ unix:/run/one.sock|http://one/
        ProxyPass /two/ unix:/run/two.sock|http://two/
    """,
)
def socket_of_another_worker(server: Server) -> Iterator[Finding]:
    """Another socket is asked: a worker is known by the URL behind its socket, and an earlier rule has that one already.

    What is behind `|` names the worker, and goes to the backend as its Host unless ProxyPreserveHost is on. Write a name of
    its own for each socket.
    """
    for scope in server.scopes:
        workers: list[tuple[str, str, ProxyPass]] = []
        for proxy_pass in scope.rules:
            socket, name = _worker(proxy_pass.url)
            earlier = next((one for one in workers if name.startswith(one[1])), None)
            if not name or proxy_pass.is_match:
                continue
            if earlier is None:
                workers.append((socket, name, proxy_pass))
            elif earlier[0] != socket:
                asked = f"the socket {earlier[0]}" if earlier[0] else "its host"
                message = f'"{proxy_pass.url}" is asked at {asked} of "{earlier[2].url}" ({earlier[2].place}), the same worker'
                fix = "write a name of its own behind the `|`, `unix:/run/two.sock|http://two/`"
                yield Finding(proxy_pass.place.at("url"), message, fix)


def _worker(url: str) -> tuple[str, str]:
    """Return the socket of a URL and the name of its worker; no name for a balancer and for what keeps from being proxied."""
    found = _URL.fullmatch(url)
    if not found or found["scheme"].lower() == "balancer":
        return "", ""
    scheme = found["scheme"].lower()
    port = int(found["port"] or 0)
    shown = f":{port}" if port and port != DEFAULT_PORTS.get(scheme) else ""
    host = (found["host"] or "localhost").lower()
    return found["socket"] or "", f"{scheme}://{host}{shown}{found['path'] or '/'}"


@rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/mod/mod_proxy_uwsgi.html",
    bad="ProxyPass / uwsgi://127.0.0.1:3031/",
    good="ProxyPass / uwsgi://127.0.0.1:3032/",
)
def uwsgi_default_port(server: Server) -> Iterator[Finding]:
    """mod_proxy_uwsgi asks its default port, 3031, at port 0, be it written or not: each request gets a 503 (AH00957)."""
    for scope in server.scopes:
        for proxy_pass in scope.rules:
            found = _URL.fullmatch(proxy_pass.url)
            if not found or found["socket"] is not None or found["scheme"].lower() != "uwsgi":
                continue
            if int(found["port"] or DEFAULT_PORTS["uwsgi"]) == DEFAULT_PORTS["uwsgi"]:
                message = f'"{proxy_pass.url}" is asked at port 0, since 3031 is the default port'
                fix = "have the application listen on another port, or on a socket (`unix:/run/app.sock|uwsgi://app/`)"
                yield Finding(proxy_pass.place.at("url"), message, fix)
