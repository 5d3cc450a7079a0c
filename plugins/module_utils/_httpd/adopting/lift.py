"""What adoption takes of a concern: how an existing server's directives become its variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..reading.server import Scope, Server
from ..syntax.tree import Tree
from .lifts.vhost_body import Body, Plain


def _takes_nothing(_body: Body, _main: Scope) -> Plain:
    return {}


def _says_nothing(_tree: Tree, _server: Server) -> Plain:
    return {}


@dataclass(frozen=True)
class Lift:
    """A concern's lift. `in_vhost` takes directives out of a virtual host's body, each only where the concern would write
    the same again, and returns keys of it; `of_host` returns variables of the whole host."""

    name: str
    in_vhost: Callable[[Body, Scope], Plain] = _takes_nothing
    of_host: Callable[[Tree, Server], Plain] = _says_nothing
