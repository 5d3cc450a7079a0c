"""What a concern is to the core: one thing that operators ask for, from its variables to its words in a release.

A concern is a value, written out in catalogue.py. Whatever it doesn't say is left at its default, so that a concern of
ten lines is possible; what each part is for stands at its type. How adoption takes a concern, and what a host does for
it, are values of the same name in the layers that know adoption and hosts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..syntax.problem import Problem
from ..syntax.tree import Tree
from .inventory import Inventory
from .vhosts.model import Vhost

# Where a release's frame includes files, in order: before its listeners, before the virtual hosts, behind them.
SLOTS = ("first", "settings", "rules", "last")
# The same within one virtual host.
VHOST_SLOTS = (
    "first", "protocols", "logs", "tls", "proxying", "headers", "balancers", "rules", "last",
)  # fmt: skip

Reader = Literal["root", "children"]
Purpose = Literal["cache", "log", "state"]
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Blob:
    """An opaque text beside releases: a key, a rule set, a password file. httpd's children read it where root alone
    doesn't do. It is named by its digest, so releases share it."""

    text: str = field(repr=False)
    reader: Reader = "root"

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class HostText:
    """A file outside releases: a systemd drop-in, a unit, a logrotate snippet. `unit` is restarted when it changes.

    UNIT_DIRECTORY and HTTPD_UNIT of reserved_names stand for a distribution's own in `path` and `unit`.
    """

    path: str
    text: str
    mode: int = 0o644
    unit: str = ""


@dataclass(frozen=True)
class Directory:
    """A directory that httpd's children write to; where it lies, whose it is and who reads it follows from the purpose."""

    purpose: Purpose
    name: str


@dataclass(frozen=True)
class Written:
    """What one owner's part says.

    `settings` are trees by slot (SLOTS), `files` trees that others include, by path below the owner's directory;
    `texts` are other files of the release (certificates), by path in it. `modules` are enabled the distribution's way,
    `bare_modules` without its own .conf. `vhosts` are those whose files every concern has its word in. `facts` are plain
    data that the frame, or the host, must know.
    """

    settings: Mapping[str, Tree] = field(default_factory=dict)
    files: Mapping[str, Tree] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    blobs: tuple[Blob, ...] = ()
    modules: tuple[str, ...] = ()
    bare_modules: tuple[str, ...] = ()
    host_texts: tuple[HostText, ...] = ()
    directories: tuple[Directory, ...] = ()
    packages: tuple[str, ...] = ()
    vhosts: tuple[Vhost, ...] = ()
    proof_port: int = 0
    facts: Facts = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a slot that nobody includes: it would be staged and never served. Raises ValueError."""
        _require_slots(self.settings, SLOTS)


@dataclass(frozen=True)
class InVhost:
    """What a concern says within one virtual host: trees by slot (VHOST_SLOTS), and the same in its twin, the virtual host
    that redirects from plain HTTP. `facts` are of this virtual host."""

    slots: Mapping[str, Tree] = field(default_factory=dict)
    twin: Mapping[str, Tree] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    blobs: tuple[Blob, ...] = ()
    modules: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a slot that nobody prints. Raises ValueError."""
        _require_slots(self.slots, VHOST_SLOTS)
        _require_slots(self.twin, VHOST_SLOTS)


@dataclass(frozen=True)
class InFrame:
    """What a concern says once for all owners: settings of the main server, and within the virtual host of unknown names,
    by its address."""

    settings: Tree = ()
    unknown_hosts: Mapping[str, Tree] = field(default_factory=dict)


def _require_slots(said: Iterable[str], slots: Sequence[str]) -> None:
    for slot in said:
        if slot not in slots:
            raise ValueError(f"there is no slot `{slot}`; write one of {', '.join(slots)}")


def plain_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write facts as they come back from a host: lists for tuples."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


# What a concern says that leaves a part out: they have the parts' signatures, and nothing to look at.
def _alone(inventory: Inventory) -> tuple[str, ...]:  # noqa: ARG001
    return ()


def _says_nothing(vhost: Vhost, inventory: Inventory) -> InVhost:  # noqa: ARG001
    return InVhost()


def _adds_nothing(facts: Sequence[Facts]) -> InFrame:  # noqa: ARG001
    return InFrame()


def _finds_nothing(inventory: Inventory, refused: Iterable[Problem]) -> Iterator[Problem]:  # noqa: ARG001
    return iter(())


@dataclass(frozen=True)
class Concern:
    """One concern.

    `variables` are its own, without `apache_`. Of a shared one two owners of a host may not say different things.
    `staged_with` names the concerns that its role stages besides. `write` says its part; `in_vhost` has its word in
    each virtual host, whoever's part that is; `in_frame` gets the facts of every part of a host, each a mapping by
    concern. `problems` says what is wrong between keys; it is told what readers refused already.
    """

    name: str
    write: Callable[[Inventory], Written]
    variables: tuple[str, ...] = ()
    is_shared: bool = False
    staged_with: Callable[[Inventory], tuple[str, ...]] = _alone
    in_vhost: Callable[[Vhost, Inventory], InVhost] = _says_nothing
    in_frame: Callable[[Sequence[Facts]], InFrame] = _adds_nothing
    problems: Callable[[Inventory, Iterable[Problem]], Iterator[Problem]] = _finds_nothing
