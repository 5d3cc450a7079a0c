"""The concern `server`: what one owner says of the server as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ...syntax.tree import Place
from ..contract import Concern, Written
from ..inventory import Inventory
from .compile import compile_server
from .problem_kinds import PROOF_PORT_SHARED


def write(inventory: Inventory) -> Written:
    """Write the owner's settings."""
    return Written(settings={"settings": compile_server(inventory)})


def problems(inventory: Inventory, _refused: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the virtual host that would share the proof's port: whoever asks there from the host got the release's digest."""
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
