"""Files of a host that httpd reads when it starts and not again: certificates, authorities, lists of what was taken back.

A key's own file isn't among them: it is that of its certificate, or nothing starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..reading.server import Server
from ..syntax.quoting import read_words
from ..syntax.tree import Directive, Place, Tree, walk
from .entries import HostFile

AUTHORITIES = frozenset({"sslcacertificatefile", "sslcadnrequestfile", "sslproxycacertificatefile"})
REVOCATION_LISTS = frozenset({"sslcarevocationfile", "sslproxycarevocationfile"})
MACHINE_CERTIFICATES = frozenset({"sslproxymachinecertificatefile"})
_OTHERS = frozenset(
    {
        "sslcertificatechainfile",
        "sslcertificatefile",
        "sslproxymachinecertificatechainfile",
    }
)
_NAMING = AUTHORITIES | REVOCATION_LISTS | MACHINE_CERTIFICATES | _OTHERS


def named_files(tree: Tree) -> tuple[HostFile, ...]:
    """Return the absolute paths that directives of a tree name; what a release names by a variable is its own."""
    return _each_once(
        file
        for node in walk(tree)
        if isinstance(node, Directive) and node.name.lower() in _NAMING
        for file in _named(node.name.lower(), read_words(node.name, node.args), node.place)
    )


def served_files(server: Server) -> tuple[HostFile, ...]:
    """Return those that a server names already."""
    return _each_once(
        file
        for name in sorted(_NAMING)
        for _number, placed in server.named(name)
        for file in _named(name, placed.values, placed.directive.place)
    )


def _named(name: str, words: tuple[str, ...], place: Place) -> Iterator[HostFile]:
    for word in words[:1]:
        if word.startswith("/") and "$" not in word:
            yield HostFile(str(place), name, word)


def _each_once(files: Iterable[HostFile]) -> tuple[HostFile, ...]:
    """Keep the first place of what is named several times."""
    first: dict[tuple[str, str], HostFile] = {}
    for file in files:
        first.setdefault((file.directive, file.path), file)
    return tuple(first.values())
