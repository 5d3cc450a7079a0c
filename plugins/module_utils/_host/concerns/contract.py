"""What a concern is to a host: what only the host can say, judge, keep and wait for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..._httpd.concerns.mpm_event.bearing import WEIGHT_STEP
from ..._httpd.reading.server import Server
from ..._httpd.release.manifest import Manifest
from ..._httpd.syntax.problem import Problem
from ..._httpd.vocabulary.layout import Layout
from ..machine.changes import Change
from ..machine.httpd import Httpd
from ..store.release import Release
from ..store.store import Store

Manifests = tuple[Manifest, ...]


@dataclass(frozen=True)
class Machine:
    """The host on which a commit is planned, and when (aware); `child` is what one of httpd's takes idle (bytes)."""

    layout: Layout
    store: Store
    httpd: Httpd
    now: datetime
    child: int = WEIGHT_STEP


@dataclass(frozen=True)
class Prepared:
    """What a concern changes on a host: files that are written before, and changes before all others and behind them."""

    files: Mapping[str, str] = field(default_factory=dict)
    first: tuple[Change, ...] = ()
    last: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A release that is to be judged beside the live one.

    `found` is what rules find in the server that it makes, what they find in the live one left out; `served` reads the
    live server, which is asked for only where that matters.
    """

    release: Release
    live: Release
    found: tuple[Problem, ...]
    served: Callable[[], Server]


@dataclass(frozen=True)
class Aftermath:
    """What became of what a commit waits for: `failure` is what isn't as asked although it is committed."""

    certificates: tuple[Mapping[str, object], ...] = ()
    is_changed: bool = False
    warnings: tuple[str, ...] = ()
    failure: str = ""


def _defines_nothing(_manifests: Manifests, _machine: Machine) -> Mapping[str, str]:
    return {}


def _changes_nothing(_manifests: Manifests, _machine: Machine, _planned: Server) -> Prepared:
    return Prepared()


def _finds_nothing(_judged: Judged, _machine: Machine) -> tuple[Problem, ...]:
    return ()


def _tells_nothing(_manifests: Manifests, _machine: Machine) -> tuple[str, ...]:
    return ()


def _awaits_nothing(_manifests: Manifests, _machine: Machine, _served: Server) -> bool:
    return False


def _waits_for_nothing(
    _manifests: Manifests, _live: Manifests, _machine: Machine, _served: Server
) -> Aftermath:
    return Aftermath()


@dataclass(frozen=True)
class HostSide:
    """A concern on a host. Each part is told the manifests of all parts of a release.

    `definitions` are variables of the frame, by which a release differs from host to host. `changes` also sees the server
    that is planned. `told` explains the definitions to operators where they change. `problems` are found before anything
    live is touched: errors refuse, warnings are told. `after` waits once a commit is proved, and takes nothing back; `awaits`
    tells whether it would wait now. A host that nothing changes on is committed to for that alone.
    """

    name: str
    definitions: Callable[[Manifests, Machine], Mapping[str, str]] = _defines_nothing
    changes: Callable[[Manifests, Machine, Server], Prepared] = _changes_nothing
    told: Callable[[Manifests, Machine], tuple[str, ...]] = _tells_nothing
    problems: Callable[[Judged, Machine], tuple[Problem, ...]] = _finds_nothing
    awaits: Callable[[Manifests, Machine, Server], bool] = _awaits_nothing
    after: Callable[[Manifests, Manifests, Machine, Server], Aftermath] = _waits_for_nothing
