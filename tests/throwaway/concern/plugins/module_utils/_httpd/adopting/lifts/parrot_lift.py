"""What virtual hosts say by the parrot's header."""

from __future__ import annotations

from ...reading.server import Scope
from ..lift import Lift
from .vhost_body import Body, Plain, values_of


def in_vhost(body: Body, _main: Scope) -> Plain:
    """Take the header out of a virtual host."""
    for index, directive in body.directives("Header"):
        values = values_of(directive)
        if values[:3] == ("always", "set", "X-Parrot-Vhost"):
            body.taken.add(index)
            return {"parrot": values[3]}
    return {}


PARROT = Lift("parrot", in_vhost=in_vhost)
