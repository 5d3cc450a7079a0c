"""What only the host can show to be wrong with a commit: refused before anything of it is touched."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..._httpd.reading.server import Server
from ..._httpd.release.guards import removal_problem, shared_problems
from ..._httpd.release.part import Part
from ..._httpd.release.reachability import lost_sites, unreachable_vhosts
from ..._httpd.syntax.problem import Problem, has_errors
from ..._httpd.syntax.tree import Place
from ..._httpd.vocabulary.layout import Layout
from ..asking.foreign_sites import ForeignSite, foreign_sites
from ..draft import ports
from ..draft.draft import Draft
from ..draft.draft_problems import log_problems, unread_problems, woken_blocks
from ..draft.host_addresses import address_problems
from ..draft.plan import Plan
from ..machine import systemd
from ..machine.files import ABSENT
from ..store.line_variables import in_variables
from ..store.release import Release
from ..swap import proof
from .openssl_words import openssl_problems
from .outcome import Refusal
from .request import Request

SOON = 3.0  # seconds, for a reload that somebody else has just asked for


def refuse_lost_stages(
    request: Request, arrived: tuple[Part, ...], proved: tuple[Part, ...]
) -> None:
    """Refuse to commit less than the play has staged, or over what another run has committed since. Raises Refusal."""
    here = {part.manifest.name: "" if part.is_absent else part.digest for part in arrived}
    gone = [name for name, digest in request.staged.items() if here.get(name) != digest]
    if gone:
        what = f"what this play has staged isn't there any more ({', '.join(gone)}): mostly the host was restarted"
        raise Refusal(f"the live configuration was not touched: {what}; run the play again")
    now = {part.manifest.name: part.digest for part in proved}
    # One without a digest was new, or its key was gone; and a killed run of this very commit may have been finished.
    changed = [
        name
        for name, digest in request.base.items()
        if digest and now.get(name) not in (digest, request.staged.get(name))
    ]
    if changed:
        what = f"another run has committed {', '.join(changed)} since this play staged it"
        raise Refusal(
            f"the live configuration was not touched: {what}; see what it did, and run the play again"
        )


def refuse_unknown(parts: tuple[Part, ...]) -> None:
    """Refuse to serve what a newer Gatehouse wrote without all that it says. Raises Refusal."""
    for part in parts:
        if part.manifest.unknown:
            what = ", ".join(part.manifest.unknown)
            message = f"`{part.manifest.concern}` of the owner `{part.manifest.owner}` comes from a newer Gatehouse"
            fix = "update the collection on this controller, or stage it again from here"
            raise Refusal(f"{message}, which this one doesn't know: {what}; {fix}")


def refuse_unprovable(before: Server, layout: Layout) -> None:
    """Refuse to change a server that couldn't be proved as it is: nor could what comes of it. Raises Refusal."""
    if not systemd.is_active(layout.unit):
        return
    goal = proof.Goal(proof.pid_file_of(before, layout))
    missing = proof.prove(layout.unit, goal, patience=SOON)
    if missing:
        message = (
            f"the live configuration was not touched: what serves now can't be proved: {missing}"
        )
        raise Refusal(f"{message}; mend that (`systemctl restart {layout.unit}`) and run again")


def guard(
    draft: Draft,
    plan: Plan,
    proved: Release,
    *,
    layout: Layout,
    serve: bool,
    allow_empty: bool,
    allow_removal: bool,
    taken_over: Collection[str],
) -> list[str]:
    """Return what a commit is warned of. Raises Refusal."""
    removal = removal_problem(
        proved.server_names,
        draft.release.server_names,
        allow_empty=allow_empty,
        allow_removal=allow_removal,
    )
    pid = systemd.main_pid(layout.unit)
    taken = ports.taken_problems(plan.before, plan.after, unit_pid=pid)
    lacks = host_lacks(draft, plan, is_running=bool(pid), serve=serve)
    gaps = unread_problems(draft)
    reached = _reachability(draft, plan, layout, taken_over)
    problems = (
        *plan.problems,
        *gaps,
        *([removal] if removal else []),
        *shared_problems(draft.release.parts),
        *taken,
        *lacks,
        *reached,
        *plan.judged,
    )
    if has_errors(problems):
        texts = [str(problem) for problem in problems if problem.severity == "error"]
        raise Refusal("\n".join(["the live configuration was not touched:", *texts]), problems)
    told = (*gaps, *lacks, *reached, *plan.judged)
    warned = [str(problem) for problem in told if problem.severity == "warning"]
    return [*warned, *woken_blocks(draft)]


def host_lacks(draft: Draft, plan: Plan, *, is_running: bool, serve: bool) -> tuple[Problem, ...]:
    """Return which addresses, names, directories of logs, ciphers and curves of ours the host doesn't have."""
    gatehouse = f"{draft.machine.layout.gatehouse}/"
    opens_all = not is_running or plan.action.verb == "restart"
    opened = ports.opened_addresses(plan.before, plan.after, opens_all=opens_all)
    addresses = address_problems(
        plan.before,
        plan.after,
        # A host that stands by gets its address before its server.
        opened=opened if serve else frozenset(),
        is_ours=lambda place: place.source.startswith(gatehouse),
    )
    return in_variables((*log_problems(draft), *openssl_problems(draft), *addresses), draft.release)


def sites_at_stake(
    draft: Draft, plan: Plan, layout: Layout, taken_over: Collection[str]
) -> tuple[ForeignSite, ...]:
    """Return the sites of the host's own that a change may not harm."""
    return foreign_sites(plan.before, is_left_out=_left_out(draft, layout), taken_over=taken_over)


def _left_out(draft: Draft, layout: Layout) -> Callable[[Place], bool]:
    """Return what tells whether a place is Gatehouse's, or of a site that goes: the distribution's default one."""
    removed = {change.path for change in draft.changes if change.after == ABSENT}
    return lambda place: place.source.startswith(f"{layout.gatehouse}/") or place.source in removed


def _reachability(
    draft: Draft, plan: Plan, layout: Layout, taken_over: Collection[str]
) -> tuple[Problem, ...]:
    """Return which sites of others would go dark, and which of ours aren't reached."""

    def is_ours(place: Place) -> bool:
        return place.source.startswith(f"{layout.gatehouse}/")

    is_left_out = _left_out(draft, layout)

    def lost(before: Server) -> list[Problem]:
        return [
            *lost_sites(
                before,
                plan.after,
                is_ours=is_ours,
                is_left_out=is_left_out,
                taken_over=taken_over,
            )
        ]

    found = lost(plan.before)
    if found and draft.host.followed:
        # What the live release answers already is nobody else's any more.
        found = lost(draft.host.live.server)
    directory = draft.machine.store.directory(draft.release.digest)
    defaults = {
        f"{directory}/{entry.file}"
        for manifest in draft.release.manifests
        for entry in manifest.vhosts
        if entry.default
    }
    unreached = unreachable_vhosts(
        plan.after,
        is_ours=is_ours,
        is_default=lambda place: place.source in defaults,
        taken_over=taken_over,
    )
    return in_variables((*found, *unreached), draft.release)
