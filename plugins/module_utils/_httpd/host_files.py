"""Files of a host that httpd reads when it starts and not again: certificates, authorities, lists of what was taken back."""

from __future__ import annotations

from .tree import Directive, Tree, walk
from .values import read_words

_NAMED_BY = frozenset(
    {
        "sslcacertificatefile",
        "sslcadnrequestfile",
        "sslcarevocationfile",
        "sslcertificatechainfile",
        "sslcertificatefile",
        "sslcertificatekeyfile",
        "sslproxycacertificatefile",
        "sslproxycarevocationfile",
        "sslproxymachinecertificatechainfile",
        "sslproxymachinecertificatefile",
    }
)


def named_host_files(tree: Tree) -> tuple[str, ...]:
    """Return the absolute paths that directives name, each once; what a release names by a variable is its own."""
    words = (
        word
        for node in walk(tree)
        if isinstance(node, Directive) and node.name.lower() in _NAMED_BY
        for word in read_words(node.name, node.args)
    )
    return tuple(dict.fromkeys(word for word in words if word.startswith("/") and "$" not in word))
