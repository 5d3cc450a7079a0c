"""An inventory as what is sent to hosts: a part for each concern, and the release that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

from ..concerns.catalogue import CONCERNS
from ..concerns.contract import Blob, Concern, Written
from ..concerns.inventory import Inventory
from ..concerns.mpm_event.bearing import TYPICAL
from ..concerns.mpm_event.compile import definitions_of
from ..concerns.mpm_event.facts import read_settings
from ..concerns.mpm_event.sizing import sized
from ..syntax.print import print_tree
from ..syntax.quoting import Refused
from ..syntax.tree import Directive, Node, Section, Tree
from ..tls.files_read_at_start import named_files
from ..tls.profiles import curves_known_to
from ..vocabulary.layout import DEBIAN
from ..vocabulary.needed_modules import needed_modules, with_companions
from ..vocabulary.reserved_names import CA_FILE_VARIABLE, CURVES_VARIABLE
from .frame import HostPaths, Neighbours, compile_release
from .manifest import BlobEntry, Manifest
from .part import Part
from .vhost_files import VhostFile, blobs_of, expects_of, facts_of, texts_of, vhost_files

# Any will do: on the controller nothing is included from disk. A real httpd that is asked about it reads the authorities,
# and knows these curves whatever its OpenSSL is.
_PATHS = HostPaths(
    release="/store/releases/release",
    store="/store",
    shared="/store-shared",
    definitions={
        CA_FILE_VARIABLE: DEBIAN.ca_file,
        CURVES_VARIABLE: ":".join(curves_known_to(())),
    },
)


@dataclass(frozen=True)
class CompiledPart:
    """A concern's part: its manifest, its trees by path within a release, and other files' contents."""

    manifest: Manifest
    trees: Mapping[str, Tree]
    texts: Mapping[str, str] = field(default_factory=dict)
    blobs: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_part(self) -> Part:
        """Print the trees."""
        printed = {path: print_tree(tree) for path, tree in self.trees.items()}
        return Part(self.manifest, {**printed, **self.texts}, self.blobs)


@dataclass(frozen=True)
class CompiledInventory:
    """The parts of an inventory that a run stages, with the variables as places."""

    compiled: tuple[CompiledPart, ...]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What a host is sent."""
        return tuple(one.to_part() for one in self.compiled)

    @cached_property
    def whole_tree(self) -> Tree:
        """The release that these parts make, as one tree."""
        trees = {path: tree for one in self.compiled for path, tree in one.trees.items()}
        manifests = tuple(one.manifest for one in self.compiled)
        definitions = {**_PATHS.definitions, **_presumed_sizes(manifests)}
        paths = replace(_PATHS, definitions=definitions)
        frame = compile_release(manifests, neighbours=Neighbours(), paths=paths, digest="")
        return _inlined(frame, trees)

    def of(self, concerns: Sequence[str]) -> CompiledInventory:
        """Return the same of some concerns only."""
        some = tuple(one for one in self.compiled if one.manifest.concern in concerns)
        return self if len(some) == len(self.compiled) else CompiledInventory(some)


def _presumed_sizes(manifests: Sequence[Manifest]) -> Mapping[str, str]:
    """Return the figures of a host of which nothing is known, where a release has any; what no host bears has none."""
    settings = read_settings(manifest.facts for manifest in manifests)
    try:
        return definitions_of(sized(settings, TYPICAL).sizes) if settings else {}
    except Refused:
        return {}


def compile_inventory(inventory: Inventory) -> CompiledInventory:
    """Compile an inventory. Raises Refused where a value can't be written, which the reader has refused before."""
    return CompiledInventory(tuple(_compiled(concern, inventory) for concern in CONCERNS))


def _compiled(concern: Concern, inventory: Inventory) -> CompiledPart:
    """Compile one concern, and describe it."""
    owner, written = inventory.owner, concern.write(inventory)
    slots = {
        slot: f"{owner}/{_slot_file(concern.name, slot)}"
        for slot, tree in written.settings.items()
        if tree
    }
    hosts = tuple(vhost_files(written.vhosts, inventory))
    trees = {
        **{path: written.settings[slot] for slot, path in slots.items()},
        **{f"{owner}/{path}": tree for path, tree in written.files.items()},
        **{file.path: file.tree for file in hosts},
    }
    texts = {**written.texts, **texts_of(hosts)}
    blobs = _each_once((*written.blobs, *blobs_of(hosts)))
    whole = tuple(chain.from_iterable(trees.values()))
    manifest = Manifest(
        owner=owner,
        concern=concern.name,
        files=(*trees, *texts),
        slots={slot: (path,) for slot, path in slots.items()},
        vhosts=tuple(file.entry for file in hosts),
        expects=tuple(entry for file in hosts for entry in expects_of(file.vhost)),
        modules=_modules(whole, written, hosts),
        bare_modules=written.bare_modules,
        proof_port=written.proof_port,
        host_files=named_files(whole),
        blobs=tuple(BlobEntry(blob.digest, blob.reader) for blob in blobs),
        host_texts=written.host_texts,
        directories=written.directories,
        packages=written.packages,
        facts=_facts(concern.name, written, hosts),
    )
    return CompiledPart(manifest, trees, texts, {blob.digest: blob.text for blob in blobs})


def _slot_file(concern: str, slot: str) -> str:
    """Return the file that a slot of the frame includes."""
    return f"{concern}.conf" if slot == "settings" else f"{concern}.{slot}.conf"


def _modules(tree: Tree, written: Written, hosts: Sequence[VhostFile]) -> tuple[str, ...]:
    """Return the modules that a part needs, but those that it wants bare."""
    of_hosts = (name for file in hosts for said in file.said.values() for name in said.modules)
    found = with_companions((*needed_modules(tree), *written.modules, *of_hosts))
    return tuple(name for name in found if name not in written.bare_modules)


def _facts(name: str, written: Written, hosts: Sequence[VhostFile]) -> dict[str, Any]:
    """Return a part's facts by concern: its own, and those of its virtual hosts."""
    own = {name: dict(written.facts)} if written.facts else {}
    return {**own, **facts_of(hosts)}


def _each_once(blobs: Sequence[Blob]) -> tuple[Blob, ...]:
    """Leave out what is named again."""
    return tuple({(blob.digest, blob.reader): blob for blob in blobs}.values())


def _inlined(tree: Tree, trees: Mapping[str, Tree]) -> Tree:
    """Put the trees of a release in the place of their Includes."""
    nodes: list[Node] = []
    for node in tree:
        if isinstance(node, Section):
            nodes.append(Section(node.name, node.args, _inlined(node.children, trees), node.place))
        elif isinstance(node, Directive) and node.name == "Include":
            path = node.args[0].partition("/")[2]
            nodes.extend(_inlined(trees.get(path, ()), trees))
        else:
            nodes.append(node)
    return tuple(nodes)
