"""The parrot on a host."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..._httpd.concerns.parrot.problem_kinds import PARROT_RUDE
from ..._httpd.reading.server import Server
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place
from ..machine.changes import Change
from ..machine.files import ABSENT, State, read_state
from .contract import Aftermath, HostSide, Judged, Machine, Manifests, Prepared


def definitions(_manifests: Manifests, machine: Machine) -> Mapping[str, str]:
    """Say which httpd the host has."""
    return {"PARROT_HOST": ".".join(map(str, machine.httpd.version))}


def changes(manifests: Manifests, machine: Machine, _planned: Server) -> Prepared:
    """Keep a feather in the store."""
    path = f"{machine.store.root}/feather"
    wanted = State("file", "feather\n", 0o600) if _words(manifests) else ABSENT
    present = read_state(path)
    return Prepared(last=(Change(path, present, wanted),) if present != wanted else ())


def told(manifests: Manifests, machine: Machine) -> tuple[str, ...]:
    """Say where that comes from."""
    (version,) = definitions(manifests, machine).values()
    return (f"the parrot has seen httpd {version}",) if _words(manifests) else ()


def problems(judged: Judged, _machine: Machine) -> tuple[Problem, ...]:
    """Refuse a word that this host doesn't want to hear."""
    if "rude" not in _words(judged.release.manifests):
        return ()
    place = Place("apache_parrot.word", is_leaf=True)
    return (PARROT_RUDE.problem(place, "this host has manners", "say something else"),)


def awaits(manifests: Manifests, _machine: Machine, _served: Server) -> bool:
    """Tell whether somebody asked for it."""
    return bool(_words(manifests)) and os.path.exists("/run/parrot-asked")


def after(manifests: Manifests, _live: Manifests, _machine: Machine, _served: Server) -> Aftermath:
    """Tell that it spoke."""
    return Aftermath(warnings=tuple(f"the parrot said {word}" for word in _words(manifests)))


def _words(manifests: Manifests) -> list[str]:
    return [
        manifest.facts["parrot"]["text"]
        for manifest in manifests
        if "text" in manifest.facts.get("parrot", {})
    ]


PARROT = HostSide(
    "parrot",
    definitions=definitions,
    changes=changes,
    told=told,
    problems=problems,
    awaits=awaits,
    after=after,
)
