"""What a host must know of a part beside its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from ..concerns.contract import SLOTS, Directory, Facts, HostText
from ..tls.entries import HostFile

FORMAT = 2  # of manifests as they are written now

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class VhostEntry:
    """A virtual host of a part: where its file lies and what it serves; at `redirect_addresses` it redirects to its TLS."""

    server_name: str
    file: str
    addresses: tuple[str, ...]
    default: bool = False
    redirect_addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExpectEntry:
    """A request to ask after a commit: `GET /health` of a host at an address.

    `vhost` is the name by which its virtual host answers (ANSWER_HEADER); releases of older versions have none.
    """

    place: str
    host: str
    address: str
    request: str
    status: int | None
    redirect: str
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    tls: bool = False
    vhost: str = ""

    @property
    def question(self) -> ExpectEntry:
        """What is asked and expected, wherever it is written and whoever answers."""
        return replace(self, place="", vhost="")


@dataclass(frozen=True)
class BlobEntry:
    """A blob that a part names by its digest, and who reads it: `root`, or httpd's `children` too."""

    digest: str
    reader: str = "root"


@dataclass(frozen=True)
class Manifest:
    """What a part is: whose and of which concern, where each file stands in a release, and what the host must have.

    `slots` are the files that the frame includes, by slot. `modules` are those that it needs, each after its companions;
    `bare_modules` come without the distribution's own .conf. `facts` are plain data by concern. `unknown` names what a
    newer Gatehouse wrote and this one can't serve.
    """

    owner: str
    concern: str
    files: tuple[str, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    vhosts: tuple[VhostEntry, ...] = ()
    expects: tuple[ExpectEntry, ...] = ()
    modules: tuple[str, ...] = ()
    bare_modules: tuple[str, ...] = ()
    proof_port: int = 0
    host_files: tuple[HostFile, ...] = ()
    blobs: tuple[BlobEntry, ...] = ()
    host_texts: tuple[HostText, ...] = ()
    directories: tuple[Directory, ...] = ()
    packages: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict, hash=False)
    unknown: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The part's name on a host."""
        return f"{self.owner}.{self.concern}"

    def to_plain(self) -> dict[str, Any]:
        """Return the manifest as plain data."""
        entries = ("vhosts", "expects", "host_files", "blobs", "host_texts", "directories")
        plain = {name: value for name, value in vars(self).items() if name != "unknown"}
        return {
            "format": FORMAT,
            **plain,
            **{name: [dict(vars(entry)) for entry in plain[name]] for name in entries},
        }


def manifest_from_plain(plain: Mapping[str, Any]) -> Manifest:
    """Read what `to_plain` returned, from JSON or not, of this version, an older or a newer one.

    Keys that a newer one added say more of what is there; what must be served and isn't known here is in `unknown`.
    """
    slots = {slot: tuple(files) for slot, files in plain.get("slots", {}).items()}
    blobs = _entries(BlobEntry, plain.get("blobs", ()))
    directories = _entries(Directory, plain.get("directories", ()))
    return Manifest(
        owner=plain["owner"],
        concern=plain["concern"],
        files=tuple(plain["files"]),
        slots=slots,
        vhosts=_entries(VhostEntry, plain["vhosts"]),
        expects=_entries(ExpectEntry, plain["expects"]),
        modules=tuple(plain["modules"]),
        bare_modules=tuple(plain.get("bare_modules", ())),
        proof_port=plain["proof_port"],
        host_files=_entries(HostFile, plain.get("host_files", ())),
        blobs=blobs,
        host_texts=_entries(HostText, plain.get("host_texts", ())),
        directories=directories,
        packages=tuple(plain.get("packages", ())),
        facts=plain.get("facts", {}),
        unknown=(
            *(f"the slot {slot}" for slot in slots if slot not in SLOTS),
            *(f"a blob for {one.reader}" for one in blobs if one.reader not in READERS),
            *(
                f"a directory for {one.purpose}"
                for one in directories
                if one.purpose not in PURPOSES
            ),
            *(["its format"] if plain.get("format", 1) > FORMAT else ()),
        ),
    )


READERS = ("root", "children")
PURPOSES = ("cache", "log", "state")


def _entries(kind: type[Entry], rows: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Read rows, with tuples for JSON's lists, and without the keys that this version doesn't know."""
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    return tuple(
        kind(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in row.items()
                if name in known
            }
        )
        for row in rows
    )
