"""What follows from a host's variables, should they be committed: its server, and the modules that it gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..concerns.inventory import VHOST_LISTS, read_inventory
from ..concerns.vhosts.constraints import undefined_problem
from ..reading.server import Server
from ..reading.view import view
from ..syntax.problem import has_errors
from ..syntax.quoting import Refused
from ..vocabulary.needed_modules import needed_modules
from .compile_parts import Compiled, compile_inventory
from .part import CONCERNS


def server_of(variables: Mapping[str, Any]) -> Server:
    """Return the server that variables describe.

    Raises Refused with each value that can't be read: what is left out could change any answer.
    """
    if not any(variables.get(name) is not None for name in VHOST_LISTS):
        raise Refused(str(undefined_problem()))
    return view(_compiled(variables).whole_tree)


def modules_of(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the modules that a host gets, without `_module`, each after those that it needs itself. Raises Refused."""
    compiled = _compiled(variables)
    asked = (module for concern in compiled.concerns for module in concern.manifest.modules)
    return tuple(dict.fromkeys((*needed_modules(compiled.whole_tree), *asked)))


def _compiled(variables: Mapping[str, Any]) -> Compiled:
    """Compile what can be read, which must be all of it."""
    inventory, problems = read_inventory(variables)
    if has_errors(problems):
        raise Refused("\n".join(map(str, problems)))
    return compile_inventory(inventory, CONCERNS)
