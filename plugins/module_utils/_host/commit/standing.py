"""How a host stands before a commit: what one of the release that it serves would change, wait for or clear away."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..._httpd.vocabulary.layout import Layout
from ..concerns.catalogue import HOST_SIDES
from ..draft.draft import Draft, make_draft
from ..draft.draft_problems import host_problems, unread_problems
from ..draft.staged_copy import copies_of_killed_runs
from ..machine import systemd
from ..machine.httpd import Httpd
from ..machine.lock import HostError
from ..store.remains import remains
from ..store.store import Store
from . import proof


@dataclass(frozen=True)
class Standing:
    """How a host stands.

    `is_settled` tells that a commit would change nothing; `has_rest` that it has something to do all the same: to wait,
    or to clear away what a killed run left. `warnings` are what it would say.
    """

    is_settled: bool
    has_rest: bool = False
    warnings: tuple[str, ...] = ()


_UNSETTLED = Standing(is_settled=False)


def standing(store: Store, httpd: Httpd | None, layout: Layout, *, serve: bool) -> Standing:
    """Look at what a commit of the proved release would find; `serve` tells whether the server is to run.

    What a commit would refuse is no settled host, and the commit says why.
    """
    try:
        parts = store.proved_release().parts
        if os.path.exists(store.journal) or any(part.manifest.unknown for part in parts):
            return _UNSETTLED
        has_rest = bool(os.path.isdir(store.removed) or remains(store) or copies_of_killed_runs())
        if not parts:
            return Standing(store.current == store.proved, has_rest)
        if httpd is None:
            return _UNSETTLED
        draft = make_draft(parts, store=store, layout=layout, httpd=httpd)
        if not is_live(draft, serve=serve):
            return _UNSETTLED
        has_rest = has_rest or (serve and _awaits(draft))
        return Standing(True, has_rest, warnings_of(draft))
    except (HostError, OSError):
        return _UNSETTLED


def is_live(draft: Draft, *, serve: bool) -> bool:
    """Tell whether there is nothing to change: desired is proved, is current, and is what answers."""
    digest, store = draft.release.digest, draft.machine.store
    if draft.changes or store.current != digest or store.proved != digest:
        return False
    if not serve:
        return not systemd.is_active(draft.machine.layout.unit)
    return proof.digest_at(draft.port) == digest


def warnings_of(draft: Draft) -> tuple[str, ...]:
    """Return what is wrong although nothing changes: certificates come to their end by themselves."""
    return tuple(map(str, (*unread_problems(draft), *host_problems(draft))))


def _awaits(draft: Draft) -> bool:
    """Tell whether a concern has anything to wait for."""
    return any(
        side.awaits(draft.release.manifests, draft.machine, draft.outline) for side in HOST_SIDES
    )
