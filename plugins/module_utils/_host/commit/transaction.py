"""Commit and roll back: each under the host's lock, each proved or taken back."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ..._httpd.release.part import Part
from ..._httpd.vocabulary.layout import Layout
from ..certificates.own_certificates import forget_unused
from ..concerns.catalogue import HOST_SIDES
from ..deployment.deployed_state import read_server, server_within, state_of
from ..draft.assembly import presumed_release
from ..draft.draft import Draft, make_draft
from ..draft.plan import Plan, make_plan
from ..draft.shadow import shadow
from ..machine import processes, systemd
from ..machine.files import write_private_files
from ..machine.httpd import read_httpd
from ..machine.lock import HostError, locked
from ..machine.progress import tell
from ..machine.x509 import HAS_CRYPTOGRAPHY, LACKS_LIBRARY
from ..store.damage import live_texts
from ..store.history import COMMIT, ROLLBACK, nothing_before, nothing_kept, previous, told_change
from ..store.line_variables import with_variables
from ..store.release import FRAME, Release
from ..store.salvage import is_frame_whole, repair, salvage, salvage_proved, salvaged_release
from ..store.staging import discard, overlaid, staged
from ..store.store import Store
from . import proof
from .generations import admit, slots_of
from .guard import (
    guard,
    refuse_lost_stages,
    refuse_unknown,
    refuse_unprovable,
    sites_at_stake,
)
from .healing import refuse_lost_owners, refuse_lost_parts, told_damage
from .live import Step, carry_out
from .outcome import Outcome, Refusal, diff, diff_of_links, plain_answer, plain_verdict
from .request import AWAITS_LOCK, Request, open_store
from .standing import drift_of, warnings_of
from .trial import trials


def commit(request: Request, layout: Layout) -> Outcome:
    """Commit what the play of `request.token` staged, over what was proved before. Raises HostError."""
    tell(AWAITS_LOCK)
    with locked():
        try:
            store, outcome = open_store(layout, request)
            arrived = staged(request.token)
            salvaged = salvage_proved(store, arrived)
            proved = salvaged.release
            refuse_lost_stages(request, arrived, proved.parts)
            refuse_lost_parts(salvaged, arrived, may_lose=request.allow_removal)
            outcome.warnings += told_damage(salvaged, arrived)
            parts = overlaid(proved.parts, arrived)
            if parts or proved.parts:
                draft = _commit_parts(parts, proved, request, store, layout, outcome)
                if draft and request.serve and not request.check_mode:
                    _wait(draft, proved, outcome)
        finally:
            discard(request.token)
    # Other runs needn't wait for backends.
    if parts or proved.parts:
        outcome.deployed = _deployed(draft, parts, store, layout)
    return outcome


def _deployed(
    draft: Draft | None, parts: tuple[Part, ...], store: Store, layout: Layout
) -> dict[str, Any]:
    """Return what serves now, or would; nothing where it can't be read, for nothing hangs on it."""
    tell("asking the backends")
    with contextlib.suppress(HostError, OSError):
        if draft:
            server = server_within(draft.after.server, draft.release, store)
            return state_of(draft.release, server, store, layout, draft.machine.now)
        release = presumed_release(parts, store)
        now = datetime.now(timezone.utc)
        # Its digest hangs on what isn't installed yet.
        return {**state_of(release, read_server(release, store), store, layout, now), "release": ""}
    return {}


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


def roll_back(request: Request, layout: Layout, *, digest: str) -> Outcome:
    """Commit a kept release again: `previous` is the one proved before the present one. Raises HostError."""
    tell(AWAITS_LOCK)
    with locked():
        store, outcome = open_store(layout, request)
        known = [release for release, is_kept in store.kept().items() if is_kept]
        wanted = previous(store.entries(), store.proved) if digest == "previous" else digest
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
        _commit_parts(parts, proved, asked, store, layout, outcome, how=ROLLBACK)
    return outcome


def _commit_parts(
    parts: tuple[Part, ...],
    proved: Release,
    request: Request,
    store: Store,
    layout: Layout,
    outcome: Outcome,
    *,
    how: str = COMMIT,
) -> Draft | None:
    """Plan, guard, shadow and carry out; return what is live then, None where httpd isn't installed."""
    refuse_unknown(parts)
    tell("reading the host's configuration, and checking it with the new release")
    httpd = read_httpd(layout)
    lacks = f"{layout.binary} is missing" if httpd is None else ""
    if not HAS_CRYPTOGRAPHY and any(part.reads_certificates for part in parts):
        lacks = lacks or LACKS_LIBRARY
    if httpd is None or lacks:
        _say_not_installed(lacks, request, outcome)
        return None
    draft = make_draft(parts, store=store, layout=layout, httpd=httpd)
    outcome.release = draft.release.digest
    if not drift_of(draft, serve=request.serve):
        outcome.warnings += warnings_of(draft)
        return draft
    plan = make_plan(draft, layout=layout)
    outcome.warnings += guard(
        draft,
        plan,
        proved,
        layout=layout,
        allow_empty=request.allow_empty,
        allow_removal=request.allow_removal,
        taken_over=request.taken_over,
    )
    if request.serve:
        refuse_unprovable(plan.before, layout)
        plan = _admitted(plan, request, layout, outcome)
    _prove_in_shadow(draft, plan, layout, outcome)
    outcome.changed = True
    outcome.files_changed = [change.path for change in draft.changes]
    lying = live_texts(store, draft.release)
    outcome.diff = [
        *diff_of_links(draft.changes),
        *diff(lying, draft.release.texts),
    ]
    is_tried = outcome.shadow["verdict"] == "started"
    outcome.what = told_change(
        (proved.server_names, draft.release.server_names), (lying, draft.release.texts)
    )
    step = replace(
        _step(draft, plan, proved, request, layout, is_tried=is_tried),
        by=request.by,
        how=how,
        what=outcome.what,
    )
    outcome.action, outcome.reason = _told(step, layout)
    if not request.check_mode:
        _make_live(draft, step, proved, store, layout, outcome)
    return draft


