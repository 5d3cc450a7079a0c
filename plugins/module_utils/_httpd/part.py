"""What one owner says of one concern: its files, and the manifest by which a host knows what they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .compile.balancers import compile_balancer
from .compile.server import compile_server, expects_of
from .compile.vhosts import balancer_file, compile_vhost, file_name
from .inventory import Inventory
from .print import print_tree
from .tree import Tree

# In the order in which a release includes them.
CONCERNS = ("modules", "server", "balancers", "vhosts")


@dataclass(frozen=True)
class VhostEntry:
    """A virtual host of a part: where its file lies and what it serves."""

    server_name: str
    file: str
    addresses: tuple[str, ...]
    default: bool


@dataclass(frozen=True)
class ExpectEntry:
    """A request to ask after a commit: `GET /health` of a host at an address."""

    origin: str
    host: str
    address: str
    request: str
    status: int | None
    redirect: str


@dataclass(frozen=True)
class Manifest:
    """What a host must know of a part beside its files."""

    owner: str
    concern: str
    files: tuple[str, ...] = ()
    vhosts: tuple[VhostEntry, ...] = ()
    expects: tuple[ExpectEntry, ...] = ()
    modules: tuple[str, ...] = ()
    proof_port: int = 0

    @property
    def name(self) -> str:
        """The part's name on a host."""
        return f"{self.owner}.{self.concern}"

    def to_plain(self) -> dict[str, Any]:
        """Return the manifest as plain data."""
        return asdict(self)

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Manifest:
        """Read what `to_plain` returned, from JSON or not."""
        return Manifest(
            owner=plain["owner"],
            concern=plain["concern"],
            files=tuple(plain["files"]),
            vhosts=tuple(
                VhostEntry(**{**entry, "addresses": tuple(entry["addresses"])})
                for entry in plain["vhosts"]
            ),
            expects=tuple(ExpectEntry(**entry) for entry in plain["expects"]),
            modules=tuple(plain["modules"]),
            proof_port=plain["proof_port"],
        )


@dataclass(frozen=True)
class Part:
    """A manifest and its files' texts by path within a release."""

    manifest: Manifest
    texts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Identify the part by all that it says."""
        return digest_of((json.dumps(self.manifest.to_plain(), sort_keys=True), *_flat(self.texts)))


def compile_part(inventory: Inventory, concern: str) -> Part:
    """Compile one concern of an inventory without errors. Raises Refused where a value can't be written."""
    trees = compile_trees(inventory, concern)
    texts = {path: print_tree(tree) for path, tree in trees.items()}
    return Part(_manifest(inventory, concern, tuple(trees)), texts)


def compile_trees(inventory: Inventory, concern: str) -> dict[str, Tree]:
    """Compile one concern into trees by path within a release, with the variables as origins."""
    if concern == "server":
        tree = compile_server(inventory)
        return {f"{inventory.owner}/server.conf": tree} if tree else {}
    if concern == "balancers":
        return {
            balancer_file(inventory.owner, balancer.name): compile_balancer(balancer)
            for balancer in inventory.balancers
        }
    if concern == "vhosts":
        paths = vhost_files(inventory)
        return {
            path: compile_vhost(vhost, inventory) for path, vhost in zip(paths, inventory.vhosts)
        }
    return {}


def vhost_files(inventory: Inventory) -> tuple[str, ...]:
    """Return each virtual host's file, in order; a name that comes again is numbered."""
    counts: dict[str, int] = {}
    paths = []
    for vhost in inventory.vhosts:
        name = file_name(vhost.server_name)
        counts[name] = counts.get(name, 0) + 1
        suffix = f"~{counts[name]}" if counts[name] > 1 else ""
        paths.append(f"{inventory.owner}/vhosts/{name}{suffix}.conf")
    return tuple(paths)


def digest_of(texts: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that identify texts in order."""
    whole = hashlib.sha256()
    for text in texts:
        content = text.encode()
        whole.update(f"{len(content)}:".encode())
        whole.update(content)
    return whole.hexdigest()[:16]


def _flat(texts: Mapping[str, str]) -> Iterable[str]:
    """Yield paths and texts in order of path."""
    for path in sorted(texts):
        yield path
        yield texts[path]


def _manifest(inventory: Inventory, concern: str, files: tuple[str, ...]) -> Manifest:
    """Describe one concern."""
    if concern != "vhosts":
        modules = inventory.modules if concern == "modules" else ()
        return Manifest(inventory.owner, concern, files, modules=modules)
    entries = tuple(
        VhostEntry(vhost.server_name, path, tuple(map(str, vhost.listen)), vhost.default)
        for path, vhost in zip(files, inventory.vhosts)
    )
    expects = tuple(
        ExpectEntry(**entry) for vhost in inventory.vhosts for entry in expects_of(vhost)
    )
    return Manifest(
        inventory.owner, concern, files, entries, expects=expects, proof_port=inventory.proof_port
    )
