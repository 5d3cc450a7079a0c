"""Whom the server believes: forwarded addresses."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Scope, Server
from ...rule import Finding, rule
from ..helpers.scopes import is_incomplete

MOD_REMOTEIP = "https://httpd.apache.org/docs/2.4/mod/mod_remoteip.html"
_TRUSTING = frozenset(
    {
        "remoteipinternalproxy",
        "remoteipinternalproxylist",
        "remoteiptrustedproxy",
        "remoteiptrustedproxylist",
    }
)


@rule(
    "error",
    source=f"{MOD_REMOTEIP}#remoteipheader",
    bad="RemoteIPHeader X-Forwarded-For",
    good="""
        RemoteIPHeader X-Forwarded-For
        RemoteIPInternalProxy 10.0.0.0/8
    """,
)
def remote_ip_trusts_everyone(server: Server) -> Iterator[Finding]:
    """The client's address is taken from a header that anybody can write.

    Without a list of proxies mod_remoteip believes every client, and takes the left-most, forged, address: access rules
    by address and logs are the client's to choose.
    """
    inherited = _has(server.main, _TRUSTING)
    for scope in server.scopes:
        header = scope.last("remoteipheader")
        is_told = _has(scope, _TRUSTING) or is_incomplete(server, scope)
        if header and not inherited and not is_told:
            message = f"`RemoteIPHeader {' '.join(header.args)}` believes every client"
            yield Finding(header.place, message, "add RemoteIPInternalProxy with your proxies")


def _has(scope: Scope, names: frozenset[str]) -> bool:
    return not names.isdisjoint(scope.names)
