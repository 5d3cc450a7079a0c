"""What a release must know of the host's own configuration: where it listens, and what its virtual hosts serve."""

from __future__ import annotations

from collections.abc import Collection

from ..._httpd.reading.view import listeners
from ..._httpd.release.frame import Neighbours
from ..._httpd.syntax.tree import Place
from ..._httpd.vocabulary.layout import Layout
from ..configuration.host_configuration import HostConfiguration
from ..machine.changes import Change


def neighbours_in(
    configuration: HostConfiguration, layout: Layout, *, without: Collection[Change] = ()
) -> Neighbours:
    """Return what the host's own configuration listens on, under whatever condition, and serves.

    `without` takes away files that it includes.
    """
    removed = {change.path for change in without}

    def is_own(place: Place | None) -> bool:
        if place is None:
            return True
        is_other = place.source in removed or place.source.startswith(f"{layout.gatehouse}/")
        return not is_other and is_own(place.included_from)

    listens = listeners(configuration.branches)
    served = (
        address
        for vhost in configuration.server.vhosts
        if is_own(vhost.place)
        for address in vhost.addresses
    )
    return Neighbours(tuple(one for one in listens if is_own(one.place)), frozenset(served))
