"""What follows from a host's variables, should they be committed: its server, and the modules that it gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..concerns.inventory import Inventory, read_inventory
from ..concerns.vhosts.constraints import undefined_problem
from ..reading.server import Server
from ..reading.view import view
from ..syntax.problem import has_errors
from ..variables.refused_variables import RefusedVariables
from ..vocabulary.needed_modules import needed_modules
from .compile_parts import compile_inventory


def server_of(variables: Mapping[str, Any]) -> Server:
    """Return the server that variables describe.

    Raises RefusedVariables with each value that can't be read: what is left out could change any answer.
    """
    inventory = _inventory(variables)
    if not inventory.lists_vhosts:
        raise RefusedVariables([undefined_problem()])
    return view(compile_inventory(inventory).whole_tree)


def modules_of(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the modules that a host gets, without `_module`, each after those that it needs itself.

    Raises RefusedVariables.
    """
    compiled = compile_inventory(_inventory(variables))
    manifests = [one.manifest for one in compiled.compiled]
    asked = [name for one in manifests for name in (*one.modules, *one.bare_modules)]
    return tuple(dict.fromkeys((*needed_modules(compiled.whole_tree), *asked)))


def _inventory(variables: Mapping[str, Any]) -> Inventory:
    """Read variables, which must be readable to the last."""
    inventory, problems = read_inventory(variables)
    if has_errors(problems):
        raise RefusedVariables(problems)
    return inventory
