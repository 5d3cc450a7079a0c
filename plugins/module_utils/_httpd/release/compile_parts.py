"""An inventory as what is sent to hosts: each concern's trees, manifest and part, and the release that they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ..concerns.balancers.compile import compile_balancer
from ..concerns.http2.compile import compile_http2, spoken
from ..concerns.inventory import Inventory
from ..concerns.server.compile import compile_server, expects_of
from ..concerns.ssl.certificate_words import certificate_entries, given_contents, given_keys
from ..concerns.ssl.compile import compile_ssl
from ..concerns.ssl.in_vhost import curves_word, plain_addresses, speaks_tls
from ..concerns.vhosts.compile import balancer_file, compile_vhost, file_name
from ..syntax.print import print_tree
from ..syntax.tree import Directive, Section, Tree
from ..tls.files_read_at_start import named_files
from ..tls.profiles import curves_known_to
from ..vocabulary.layout import DEBIAN
from ..vocabulary.needed_modules import needed_modules, with_companions
from .frame import HostPaths, Neighbours, compile_release
from .part import ExpectEntry, Manifest, Part, VhostEntry

# Any will do: on the controller nothing is included from disk. A real httpd that is asked about it reads the authorities,
# and knows these curves whatever its OpenSSL is.
_PLACES = HostPaths("/store/releases/release", "/store", DEBIAN.ca_file, curves_known_to(()))


@dataclass(frozen=True)
class Concern:
    """One concern of an inventory: its manifest, its trees by path within a release, and other files' contents.

    `keys` are private keys by digest; they never lie within a release.
    """

    manifest: Manifest
    trees: Mapping[str, Tree]
    contents: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_part(self) -> Part:
        """Print the trees."""
        printed = {path: print_tree(tree) for path, tree in self.trees.items()}
        return Part(self.manifest, {**printed, **self.contents}, self.keys)


@dataclass(frozen=True)
class Compiled:
    """The concerns of an inventory that a run stages, with the variables as places."""

    concerns: tuple[Concern, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """What a host is sent."""
        return tuple(concern.to_part() for concern in self.concerns)

    @property
    def whole_tree(self) -> Tree:
        """The release that these concerns make, as one tree."""
        trees = {path: tree for concern in self.concerns for path, tree in concern.trees.items()}
        manifests = tuple(concern.manifest for concern in self.concerns)
        frame = compile_release(manifests, neighbours=Neighbours(), places=_PLACES, digest="")
        return tuple(_inlined(frame, trees))


def compile_inventory(inventory: Inventory, concerns: Sequence[str]) -> Compiled:
    """Compile an inventory. Raises Refused where a value can't be written, which the reader has refused before."""
    return Compiled(tuple(_compile_concern(inventory, concern) for concern in concerns))


def _compile_concern(inventory: Inventory, concern: str) -> Concern:
    """Compile one concern, and describe it."""
    if concern == "vhosts":
        trees = {
            path: compile_vhost(vhost, inventory)
            for path, vhost in zip(_vhost_files(inventory), inventory.vhosts)
        }
        return _vhosts_concern(inventory, trees)
    if concern == "modules":
        asked = with_companions(inventory.modules)
        return Concern(Manifest(inventory.owner, concern, modules=asked), {})
    trees = dict(_TREES[concern](inventory))
    modules = needed_modules(tuple(chain.from_iterable(trees.values())))
    return Concern(Manifest(inventory.owner, concern, tuple(trees), modules=modules), trees)


def _server_trees(inventory: Inventory) -> Iterator[tuple[str, Tree]]:
    tree = compile_server(inventory)
    if tree:
        yield f"{inventory.owner}/server.conf", tree


def _ssl_trees(inventory: Inventory) -> Iterator[tuple[str, Tree]]:
    tree = compile_ssl(inventory)
    if tree:
        yield f"{inventory.owner}/ssl.conf", tree


def _http2_trees(inventory: Inventory) -> Iterator[tuple[str, Tree]]:
    tree = compile_http2(inventory)
    if tree:
        yield f"{inventory.owner}/http2.conf", tree


def _balancer_trees(inventory: Inventory) -> Iterator[tuple[str, Tree]]:
    for balancer in inventory.balancers:
        yield balancer_file(inventory.owner, balancer.name), compile_balancer(balancer)


_TREES = {
    "server": _server_trees,
    "ssl": _ssl_trees,
    "http2": _http2_trees,
    "balancers": _balancer_trees,
}


def _vhost_files(inventory: Inventory) -> Iterator[str]:
    """Yield each virtual host's file, in order; a name that comes again is numbered."""
    counts: dict[str, int] = {}
    for vhost in inventory.vhosts:
        name = file_name(vhost.server_name)
        counts[name] = counts.get(name, 0) + 1
        suffix = f"~{counts[name]}" if counts[name] > 1 else ""
        yield f"{inventory.owner}/vhosts/{name}{suffix}.conf"


def _vhosts_concern(inventory: Inventory, trees: Mapping[str, Tree]) -> Concern:
    """Describe the virtual hosts, and add what their TLS needs."""
    entries = tuple(
        VhostEntry(
            vhost.server_name,
            path,
            tuple(map(str, vhost.addresses)),
            vhost.default,
            tls=speaks_tls(vhost),
            plain=tuple(map(str, plain_addresses(vhost))),
            protocols=spoken(vhost, inventory),
            curves=curves_word(vhost.ssl) if vhost.ssl else "",
        )
        for path, vhost in zip(trees, inventory.vhosts)
    )
    certificates = tuple(certificate_entries(inventory))
    is_managed = any(entry.kind == "managed" for entry in certificates)
    whole = tuple(chain.from_iterable(trees.values()))
    modules = needed_modules(whole)
    contents, keys = given_contents(inventory), given_keys(inventory)
    expects = (entry for vhost in inventory.vhosts for entry in expects_of(vhost))
    manifest = Manifest(
        owner=inventory.owner,
        concern="vhosts",
        files=(*trees, *contents),
        vhosts=entries,
        expects=tuple(ExpectEntry(**entry) for entry in expects),
        modules=with_companions((*modules, *(("md",) if is_managed else ()))),
        proof_port=inventory.proof_port,
        certificates=certificates,
        keys=tuple(keys),
        wait=inventory.acme.wait if is_managed else 0,
        host_files=named_files(whole),
    )
    return Concern(manifest, trees, contents, keys)


def _inlined(tree: Tree, trees: Mapping[str, Tree]) -> Iterator[Any]:
    """Put the trees of a release in the place of their Includes."""
    for node in tree:
        if isinstance(node, Directive) and node.name == "Include":
            path = node.args[0].partition("/")[2]
            yield from _inlined(trees.get(path, ()), trees)
        elif isinstance(node, Section):
            yield Section(node.name, node.args, tuple(_inlined(node.children, trees)), node.place)
        else:
            yield node
