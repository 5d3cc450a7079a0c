"""What a host serves after a run, as plain data: its release, the virtual hosts, what their backends answer, certificates."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from ..._httpd.deployment.serving import read_release, serving_of
from ..._httpd.reading.server import Server
from ..._httpd.vocabulary.layout import Layout
from ..machine import systemd
from ..store.history import previous
from ..store.release import Release
from ..store.salvage import salvaged_release
from ..store.store import Store
from .backend_round import ask_all
from .certificate_ends import certificate_ends
from .release_difference import only_difference
from .release_table import read_links


def deployed_state(layout: Layout, now: datetime) -> dict[str, Any]:
    """Look at the release that was proved last, and ask its backends; `now` is aware."""
    store = Store(layout.gatehouse)
    release = salvaged_release(store)
    state = state_of(release, read_server(release, store), store, layout, now)
    return {**state, "warning": read_links(store, layout).unsettled}


def read_server(release: Release, store: Store) -> Server:
    """Return the server of a release alone."""
    return read_release(release.frame, release.texts, directory=store.directory(release.digest))


def server_within(whole: Server, release: Release, store: Store) -> Server:
    """Return what is a release's of a whole host's server."""
    directory = f"{store.directory(release.digest)}/"
    frame = f"{store.link('current')}/"
    ours = (one for one in whole.vhosts if one.place.source.startswith((directory, frame)))
    return replace(whole, vhosts=tuple(ours))


def state_of(
    release: Release,
    server: Server,
    store: Store,
    layout: Layout,
    now: datetime,
    *,
    left: str = "",
) -> dict[str, Any]:
    """Return what a release serves, or would, with its backends asked; `server` is the release's own.

    What a rollback has `left` is what somebody goes forward to again.
    """
    before = previous(store.entries(), store.proved)
    serving = serving_of(server)
    return {
        "release": release.digest,
        "previous": before if before and store.is_complete(before) else "",
        "differs_by": only_difference(store, left or before, release),
        "sites": serving.to_plain()["sites"],
        "backends": ask_all(serving.backends, layout),
        "certificates": certificate_ends(server, release.manifests, layout, now),
        "is_stopped": not systemd.is_active(layout.unit),
    }


def nothing_deployed() -> dict[str, Any]:
    """Return the same of a host that Gatehouse has left, or would leave."""
    nothing: dict[str, list[Any]] = {"sites": [], "backends": [], "certificates": []}
    return {"release": "", "previous": "", **nothing, "is_removed": True}
