"""One attempt at making parts the live release: planned, guarded, started in a shadow, carried out and proved."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..._httpd.concerns.mpm_event.facts import read_settings
from ..._httpd.release.part import Part
from ..._httpd.vocabulary.layout import Layout
from ..certificates.own_certificates import forget_unused
from ..concerns.child_weight import weigh
from ..deployment.release_difference import some, told_change
from ..draft.distribution import told_default_site
from ..draft.draft import Draft, make_draft
from ..draft.plan import Plan, make_plan
from ..draft.shadow import shadow
from ..machine import processes, systemd
from ..machine.files import write_private_files
from ..machine.httpd import read_httpd
from ..machine.lock import HostError
from ..machine.progress import tell
from ..machine.x509 import HAS_CRYPTOGRAPHY, LACKS_LIBRARY
from ..store.damage import live_texts
from ..store.history import COMMIT
from ..store.line_variables import with_variables
from ..store.release import FRAME, Release
from ..store.salvage import is_frame_whole, repair
from ..store.store import Store
from ..swap import proof
from ..swap.generations import admit, slots_of
from ..swap.live import Step, carry_out
from ..swap.trial import trials
from .guard import guard, names_of_own_sites, refuse_unprovable, sites_at_stake
from .outcome import Outcome, Refusal, diff, diff_of_links, plain_answer, plain_verdict
from .request import Request
from .standing import drift_of, is_to_switch, warnings_of

_NOBODY = Release("", "", ())


def attempt(
    parts: tuple[Part, ...],
    proved: Release,
    request: Request,
    store: Store,
    layout: Layout,
    outcome: Outcome,
    *,
    how: str = COMMIT,
    forgives: bool = True,
) -> Draft | None:
    """Plan, guard, shadow and carry out; return what is live then, None where httpd isn't installed. Raises HostError.

    Live expectations that fail already may go on failing where it `forgives`: not once this run has told the server anything.
    """
    tell("reading the host's configuration, and checking it with the new release")
    told = [*outcome.warnings]
    httpd = read_httpd(layout)
    lacks = f"{layout.binary} is missing" if httpd is None else ""
    if not HAS_CRYPTOGRAPHY and any(part.reads_certificates for part in parts):
        lacks = lacks or LACKS_LIBRARY
    if httpd is None or lacks:
        _say_not_installed(lacks, request, outcome)
        return None
    draft = make_draft(parts, store=store, layout=layout, httpd=httpd)
    outcome.release = draft.release.digest
    if not (drift_of(draft, serve=request.serve) or is_to_switch(draft, serve=request.serve)):
        outcome.warnings += warnings_of(draft)
        return draft
    plan = make_plan(draft, layout=layout)
    outcome.warnings += guard(
        draft,
        plan,
        proved,
        layout=layout,
        serve=request.serve,
        allow_empty=request.allow_empty,
        allow_removal=request.allow_removal,
        taken_over=request.taken_over,
    )
    if request.serve:
        refuse_unprovable(plan.before, layout, starts=True)
        plan = _admitted(plan, request, layout, outcome)
    child = _prove_in_shadow(draft, plan, layout, outcome)
    is_sized = read_settings(one.facts for one in draft.release.manifests) is not None
    if is_sized and not request.check_mode and weigh(store, child, plan.modules):
        # Its sizes follow from what its children weigh, which nobody knew.
        outcome.warnings = told
        return attempt(parts, proved, request, store, layout, outcome, how=how, forgives=forgives)
    outcome.changed = True
    outcome.files_changed = [change.path for change in draft.changes]
    lying = live_texts(store, draft.release)
    outcome.diff = [
        *diff_of_links(draft.changes),
        *diff(lying, draft.release.texts),
    ]
    is_tried = outcome.shadow["verdict"] == "started"
    outcome.what = _what_changes(draft, proved, lying, layout)
    step = replace(
        _step(draft, plan, proved if forgives else _NOBODY, request, layout, is_tried=is_tried),
        by=request.by,
        how=how,
        what=outcome.what,
    )
    outcome.action, outcome.reason = _told(step, layout, is_dry_run=request.check_mode)
    if outcome.action == "stop":
        outcome.warnings += _goes_too(names_of_own_sites(draft, plan, layout))
    if not request.check_mode:
        _make_live(draft, step, proved, store, layout, outcome)
    return draft


def _prove_in_shadow(draft: Draft, plan: Plan, layout: Layout, outcome: Outcome) -> int:
    """Start the release in a shadow; return what a child of it weighs (bytes). Raises Refusal when it doesn't live there."""
    tell("starting the new release in a shadow of the server")
    verdict = shadow(layout, draft, server=plan.after)
    outcome.shadow = plain_verdict(verdict)
    if verdict.is_refusal:
        placed = replace(verdict, words=with_variables(verdict.words, draft.release))
        message = f"the live configuration was not touched: the new one doesn't start in a shadow: {verdict.reason}"
        raise Refusal(message, verdict=placed)
    if not verdict.isolated:
        outcome.warnings.append(f"the configuration wasn't started in a shadow: {verdict.reason}")
    return verdict.child


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
    admitted = admit(
        plan.action,
        slots_of(plan.before.main, plan.mpm_before),
        layout.unit,
        may_cut=request.cut_connections,
        waits=not request.check_mode,
    )
    outcome.connections = admitted.connections
    outcome.warnings += admitted.warnings
    return replace(plan, action=admitted.action)


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
    outcome.action = "start" if request.serve else "files"
    outcome.warnings.append(f"{lacks}, so nothing could be started in a shadow")


def _what_changes(draft: Draft, proved: Release, lying: Mapping[str, str], layout: Layout) -> str:
    """Say what changes of the release, whose files lie there as they are, and of the sites that it found."""
    manifests = (proved.manifests, draft.release.manifests)
    change = told_change(manifests, (lying, draft.release.texts))
    return "; ".join(filter(None, (change, told_default_site(draft.changes, layout))))


def _goes_too(names: Sequence[str]) -> list[str]:
    """Return the warning that others' sites go with the server."""
    told = f"the host's own sites stop with the server: {some(names)}"
    return [told] if names else []


def _told(step: Step, layout: Layout, *, is_dry_run: bool) -> tuple[str, str]:
    """Return what systemctl is asked for, and why; `files` where a stopped server stays so."""
    is_active = systemd.is_active(layout.unit)
    if not step.serve:
        return "stop" if is_active else "files", "apache_service_state is stopped"
    if not is_active:
        return "start", "it isn't running" if is_dry_run else "it wasn't running"
    if step.trials:
        names = ", ".join(f"mod_{name}" for name in step.trials)
        return "reload", f"a first reload loads {names}, a second one carries the change out"
    return step.action.verb, step.action.reason
