"""The frame of a release, gatehouse.conf: what Apache follows, with every file of every part in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..concerns.http2.compile import HTTP1, PREFERENCE
from ..concerns.ssl.certificate_words import (
    CERTIFICATE_DIRECTIVES,
    KEYS,
    KEYS_VARIABLE,
    SELF_SIGNED,
    SELF_SIGNED_VARIABLE,
    self_signed_words,
)
from ..concerns.write import (
    CA_FILE_VARIABLE,
    CURVES_VARIABLE,
    RELEASE_VARIABLE,
    block,
    directive,
    include,
    section,
)
from ..reading.server import Listen
from ..syntax.tree import Comment, Directive, Node, Place, Section, Tree
from ..vocabulary.address import Address, parse_address
from ..vocabulary.reserved_names import PROOF_HOST_NAME, UNKNOWN_HOST
from .part import Manifest, VhostEntry

FRAME = Place("gatehouse.conf", is_leaf=True)
SETTINGS = ("server", "ssl", "http2")
PROOF_HOST = "127.0.0.1"
STAPLING_CACHE = "shmcb:${APACHE_RUN_DIR}/gatehouse_stapling(131072)"


@dataclass(frozen=True)
class HostPaths:
    """Where a release will lie on its host, what Gatehouse keeps beside it, and what the system has for TLS: a file of
    authorities, and the profiles' curves that its OpenSSL knows.

    `files` are those of the host that httpd reads when it starts, with digests: with another text it is another release.
    """

    release: str = ""
    store: str = ""
    ca_file: str = ""
    curves: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Neighbours:
    """What the host's own configuration has already: its listeners, and the addresses that its virtual hosts serve."""

    listens: tuple[Listen, ...] = ()
    served: frozenset[Address] = frozenset()


def compile_release(
    manifests: tuple[Manifest, ...], *, neighbours: Neighbours, places: HostPaths, digest: str
) -> Tree:
    """Write gatehouse.conf of a release that will lie at `places` and answer `digest`."""
    entries = tuple(entry for manifest in manifests for entry in manifest.vhosts)
    addresses = served_addresses(entries)
    proof = Address(PROOF_HOST, proof_port(manifests))
    defaults = tuple(entry for entry in entries if entry.default)
    others = tuple(entry for entry in entries if not entry.default)
    servers = [
        path for manifest in manifests if manifest.concern in SETTINGS for path in manifest.files
    ]
    return (
        Comment(
            f"# Gatehouse release {digest}; written by the collection gatehouse.apache, so edits are lost."
        ),
        *_definitions(places),
        *block(
            FRAME, *map(Comment, file_lines(places.files)), title="what httpd reads at its start"
        ),
        *block(FRAME, *_listens((*addresses, proof), neighbours.listens), title="listeners"),
        *block(FRAME, *_proof(proof, digest), title="what proves that this release is live"),
        *block(FRAME, *(include(path, place=FRAME) for path in servers), title="settings"),
        *block(FRAME, *_managed(manifests), title="managed certificates"),
        *block(FRAME, *_stapling(manifests), title="what is stapled"),
        *block(FRAME, *_includes(defaults), title="default virtual hosts"),
        *block(FRAME, *_catch_alls(entries, neighbours), title="unknown hosts"),
        *block(FRAME, *_includes(others), title="virtual hosts"),
    )


