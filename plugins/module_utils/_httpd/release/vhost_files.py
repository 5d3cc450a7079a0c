"""The files of virtual hosts: every concern has its word in each, by slot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..concerns.catalogue import CONCERNS
from ..concerns.contract import VHOST_SLOTS, Blob, InVhost
from ..concerns.inventory import Inventory
from ..concerns.vhosts.model import Vhost
from ..concerns.write import block, section
from ..syntax.digests import digest_of
from ..syntax.tree import Tree
from .manifest import ExpectEntry, VhostEntry


@dataclass(frozen=True)
class VhostFile:
    """A virtual host's file: its tree, and what every concern says of it by the concern's name."""

    path: str
    vhost: Vhost
    tree: Tree
    said: Mapping[str, InVhost]

    @property
    def entry(self) -> VhostEntry:
        """What the frame must know."""
        return VhostEntry(
            server_name=self.vhost.server_name,
            file=self.path,
            addresses=tuple(map(str, self.vhost.addresses)),
            default=self.vhost.default,
            redirect_addresses=tuple(map(str, self.vhost.redirect_addresses)),
        )


# A file's name has 255 bytes at most; a number, an ending, and what is added while it is written come to it.
_LONGEST = 200


def vhost_files(vhosts: Iterable[Vhost], inventory: Inventory) -> Iterator[VhostFile]:
    """Yield the file of each virtual host, in order; a name that comes again is numbered."""
    counts: dict[str, int] = {}
    for vhost in vhosts:
        name = file_name(vhost.server_name)
        counts[name] = counts.get(name, 0) + 1
        suffix = f"~{counts[name]}" if counts[name] > 1 else ""
        said = {concern.name: concern.in_vhost(vhost, inventory) for concern in CONCERNS}
        path = f"{inventory.owner}/vhosts/{name}{suffix}.conf"
        yield VhostFile(path, vhost, _tree(vhost, said.values()), said)


def file_name(server_name: str) -> str:
    """Return a file's base name for a virtual host; a name that is too long for a file ends with its digest."""
    name = re.sub(r"[^a-z0-9_.-]", "_", server_name.lower())
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}~{digest_of((name,))}"


def facts_of(files: Sequence[VhostFile]) -> dict[str, Any]:
    """Return what concerns must know of virtual hosts in the frame and on the host, by concern."""
    found: dict[str, Any] = {}
    for concern in CONCERNS:
        facts = [file.said[concern.name].facts for file in files if file.said[concern.name].facts]
        if facts:
            found[concern.name] = {"vhosts": facts}
    return found


def texts_of(files: Iterable[VhostFile]) -> dict[str, str]:
    """Return the other files of a release that they name."""
    return {
        path: text
        for file in files
        for said in file.said.values()
        for path, text in said.texts.items()
    }


def blobs_of(files: Iterable[VhostFile]) -> tuple[Blob, ...]:
    """Return the blobs that they name."""
    return tuple(blob for file in files for said in file.said.values() for blob in said.blobs)


def expects_of(vhost: Vhost) -> Iterator[ExpectEntry]:
    """Yield each live expectation, at each address."""
    for expect in vhost.expect:
        if not expect.live:
            continue
        for address in vhost.addresses:
            yield ExpectEntry(
                place=str(expect.place),
                host=expect.host or vhost.server_name,
                address=str(address),
                request=expect.request,
                status=expect.status,
                redirect=expect.redirect,
                headers=dict(expect.headers),
                tls=vhost.ssl is not None,
                vhost=vhost.server_name,
            )


def _tree(vhost: Vhost, said: Iterable[InVhost]) -> Tree:
    """Put together a virtual host, and its twin that redirects from plain HTTP where one is said."""
    several = tuple(said)
    addresses = tuple(map(str, vhost.addresses))
    children = _joined([one.slots for one in several])
    host = section("VirtualHost", *addresses, children=children, place=vhost.place)
    whole = block(vhost.place, host)[1:]
    if not any(one.twin.get("first") for one in several):
        return whole
    place = vhost.place.at("ssl.redirect_from")
    twin = section(
        "VirtualHost",
        *map(str, vhost.redirect_addresses),
        children=_joined([one.twin for one in several]),
        place=place,
    )
    return (*whole, *block(place, twin))


def _joined(slots: Sequence[Mapping[str, Tree]]) -> Tree:
    """Return what all say, slot by slot."""
    return tuple(node for slot in VHOST_SLOTS for one in slots for node in one.get(slot, ()))
