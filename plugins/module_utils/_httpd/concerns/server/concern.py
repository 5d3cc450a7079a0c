"""The concern `server`: what one owner says of the server as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ...syntax.tree import Place
from ..contract import Concern, Written
from ..inventory import Inventory
from ..vhosts.vhost_parts import BUILT_IN_FORMATS
from .compile import compile_server
from .problem_kinds import LOG_FORMAT_OF_HOST, PROOF_PORT_SHARED


def write(inventory: Inventory) -> Written:
    """Write the owner's settings."""
    return Written(settings={"settings": compile_server(inventory)})


def problems(inventory: Inventory, _refused: Iterable[Problem]) -> Iterator[Problem]:
    """Yield formats that are the host's, and the virtual host that would share the proof's port.

    Whoever asked there from the host got the release's digest.
    """
    for name in inventory.log_formats:
        if name in BUILT_IN_FORMATS:
            place = Place(f"apache_log_formats.{name}", is_leaf=True)
            message = f"`{name}` is the distribution's, and every site of the host logs by it"
            yield LOG_FORMAT_OF_HOST.problem(place, message, "take another name")
    for vhost in inventory.vhosts:
        for address in (*vhost.addresses, *vhost.redirect_addresses):
            if address.port == inventory.proof_port:
                place = Place("apache_proof_port", is_leaf=True)
                message = f"{address.port} is a port of {vhost.server_name} too, so on 127.0.0.1 nobody would reach it"
                yield PROOF_PORT_SHARED.problem(
                    place, message, "write a port that nothing listens on"
                )
                return


SERVER = Concern(
    "server",
    write,
    problems=problems,
    variables=("check_off", "log_formats", "owner", "proof_port", "trusted_proxies"),
)
