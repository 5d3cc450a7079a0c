"""Who is asked for what, once httpd has let a request in; or how it answers where nobody can be asked."""

from __future__ import annotations

from ...vocabulary.depends import Depends
from ..exchange import Exchange
from ..request import Decision
from .backend_request import headers_seen, timeouts_in_force
from .targets import Target


def hand_over(exchange: Exchange, target: Target) -> Decision:
    """Return who is asked for what."""
    if target.status:
        return exchange.decided("denied", status=target.status, worker=target.worker)
    if _lacks_tls(exchange, target):
        exchange.say(
            "SSLProxyEngine isn't on, so no backend is asked over TLS (AH01961)", exchange.rule
        )
        return exchange.decided("denied", status=500, worker=target.worker)
    _say_of_upgrade(exchange, target)
    seen = headers_seen(exchange, target)
    return exchange.decided(
        "proxy",
        worker=target.worker,
        members=target.members,
        url=target.url,
        urls=target.urls or (target.url,),
        headers=seen.known,
        open_headers=seen.open,
        timeouts=timeouts_in_force(exchange, target),
    )


def _lacks_tls(exchange: Exchange, target: Target) -> bool:
    """Tell whether TLS to the backend is wanted and isn't on. Raises Depends where it is for some members only."""
    urls = target.urls or (target.url,)
    over_tls = [url.partition(":")[0].lower() in ("https", "wss", "h2") for url in urls]
    if not any(over_tls) or exchange.is_on("sslproxyengine"):
        return False
    if not all(over_tls):
        raise Depends("option", "SSLProxyEngine, which isn't on for some members", exchange.rule)
    return True


def _say_of_upgrade(exchange: Exchange, target: Target) -> None:
    """Say that a WebSocket won't open where httpd keeps the request for one to itself."""
    if "upgrade" in exchange.request.headers and not target.takes_upgrades:
        exchange.say("the Upgrade isn't passed on: no upgrade=websocket is set", exchange.rule)
