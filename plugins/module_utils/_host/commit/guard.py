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
from ..draft.draft import Draft
from ..draft.draft_problems import unread_problems, woken_blocks
from ..draft.plan import Plan
from ..lacks.host_addresses import HostAddresses
from ..lacks.host_lacks import host_lacks
from ..lacks.server_files import server_files
from ..lacks.taken_ports import held_by_others, taken_problems
from ..machine import systemd
from ..machine.files import ABSENT
from ..store.line_variables import in_variables
from ..store.release import Release
from ..swap import proof
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


def refuse_unprovable(before: Server, layout: Layout, *, starts: bool = False) -> None:
    """Refuse to change a server that couldn't be proved as it is, or that systemd wouldn't reload. Raises Refusal.

    `starts` says that a server that is down would be started.
    """
    is_active = systemd.is_active(layout.unit)
    if (is_active or starts) and systemd.is_masked(layout.unit):
        message = f"the live configuration was not touched: {layout.unit} is masked, so systemd neither starts nor reloads it"
        raise Refusal(f"{message}; `systemctl unmask {layout.unit}`, and run again")
    if not is_active:
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

    def is_ours(place: Place) -> bool:
        return _is_ours(place, layout)

    taken = dict.fromkeys(
        (
            *taken_problems(plan.before, plan.after, unit_pid=pid, is_ours=is_ours),
            *held_by_others(plan.after, unit_pid=pid, is_ours=is_ours),
        )
    )
    starts_anew = not pid or plan.action.verb == "restart"
    files = server_files(layout.unit, pid, starts_anew=starts_anew)
    addresses = HostAddresses()
    lacks = host_lacks(draft, plan, addresses, files, opens_all=starts_anew, serve=serve)
    gaps = unread_problems(draft)
    reached = _reachability(draft, plan, layout, taken_over, addresses)
    problems = (
        *plan.problems,
        *gaps,
        *([removal] if removal else []),
        *shared_problems(draft.release.parts),
        *in_variables((*taken,), draft.release),
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


def sites_at_stake(
    draft: Draft, plan: Plan, layout: Layout, taken_over: Collection[str]
) -> tuple[ForeignSite, ...]:
    """Return the sites of the host's own that a change may not harm."""
    return foreign_sites(plan.before, is_left_out=_left_out(draft, layout), taken_over=taken_over)


def names_of_own_sites(draft: Draft, plan: Plan, layout: Layout) -> list[str]:
    """Return the names of the host's own sites, or where those without one are written."""
    is_left_out = _left_out(draft, layout)
    vhosts = (one for one in plan.before.vhosts if not one.condition)
    own = (one for one in vhosts if not is_left_out(one.place))
    names = (one.server_name or f"{one.place.source}:{one.place.line}" for one in own)
    return [*dict.fromkeys(names)]


def _left_out(draft: Draft, layout: Layout) -> Callable[[Place], bool]:
    """Return what tells whether a place is Gatehouse's, or of a site that goes: the distribution's default one."""
    removed = {change.path for change in draft.changes if change.after == ABSENT}
    return lambda place: _is_ours(place, layout) or place.source in removed


def _is_ours(place: Place, layout: Layout) -> bool:
    return place.source.startswith(f"{layout.gatehouse}/")


def _reachability(
    draft: Draft,
    plan: Plan,
    layout: Layout,
    taken_over: Collection[str],
    addresses: HostAddresses,
) -> tuple[Problem, ...]:
    """Return which sites of others would go dark, and which of ours aren't reached.

    Nobody asks at an address that the host doesn't have.
    """

    def is_ours(place: Place) -> bool:
        return _is_ours(place, layout)

    is_left_out = _left_out(draft, layout)

    def lost(before: Server) -> list[Problem]:
        return [
            *lost_sites(
                before,
                plan.after,
                is_ours=is_ours,
                is_left_out=is_left_out,
                taken_over=taken_over,
                is_absent=addresses.is_absent,
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
        is_absent=addresses.is_absent,
    )
    return in_variables((*found, *unreached), draft.release)
