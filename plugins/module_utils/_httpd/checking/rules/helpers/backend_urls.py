"""What a server asks of backends, and whether over TLS, for the rooms whose rules want to know."""

from __future__ import annotations

from collections.abc import Sequence

from ....reading.server import Scope, Server
from ....syntax.tree import Place

TLS_SCHEMES = ("https://", "wss://", "h2://")
# An example in which nothing is wrong.
VERIFIED_BACKEND = """
    SSLProxyEngine On
    SSLProxyVerify require
    SSLProxyCACertificateFile /etc/ssl/backends.pem
    ProxyPass / https://app.example.com/
"""


def has_engine(server: Server, scope: Scope) -> bool:
    """Tell whether TLS towards backends is on, be it for some of them only."""
    return has_own_engine(scope) or has_own_engine(server.main)


def has_own_engine(scope: Scope) -> bool:
    """Tell whether a scope switches it on itself."""
    return any("".join(one.values).lower() == "on" for one in scope.named("sslproxyengine"))


def targets(scope: Scope) -> Sequence[tuple[str, Place]]:
    """Return every URL that a scope asks."""
    return scope.derived(_targets)


def asks_over_tls(scope: Scope) -> bool:
    """Tell whether a scope asks anything over TLS; three rules want to know it of every scope."""
    return scope.derived(_asks_over_tls)


def _asks_over_tls(scope: Scope) -> bool:
    return any(url.lower().startswith(TLS_SCHEMES) for url, _backend in targets(scope))


def _targets(scope: Scope) -> Sequence[tuple[str, Place]]:
    of_rules = [(proxy_pass.url, proxy_pass.place) for proxy_pass in scope.rules]
    members = (member for balancer in scope.balancers for member in balancer.members)
    return [*of_rules, *((member.url, member.place) for member in members)]
