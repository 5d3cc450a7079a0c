"""Commit and roll back: each under the host's lock, each proved or taken back."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ..._httpd.release.part import Part
from ..._httpd.vocabulary.layout import Layout
from ..concerns.catalogue import HOST_SIDES
from ..deployment.deployed_state import read_server, server_within, state_of
from ..deployment.release_difference import are_news, only_difference
from ..draft.assembly import presumed_release
from ..draft.draft import Draft
from ..machine.lock import HostError, locked
from ..machine.progress import tell
from ..store.history import (
    ROLLBACK,
    nothing_before,
    nothing_kept,
    nothing_taken_back,
    previous,
)
from ..store.release import Release
from ..store.salvage import Salvage, salvage, salvage_proved, salvaged_release
from ..store.staging import discard, held, hold, let_go, overlaid, staged
from ..store.store import Store
from .attempt import attempt
from .guard import refuse_lost_stages, refuse_unknown
from .healing import refuse_lost_owners, refuse_lost_parts, told_damage
from .outcome import Outcome, Refusal
from .request import AWAITS_LOCK, Request, open_store


def commit(request: Request, layout: Layout, outcome: Outcome) -> None:
    """Commit what the play of `request.token` staged, over what was proved before. Raises HostError."""
    tell(AWAITS_LOCK)
    with locked() as found:
        try:
            opened = open_store(layout, request, outcome, found=found)
            store = opened.store
            arrived = staged(request.token)
            salvaged = salvage_proved(store, arrived)
            proved = salvaged.release
            refuse_lost_stages(request, arrived, proved.parts)
            arrived = _with_held(arrived, salvaged, request)
            outcome.warnings += told_damage(salvaged, arrived)
            parts = overlaid(proved.parts, arrived)
            refuse_unknown(parts)
            if parts or proved.parts:
                draft = attempt(
                    parts, proved, request, store, layout, outcome, forgives=not opened.has_changed
                )
                if not request.check_mode:
                    let_go()
                if draft and request.serve and not request.check_mode:
                    _wait(draft, proved, outcome)
        finally:
            discard(request.token)
    # Other runs needn't wait for backends.
    if parts or proved.parts:
        outcome.deployed = _deployed(draft, parts, store, layout)
        explain(draft, proved, outcome)
        refuse_loops(outcome)


def _with_held(arrived: tuple[Part, ...], salvaged: Salvage, request: Request) -> tuple[Part, ...]:
    """Return what arrived with what others brought for whom the store has nothing any more.

    Raises Refusal where something is missing still; what arrived waits for it.
    """
    there = {part.manifest.name for part in arrived}
    missing = {*salvaged.lost} - there
    whole = (*arrived, *(part for part in held() if part.manifest.name in missing))
    try:
        refuse_lost_parts(salvaged, whole, may_lose=request.allow_removal)
    except Refusal:
        if not request.check_mode:
            hold(arrived)
        raise
    return whole


def _deployed(
    draft: Draft | None, parts: tuple[Part, ...], store: Store, layout: Layout, *, left: str = ""
) -> dict[str, Any]:
    """Return what serves now, or would; nothing where it can't be read, for nothing hangs on it."""
    tell("asking the backends")
    with contextlib.suppress(HostError, OSError):
        if draft:
            server = server_within(draft.after.server, draft.release, store)
            return state_of(draft.release, server, store, layout, draft.machine.now, left=left)
        release = presumed_release(parts, store)
        now = datetime.now(timezone.utc)
        # Its digest hangs on what isn't installed yet.
        return {**state_of(release, read_server(release, store), store, layout, now), "release": ""}
    return {}


def explain(draft: Draft | None, proved: Release, outcome: Outcome) -> None:
    """Add to `outcome` why what concerns define for the host is what it is, where it is something else than before."""
    if draft and outcome.changed:
        manifests, machine = draft.release.manifests, draft.machine
        notes = [
            words
            for side in HOST_SIDES
            if are_news(side.definitions(manifests, machine), proved.frame)
            for words in side.told(manifests, machine)
        ]
        outcome.deployed = {**outcome.deployed, "notes": notes}


def refuse_loops(outcome: Outcome) -> None:
    """Add to `outcome` which backends lead back to the server: the first requests for them would take all of its workers.

    Nobody could know it before the release was live.
    """
    loops = [one["message"] for one in outcome.deployed.get("backends", ()) if one["is_loop"]]
    outcome.failure = "\n".join(filter(None, (outcome.failure, *loops)))


def _wait(draft: Draft, proved: Release, outcome: Outcome) -> None:
    """Wait for what concerns wait for after a commit, and add to `outcome` what became of it."""
    for side in HOST_SIDES:
        aftermath = side.after(
            draft.release.manifests, proved.manifests, draft.machine, draft.outline
        )
        outcome.certificates += map(dict, aftermath.certificates)
        outcome.changed = outcome.changed or aftermath.is_changed
        outcome.warnings += aftermath.warnings
        outcome.failure = "\n".join(filter(None, (outcome.failure, aftermath.failure)))


def _wanted(digest: str, store: Store, finished: str) -> str:
    """Return the release to go back to; a rollback that was killed as soon as it was proved isn't made twice."""
    if digest != "previous":
        return digest
    if finished == ROLLBACK:
        return store.proved
    return previous(store.entries(), store.proved)


def roll_back(request: Request, layout: Layout, outcome: Outcome, *, digest: str) -> None:
    """Commit a kept release again: `previous` is the one proved before the present one. Raises HostError."""
    tell(AWAITS_LOCK)
    with locked() as found:
        opened = open_store(layout, request, outcome, found=found)
        store = opened.store
        known = [release for release, is_kept in store.kept().items() if is_kept]
        wanted = _wanted(digest, store, opened.finished)
        if not wanted:
            raise Refusal(nothing_before(store.proved, known))
        if wanted not in known:
            raise Refusal(nothing_kept(wanted, known))
        # The guards are against inventories that lost their contents; this release is asked for by name.
        asked = replace(request, allow_empty=True, allow_removal=True)
        salvaged = salvage(store, wanted)
        if not salvaged.is_whole:
            raise Refusal(nothing_kept(wanted, known, salvaged.found))
        proved, parts = salvaged_release(store), salvaged.release.parts
        refuse_lost_owners(proved, wanted, parts, may_lose=request.allow_removal)
        refuse_unknown(parts)
        draft = attempt(
            parts,
            proved,
            asked,
            store,
            layout,
            outcome,
            how=ROLLBACK,
            forgives=not opened.has_changed,
        )
        if draft and outcome.action == "none":
            outcome.reason = nothing_taken_back(
                wanted, known, draft.release.digest, only_difference(store, wanted, draft.release)
            )
    deployed = _deployed(draft, parts, store, layout, left=outcome.previous)
    outcome.deployed = {**deployed, "is_rollback": True}
    explain(draft, proved, outcome)
    refuse_loops(outcome)