def file_lines(files: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Yield the lines by which a release knows files of the host: path and digest."""
    return (f"# {path} {digest}" for path, digest in files)


def served_addresses(entries: tuple[VhostEntry, ...]) -> tuple[Address, ...]:
    """Return every address that virtual hosts serve, each once, in order."""
    texts = dict.fromkeys(text for entry in entries for text in (*entry.addresses, *entry.plain))
    return tuple(parse_address(text) for text in texts)


def proof_port(manifests: tuple[Manifest, ...]) -> int:
    """Return the port that answers the digest: the last that a part names."""
    ports = [manifest.proof_port for manifest in manifests if manifest.proof_port]
    return ports[-1] if ports else DEFAULT_PROOF_PORT


DEFAULT_PROOF_PORT = 8979


def _listens(addresses: tuple[Address, ...], present: tuple[Listen, ...]) -> Iterator[Node]:
    """Yield a Listen for each address that nothing listens on yet.

    Where the distribution listens under a condition (ports.conf: 443 if mod_ssl is loaded), ours stands under the
    opposite one: a later a2enmod then doesn't double it, which would be the last restart (FACTS 1.1).
    """
    for address in _without_covered(addresses):
        covering = [listen for listen in present if listen.address.covers(address)]
        if any(not listen.conditions for listen in covering):
            continue
        node: Node = directive("Listen", _listen_text(address), place=FRAME)
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
    return section(names[name], test, children=(node,), place=FRAME) if name in names else node


def _includes(entries: tuple[VhostEntry, ...]) -> Iterator[Node]:
    for entry in entries:
        yield include(entry.file, place=FRAME)


def _definitions(places: HostPaths) -> Iterator[Directive]:
    """Yield what files of the release name by variables, since each host has its own."""
    for name, value in (
        (RELEASE_VARIABLE, places.release),
        (KEYS_VARIABLE, f"{places.store}/{KEYS}"),
        (SELF_SIGNED_VARIABLE, f"{places.store}/{SELF_SIGNED}"),
        (CA_FILE_VARIABLE, places.ca_file),
        (CURVES_VARIABLE, ":".join(places.curves)),
    ):
        yield Directive("Define", (name, value), FRAME)


def _managed(manifests: tuple[Manifest, ...]) -> Iterator[Directive]:
    """Yield each set of names whose certificate mod_md gets, once."""
    names = (
        entry.names
        for manifest in manifests
        for entry in manifest.certificates
        if entry.kind == "managed"
    )
    for one in dict.fromkeys(names):
        yield directive("MDomain", *one, "manual", place=FRAME)


def _stapling(manifests: tuple[Manifest, ...]) -> Iterator[Directive]:
    """Yield where answers of authorities are kept, which virtual hosts that staple share."""
    if any(entry.use_stapling for manifest in manifests for entry in manifest.certificates):
        yield Directive("SSLStaplingCache", (STAPLING_CACHE,), FRAME)


def _catch_alls(entries: tuple[VhostEntry, ...], neighbours: Neighbours) -> Iterator[Section]:
    """Yield, for each address without a default of its own, a virtual host that serves unknown hosts nothing.

    It comes first, and speaks TLS where the others do: whoever names no host gets no certificate of theirs.
    """
    defaults = tuple(entry for entry in entries if entry.default)
    has_default = set(served_addresses(defaults))
    over_tls = {parse_address(text) for entry in entries if entry.tls for text in entry.addresses}
    over_tls -= {
        parse_address(text) for entry in entries if not entry.tls for text in entry.addresses
    }
    for address in served_addresses(entries):
        if address not in has_default and address not in neighbours.served:
            children = (
                directive("ServerName", UNKNOWN_HOST, place=FRAME),
                *(_unknown_tls(str(address), entries) if address in over_tls else ()),
                *_protocols(str(address), entries),
                directive("ProxyRequests", "Off", place=FRAME),
                *_answer_404("Unknown host"),
            )
            yield section("VirtualHost", str(address), children=children, place=FRAME)


def _protocols(address: str, entries: tuple[VhostEntry, ...]) -> Iterator[Directive]:
    """Yield what the others speak at an address: who begins with HTTP/2 at once is heard by the first virtual host."""
    words = {word for entry in entries if address in entry.addresses for word in entry.protocols}
    words |= {HTTP1 for entry in entries if address in entry.plain and entry.protocols}
    if words:
        yield directive("Protocols", *sorted(words, key=PREFERENCE.index), place=FRAME)


def _unknown_tls(address: str, entries: tuple[VhostEntry, ...]) -> Iterator[Directive]:
    """Yield what makes the virtual host of unknown names speak TLS.

    A connection keeps the curves of the address's first virtual host, whatever name is asked for: SSL_set_SSL_CTX()
    changes certificate and ciphers, not the groups.
    """
    yield directive("SSLEngine", "On", place=FRAME)
    for name, word in zip(CERTIFICATE_DIRECTIVES, self_signed_words((UNKNOWN_HOST,))):
        yield Directive(name, (word,), FRAME)
    curves = [entry.curves for entry in entries if address in entry.addresses and entry.curves]
    for first in curves[:1]:
        yield Directive("SSLOpenSSLConfCmd", ("Curves", first), FRAME)


def _proof(address: Address, digest: str) -> Iterator[Section]:
    """Yield the virtual host, on loopback only, that answers the release's digest."""
    children = (
        directive("ServerName", PROOF_HOST_NAME, place=FRAME),
        directive("CustomLog", "/dev/null", "common", place=FRAME),
        *_answer_404(f"gatehouse {digest}"),
    )
    yield section("VirtualHost", str(address), children=children, place=FRAME)


def _answer_404(text: str) -> Iterator[Directive]:
    """Answer everything with one text; mod_rewrite comes before even a ProxyPass of the main server (FACTS A9, A10)."""
    yield directive("RewriteEngine", "On", place=FRAME)
    yield directive("RewriteRule", "^", "-", "[R=404,L]", place=FRAME)
    yield directive("ErrorDocument", "404", text, place=FRAME)
