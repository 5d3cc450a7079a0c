"""The frame of a release, gatehouse.conf: what Apache follows, with every file of every part in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..concerns.catalogue import CONCERNS
from ..concerns.contract import SLOTS
from ..concerns.write import block, directive, include, section
from ..reading.server import Listen
from ..syntax.tree import Comment, Directive, Node, Section, Tree
from ..vocabulary.address import Address, parse_address
from ..vocabulary.reserved_names import (
    BLOBS,
    BLOBS_VARIABLE,
    FRAME_PLACE,
    KEYS,
    KEYS_VARIABLE,
    PROOF_HOST_NAME,
    RELEASE_VARIABLE,
    SELF_SIGNED,
    SELF_SIGNED_VARIABLE,
    SHARED_BLOBS_VARIABLE,
    UNKNOWN_HOST,
)
from .manifest import Manifest, VhostEntry
from .old_manifests import OLD_KEYS

PROOF_HOST = "127.0.0.1"
# Below 1024, and nobody's: only root can open it, so nobody else hinders a start or answers in the server's place.
DEFAULT_PROOF_PORT = 897


@dataclass(frozen=True)
class HostPaths:
    """Where a release will lie on its host, and what Gatehouse keeps beside it.

    `files` are those of the host that httpd reads when it starts, with digests: with another text it is another release.
    `definitions` are further variables, which only the host can fill.
    """

    release: str = ""
    store: str = ""
    shared: str = ""
    files: tuple[tuple[str, str], ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Neighbours:
    """What the host's own configuration has already: its listeners, and the addresses that its virtual hosts serve."""

    listens: tuple[Listen, ...] = ()
    served: frozenset[Address] = frozenset()


def compile_release(
    manifests: tuple[Manifest, ...], *, neighbours: Neighbours, paths: HostPaths, digest: str
) -> Tree:
    """Write gatehouse.conf of a release that will lie at `paths` and answer `digest`.

    It knows slots and virtual hosts, and no concern: what one says for all owners comes from its contract.
    """
    entries = tuple(entry for manifest in manifests for entry in manifest.vhosts)
    addresses = served_addresses(entries)
    proof = Address(PROOF_HOST, proof_port(manifests))
    defaults = tuple(entry for entry in entries if entry.default)
    others = tuple(entry for entry in entries if not entry.default)
    facts = tuple(manifest.facts for manifest in manifests)
    in_frame = tuple(concern.in_frame(facts) for concern in CONCERNS)
    unknown = tuple(one.unknown_hosts for one in in_frame)
    first, settings, rules, last = (tuple(_slot(slot, manifests)) for slot in SLOTS)
    return (
        Comment(
            f"# Gatehouse release {digest}; written by the collection gatehouse.apache, so edits are lost."
        ),
        *_definitions(paths, has_old_keys=any(OLD_KEYS in one for one in facts)),
        *block(FRAME_PLACE, *first, title="what comes first"),
        *block(
            FRAME_PLACE,
            *map(Comment, file_lines(paths.files)),
            title="what httpd reads at its start",
        ),
        *block(FRAME_PLACE, *_listens((*addresses, proof), neighbours.listens), title="listeners"),
        *block(FRAME_PLACE, *_proof(proof, digest), title="what proves that this release is live"),
        *block(FRAME_PLACE, *settings, title="settings"),
        *(node for one in in_frame for node in one.settings),
        *block(FRAME_PLACE, *rules, title="rules"),
        *block(FRAME_PLACE, *_includes(defaults), title="default virtual hosts"),
        *block(FRAME_PLACE, *_catch_alls(entries, neighbours, unknown), title="unknown hosts"),
        *block(FRAME_PLACE, *_includes(others), title="virtual hosts"),
        *block(FRAME_PLACE, *last, title="what comes last"),
    )


def _slot(slot: str, manifests: tuple[Manifest, ...]) -> Iterator[Directive]:
    """Yield the Includes of one slot, in the order of the parts."""
    for manifest in manifests:
        for path in manifest.slots.get(slot, ()):
            yield include(path, place=FRAME_PLACE)


