"""What one owner says of the server as a whole, and what a host asks of each virtual host after a commit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...syntax.tree import Place, Tree
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..write import block, compile_silencing, directive


def compile_server(inventory: Inventory) -> Tree:
    """Write the formats of access logs, and what is silenced."""
    formats = (
        directive("LogFormat", text, name, place=Place(f"apache_log_formats.{name}", is_leaf=True))
        for name, text in inventory.log_formats.items()
    )
    silenced = compile_silencing(inventory.check_off)
    return (
        *block(Place("apache_check_off"), *silenced),
        *block(Place("apache_log_formats"), *formats),
    )[1:]


def expects_of(vhost: Vhost) -> Iterator[dict[str, Any]]:
    """Yield each live expectation as the plain keys of a manifest's entry."""
    for expect in vhost.expect:
        # An address that couldn't be read has been refused already.
        if not expect.live or not vhost.addresses:
            continue
        yield {
            "place": str(expect.place),
            "host": expect.host or vhost.server_name,
            "address": str(vhost.addresses[0]),
            "request": expect.request,
            "status": expect.status,
            "redirect": expect.redirect,
            "headers": dict(expect.headers),
            "tls": vhost.ssl is not None,
        }
