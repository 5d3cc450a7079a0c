"""What one owner says of one concern: its files, and the manifest by which a host knows what they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..syntax.digests import digest_of
from ..tls.entries import CertificateEntry, HostFile

# In the order in which a release includes them.
CONCERNS = ("modules", "server", "ssl", "http2", "balancers", "vhosts")


@dataclass(frozen=True)
class VhostEntry:
    """A virtual host of a part: where its file lies and what it serves; at `plain` it redirects to its TLS.

    `curves` are those of its TLS, as a word of the configuration.
    """

    server_name: str
    file: str
    addresses: tuple[str, ...]
    default: bool
    tls: bool = False
    plain: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    curves: str = ""


@dataclass(frozen=True)
class ExpectEntry:
    """A request to ask after a commit: `GET /health` of a host at an address."""

    place: str
    host: str
    address: str
    request: str
    status: int | None
    redirect: str
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    tls: bool = False


@dataclass(frozen=True)
class Manifest:
    """What a host must know of a part beside its files; `modules` are those that it needs, each after its companions;
    `wait` is how long (seconds) a commit waits for managed certificates."""

    owner: str
    concern: str
    files: tuple[str, ...] = ()
    vhosts: tuple[VhostEntry, ...] = ()
    expects: tuple[ExpectEntry, ...] = ()
    modules: tuple[str, ...] = ()
    proof_port: int = 0
    certificates: tuple[CertificateEntry, ...] = ()
    keys: tuple[str, ...] = ()
    wait: int = 0
    host_files: tuple[HostFile, ...] = ()

    @property
    def name(self) -> str:
        """The part's name on a host."""
        return f"{self.owner}.{self.concern}"

    def to_plain(self) -> dict[str, Any]:
        """Return the manifest as plain data."""
        return {
            **vars(self),
            "vhosts": [vars(entry) for entry in self.vhosts],
            "expects": [vars(entry) for entry in self.expects],
            "certificates": [vars(entry) for entry in self.certificates],
            "host_files": [vars(file) for file in self.host_files],
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Manifest:
        """Read what `to_plain` returned, from JSON or not."""
        return Manifest(
            owner=plain["owner"],
            concern=plain["concern"],
            files=tuple(plain["files"]),
            vhosts=tuple(
                VhostEntry(**_with_tuples(entry, "addresses", "plain", "protocols"))
                for entry in plain["vhosts"]
            ),
            expects=tuple(ExpectEntry(**entry) for entry in plain["expects"]),
            modules=tuple(plain["modules"]),
            proof_port=plain["proof_port"],
            # Releases of older versions have none.
            certificates=tuple(
                CertificateEntry(**_with_tuples(entry, "names", "key_kinds"))
                for entry in plain.get("certificates", ())
            ),
            keys=tuple(plain.get("keys", ())),
            wait=plain.get("wait", 0),
            host_files=tuple(HostFile(**file) for file in plain.get("host_files", ())),
        )


def _with_tuples(plain: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return an entry's keys with tuples for JSON's lists."""
    return {**plain, **{name: tuple(plain[name]) for name in names if name in plain}}


@dataclass(frozen=True)
class Part:
    """A manifest and its files' texts by path within a release.

    `keys` are private keys by digest, on their way to a host; a part that was read from a release has none.
    """

    manifest: Manifest
    texts: Mapping[str, str]
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_plain(self) -> dict[str, Any]:
        """Return the part as plain data."""
        return {
            "manifest": self.manifest.to_plain(),
            "texts": dict(self.texts),
            "keys": dict(self.keys),
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Part:
        """Read what `to_plain` returned, from JSON or not."""
        return Part(Manifest.from_plain(plain["manifest"]), plain["texts"], plain.get("keys", {}))

    @property
    def digest(self) -> str:
        """Identify the part by all that it says."""
        return digest_of((json.dumps(self.manifest.to_plain(), sort_keys=True), *_flat(self.texts)))


def _flat(texts: Mapping[str, str]) -> Iterable[str]:
    """Yield paths and texts in order of path."""
    for path in sorted(texts):
        yield path
        yield texts[path]