def file_lines(files: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Yield the lines by which a release knows files of the host: path and digest."""
    return (f"# {path} {digest}" for path, digest in files)


def served_addresses(entries: tuple[VhostEntry, ...]) -> tuple[Address, ...]:
    """Return every address that virtual hosts serve, each once, in order."""
    texts = dict.fromkeys(
        text for entry in entries for text in (*entry.addresses, *entry.redirect_addresses)
    )
    return tuple(parse_address(text) for text in texts)


def proof_port(manifests: tuple[Manifest, ...]) -> int:
    """Return the port that answers the digest: the last that a part names."""
    ports = [manifest.proof_port for manifest in manifests if manifest.proof_port]
    return ports[-1] if ports else DEFAULT_PROOF_PORT


def _listens(addresses: tuple[Address, ...], present: tuple[Listen, ...]) -> Iterator[Node]:
    """Yield a Listen for each address that nothing listens on yet.

    Where the distribution listens under a condition (ports.conf: 443 if mod_ssl is loaded), ours stands under the
    opposite one: a later a2enmod then doesn't double it, which would be the last restart
    (docs/httpd.md#conditional-listen).
    """
    for address in _without_covered(addresses):
        covering = [listen for listen in present if listen.address.covers(address)]
        if any(not listen.conditions for listen in covering):
            continue
        node: Node = directive("Listen", _listen_text(address), place=FRAME_PLACE)
        for listen in covering:
            node = _under_opposite(node, listen)
        yield node


def _listen_text(address: Address) -> str:
    """Write an address as Listen takes it; every address is a port alone."""
    return str(address.port) if address.host == "*" else str(address)


def _without_covered(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    """Leave out an address that another of ours takes already: both can't be bound at once."""
    return tuple(
        address
        for address in addresses
        if not any(other != address and other.covers(address) for other in addresses)
    )


def _under_opposite(node: Node, listen: Listen) -> Node:
    """Put a node under what excludes another listener's innermost condition."""
    name, *values = listen.conditions[-1]
    test = values[0].removeprefix("!") if values[0].startswith("!") else f"!{values[0]}"
    names = {"ifmodule": "IfModule", "ifdefine": "IfDefine", "iffile": "IfFile"}
    return (
        section(names[name], test, children=(node,), place=FRAME_PLACE) if name in names else node
    )


def _includes(entries: tuple[VhostEntry, ...]) -> Iterator[Node]:
    for entry in entries:
        yield include(entry.file, place=FRAME_PLACE)


def _definitions(paths: HostPaths, *, has_old_keys: bool) -> Iterator[Directive]:
    """Yield what files of the release name by variables, since each host has its own."""
    for name, value in {
        RELEASE_VARIABLE: paths.release,
        BLOBS_VARIABLE: f"{paths.store}/{BLOBS}",
        SHARED_BLOBS_VARIABLE: paths.shared,
        SELF_SIGNED_VARIABLE: f"{paths.store}/{SELF_SIGNED}",
        **({KEYS_VARIABLE: f"{paths.store}/{KEYS}"} if has_old_keys else {}),
        **paths.definitions,
    }.items():
        yield Directive("Define", (name, value), FRAME_PLACE)


def _catch_alls(
    entries: tuple[VhostEntry, ...],
    neighbours: Neighbours,
    unknown: tuple[Mapping[str, Tree], ...],
) -> Iterator[Section]:
    """Yield, for each address without a default of its own, a virtual host that serves unknown hosts nothing.

    It comes first, and says what concerns have it say at its address.
    """
    has_default = set(served_addresses(tuple(entry for entry in entries if entry.default)))
    for address in served_addresses(entries):
        if address not in has_default and address not in neighbours.served:
            children = (
                directive("ServerName", UNKNOWN_HOST, place=FRAME_PLACE),
                *(node for one in unknown for node in one.get(str(address), ())),
                directive("ProxyRequests", "Off", place=FRAME_PLACE),
                *_answer_404("Unknown host"),
            )
            yield section("VirtualHost", str(address), children=children, place=FRAME_PLACE)


def _proof(address: Address, digest: str) -> Iterator[Section]:
    """Yield the virtual host, on loopback only, that answers the release's digest."""
    children = (
        directive("ServerName", PROOF_HOST_NAME, place=FRAME_PLACE),
        directive("CustomLog", "/dev/null", "common", place=FRAME_PLACE),
        *_answer_404(f"gatehouse {digest}"),
    )
    yield section("VirtualHost", str(address), children=children, place=FRAME_PLACE)


def _answer_404(text: str) -> Iterator[Directive]:
    """Answer everything with one text, before even a ProxyPass of the main server would.

    See docs/httpd.md#rewrite-first.
    """
    yield directive("RewriteEngine", "On", place=FRAME_PLACE)
    yield directive("RewriteRule", "^", "-", "[R=404,L]", place=FRAME_PLACE)
    yield directive("ErrorDocument", "404", text, place=FRAME_PLACE)
