"""What only the host can show to be wrong with a commit: refused before anything of it is touched."""

from __future__ import annotations

from datetime import datetime, timezone

from ..._httpd.release.guards import removal_problem, shared_problems
from ..._httpd.syntax.problem import Problem, has_errors
from ..._httpd.tls.served_certificates import named_by
from ..._httpd.vocabulary.layout import Layout
from ..certificates.release_certificates import release_problems
from ..draft import ports
from ..draft.draft import Draft
from ..draft.plan import Plan, view_live
from ..machine import systemd
from ..store.store import Release, Store
from .line_variables import in_variables
from .outcome import Refusal


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
    certificates = certificate_problems(draft, proved, layout)
    problems = (
        *in_variables(plan.problems, draft.release),
        *([removal] if removal else []),
        *shared_problems(draft.release.parts),
        *taken,
        *certificates,
    )
    if has_errors(problems):
        texts = [str(problem) for problem in problems if problem.severity == "error"]
        raise Refusal("\n".join(["the live configuration was not touched:", *texts]), problems)
    return [str(problem) for problem in certificates if problem.severity == "warning"]


def certificate_problems(draft: Draft, proved: Release, layout: Layout) -> tuple[Problem, ...]:
    """Return what is wrong with certificates of the host, warnings where it is live."""
    store = Store(layout.gatehouse)
    return release_problems(
        draft.release,
        proved,
        served=lambda: named_by(view_live(draft.host, store, layout).server),
        store=store,
        layout=layout,
        now=datetime.now(timezone.utc),
    )
