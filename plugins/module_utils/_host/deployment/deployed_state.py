"""What a host serves after a run, as plain data: its release, the virtual hosts, what their backends answer, certificates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ..._httpd.deployment.serving import Backend, read_release, serving_of
from ..._httpd.vocabulary.layout import Layout
from ..store.history import previous
from ..store.release import Release
from ..store.salvage import salvaged_release
from ..store.store import Store
from .backend_round import ask_all
from .certificate_ends import certificate_ends


def deployed_state(
    layout: Layout, planned: Iterable[Mapping[str, Any]] | None, now: datetime
) -> dict[str, Any]:
    """Look at the release that was proved last, and ask its backends. Raises HostError.

    `planned` are the backends of what a dry run would have it serve (`planned_serving`), which are asked in their place.
    `now` is aware.
    """
    store = Store(layout.gatehouse)
    release = salvaged_release(store)
    server = read_release(release.frame, release.texts, directory=store.directory(release.digest))
    before = previous(store.entries(), store.proved)
    serving = serving_of(server)
    asked = serving.backends if planned is None else tuple(Backend(**one) for one in planned)
    return {
        "release": release.digest,
        "previous": before if store.kept().get(before) else "",
        "sites": serving.to_plain()["sites"],
        "backends": ask_all(asked, layout),
        "certificates": certificate_ends(server, release.manifests, layout, now),
    }


def planned_serving(release: Release, store: Store) -> dict[str, Any]:
    """Return what a release would serve, as plain data."""
    server = read_release(release.frame, release.texts, directory=store.directory(release.digest))
    return serving_of(server).to_plain()
