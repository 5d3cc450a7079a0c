"""HTTP/2 on a host: refused where it can't be spoken."""

from __future__ import annotations

from dataclasses import replace

from ..._httpd.syntax.problem import Problem
from .contract import HostSide, Judged, Machine

INACTIVE = "http2-inactive"  # the checker's rule, which needs all that the checker knows


def problems(judged: Judged, _machine: Machine) -> tuple[Problem, ...]:
    """Make one error of HTTP/2 that can't be spoken, where a variable asks for it; a text may ask in vain."""
    inactive = [problem for problem in judged.found if problem.rule == INACTIVE]
    is_asked = any(one.concern == "http2" and one.files for one in judged.release.manifests)
    return (replace(inactive[0], severity="error"),) if inactive and is_asked else ()


HTTP2 = HostSide("http2", problems=problems)