def _prove_in_shadow(draft: Draft, plan: Plan, layout: Layout, outcome: Outcome) -> None:
    """Start the release in a shadow. Raises Refusal when it doesn't live there."""
    tell("starting the new release in a shadow of the server")
    verdict = shadow(layout, draft, server=plan.after)
    outcome.shadow = plain_verdict(verdict)
    if verdict.is_refusal:
        placed = replace(verdict, words=with_variables(verdict.words, draft.release))
        message = f"the live configuration was not touched: the new one doesn't start in a shadow: {verdict.reason}"
        raise Refusal(message, verdict=placed)
    if not verdict.isolated:
        outcome.warnings.append(f"the configuration wasn't started in a shadow: {verdict.reason}")


def _make_live(
    draft: Draft, step: Step, proved: Release, store: Store, layout: Layout, outcome: Outcome
) -> None:
    """Write the release and carry its step out."""
    tell("writing the new release")
    try:
        if store.proved:
            _repair_way_back(draft, proved, store, layout)
        store.write(draft.release)
        write_private_files(draft.files)
    except OSError as error:
        raise Refusal(f"the release couldn't be written: {error}") from error
    served = carry_out(step, store=store, layout=layout)
    # A damaged release may name any of them.
    with contextlib.suppress(HostError):
        forget_unused(store.kept_manifests(), store)
    outcome.expects = [plain_answer(answer) for answer in served.answers]
    outcome.warnings += [
        f"{answer.entry.place} failed before this commit too: {answer.failure}"
        for answer in served.answers
        if answer.failure
    ]
    outcome.warnings += served.complaints


def _repair_way_back(draft: Draft, proved: Release, store: Store, layout: Layout) -> None:
    """Restore what can be had of the release that a failure goes back to. Raises OSError."""
    repair(store, store.proved, (*draft.release.parts, *proved.parts))
    if not is_frame_whole(store, store.proved):
        with contextlib.suppress(HostError):
            former = make_draft(
                proved.parts, store=store, layout=layout, httpd=draft.machine.httpd
            ).release
            if former.digest == store.proved:
                store.write_text(store.proved, FRAME, former.frame)


def _admitted(plan: Plan, request: Request, layout: Layout, outcome: Outcome) -> Plan:
    """Return the plan with what the server can be told, and count in `outcome` the connections that it touches."""
    action, outcome.connections = admit(
        plan.action,
        slots_of(plan.before.main, plan.mpm_before),
        layout.unit,
        may_cut=request.cut_connections,
        waits=not request.check_mode,
    )
    return replace(plan, action=action)


def _step(
    draft: Draft,
    plan: Plan,
    proved: Release,
    request: Request,
    layout: Layout,
    *,
    is_tried: bool,
) -> Step:
    """Return the change of the live server that a plan comes to."""
    always = (listen for listen in plan.after.listens if not listen.conditions)
    loaded = processes.loaded_modules(systemd.main_pid(layout.unit))
    return Step(
        digest=draft.release.digest,
        changes=draft.changes,
        action=plan.action,
        pid_file=proof.pid_file_of(plan.after, layout),
        port=draft.port,
        ports=frozenset(listen.address.port for listen in always),
        trials=trials(plan.modules, loaded) if plan.action.verb == "reload" else (),
        serve=request.serve,
        expects=draft.release.expects,
        known=proved.expects,
        sites=sites_at_stake(draft, plan, layout, request.taken_over),
        is_tried=is_tried,
        may_cut=request.cut_connections,
    )


def _say_not_installed(lacks: str, request: Request, outcome: Outcome) -> None:
    """Pass over a host that a dry run couldn't install anything on; refuse it otherwise."""
    if not request.check_mode:
        raise Refusal(f"{lacks}; install it first (the roles do)")
    outcome.changed = True
    outcome.warnings.append(f"{lacks}, so nothing could be started in a shadow")


def _told(step: Step, layout: Layout) -> tuple[str, str]:
    """Return what systemctl is asked for, and why."""
    if not step.serve:
        return "files", "apache_service_state is stopped"
    if not systemd.is_active(layout.unit):
        return "start", "the server isn't running"
    if step.trials:
        names = ", ".join(f"mod_{name}" for name in step.trials)
        return "reload", f"a first reload loads {names}, a second one carries the change out"
    return step.action.verb, step.action.reason
