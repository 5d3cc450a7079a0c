"""The event MPM on a host: sized by its memory and cores, with as many files as its connections need."""

from __future__ import annotations

from collections.abc import Mapping

from ..._httpd.concerns.mpm_event.bearing import LEAST_FILES
from ..._httpd.concerns.mpm_event.compile import definitions_of
from ..._httpd.concerns.mpm_event.facts import NAME, read_settings
from ..._httpd.concerns.mpm_event.problem_kinds import MPM_TOO_SMALL
from ..._httpd.concerns.mpm_event.sizing import Sizing, sized
from ..._httpd.reading.server import Server
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.quoting import Refused
from ..._httpd.syntax.tree import Place
from ..machine.changes import Change
from ..machine.files import ABSENT, State, read_state
from ..machine.lock import HostError
from .capacity import read_capacity
from .contract import HostSide, Judged, Machine, Manifests, Prepared

_LIMITS = """\
# Gatehouse: apache_mpm_event.
[Service]
LimitNOFILE={files}
# Debian's apachectl sets the limit itself.
Environment="APACHE_ULIMIT_MAX_FILES=ulimit -n {files}"
"""


def definitions(manifests: Manifests, machine: Machine) -> Mapping[str, str]:
    """Fill in the figures. Raises HostError where the host doesn't bear one child, or where they contradict each other."""
    sizing = _sizing(manifests, machine)
    return definitions_of(sizing.sizes) if sizing else {}


def changes(manifests: Manifests, machine: Machine, _planned: Server) -> Prepared:
    """Let httpd have as many files as its connections need, or as the variable says, where Debian's own limit is another."""
    sizing = _sizing(manifests, machine)
    files = sizing.sizes.limit_nofile if sizing else LEAST_FILES
    unit = machine.layout.unit
    path = f"{machine.layout.unit_directory}/{unit}.d/gatehouse-limits.conf"
    wanted = State("file", _LIMITS.format(files=files), 0o644) if files != LEAST_FILES else ABSENT
    present = read_state(path)
    return Prepared(last=(Change(path, present, wanted, unit),) if present != wanted else ())


def told(manifests: Manifests, machine: Machine) -> tuple[str, ...]:
    """Explain the figures."""
    sizing = _sizing(manifests, machine)
    return tuple(f"MPM: {reason}" for reason in sizing.reasons.values()) if sizing else ()


def problems(judged: Judged, machine: Machine) -> tuple[Problem, ...]:
    """Say what the host doesn't bear of what was asked for."""
    sizing = _sizing(judged.release.manifests, machine)
    place = Place("apache_mpm_event")
    shortages = sizing.shortages if sizing else ()
    return tuple(MPM_TOO_SMALL.problem(place, one.message, one.fix) for one in shortages)


def _sizing(manifests: Manifests, machine: Machine) -> Sizing | None:
    settings = read_settings(manifest.facts for manifest in manifests)
    if settings is None:
        return None
    try:
        return sized(settings, read_capacity(machine.layout.unit, machine.child))
    except Refused as refused:
        raise HostError(f"apache_mpm_event: {refused.message}; {refused.fix}") from None


MPM_EVENT = HostSide(NAME, definitions=definitions, changes=changes, told=told, problems=problems)
