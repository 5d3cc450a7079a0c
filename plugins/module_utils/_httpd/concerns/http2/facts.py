"""What the frame must know of the protocols that virtual hosts speak: plain data in a release's manifest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..contract import Facts, plain_facts

NAME = "http2"


@dataclass(frozen=True)
class VhostProtocols:
    """What a virtual host speaks at its addresses; at `redirect_addresses` it redirects, over HTTP/1.1."""

    addresses: tuple[str, ...]
    redirect_addresses: tuple[str, ...]
    protocols: tuple[str, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return plain data."""
        return plain_facts(vars(self))


def read_protocols(facts: Iterable[Facts]) -> tuple[VhostProtocols, ...]:
    """Return those of every virtual host that says some, from the facts of a release's parts."""
    return tuple(
        VhostProtocols(
            tuple(plain["addresses"]),
            tuple(plain.get("redirect_addresses", ())),
            tuple(plain["protocols"]),
        )
        for one in facts
        for plain in one.get(NAME, {}).get("vhosts", ())
    )
