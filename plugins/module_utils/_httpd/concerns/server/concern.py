"""The concern `server`: what one owner says of the server as a whole."""

from __future__ import annotations

from ..contract import Concern, Written
from ..inventory import Inventory
from .compile import compile_server


def write(inventory: Inventory) -> Written:
    """Write the owner's settings."""
    return Written(settings={"settings": compile_server(inventory)})


SERVER = Concern(
    "server",
    write,
    variables=("check_off", "log_formats", "owner", "proof_port", "trusted_proxies"),
)
