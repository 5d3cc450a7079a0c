"""What one owner says of the server as a whole."""

from __future__ import annotations

from ...syntax.tree import Place, Tree
from ..inventory import Inventory
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
