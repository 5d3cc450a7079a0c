"""What only the host can show to be wrong with a commit: refused before anything of it is touched."""

from __future__ import annotations

from ..._httpd.reading.server import Server
from ..._httpd.release.guards import removal_problem, shared_problems
from ..._httpd.syntax.problem import has_errors
from ..._httpd.vocabulary.layout import Layout
from ..draft import ports
from ..draft.draft import Draft
from ..draft.draft_problems import unread_problems
from ..draft.plan import Plan
from ..machine import systemd
from ..store.release import Release
from . import proof
from .outcome import Refusal

SOON = 3.0  # seconds, for a reload that somebody else has just asked for


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
    allow_empty: bool,
    allow_removal: bool,
) -> list[str]:
    """Return what a commit is warned of. Raises Refusal."""
    removal = removal_problem(
        proved.server_names,
        draft.release.server_names,
        allow_empty=allow_empty,
        allow_removal=allow_removal,
    )
    taken = ports.taken_problems(plan.before, plan.after, unit_pid=systemd.main_pid(layout.unit))
    gaps = unread_problems(draft)
    problems = (
        *plan.problems,
        *gaps,
        *([removal] if removal else []),
        *shared_problems(draft.release.parts),
        *taken,
        *plan.judged,
    )
    if has_errors(problems):
        texts = [str(problem) for problem in problems if problem.severity == "error"]
        raise Refusal("\n".join(["the live configuration was not touched:", *texts]), problems)
    told = (*gaps, *plan.judged)
    return [str(problem) for problem in told if problem.severity == "warning"]
