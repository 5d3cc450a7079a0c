"""What the texts of a release silence: the comments that `apache_check_off` and `check_off` became."""

from __future__ import annotations

from collections.abc import Mapping

from ..._httpd.checking.silencing import Reasons, Silencing, reasons_of
from ..._httpd.syntax.parse import parse_tree
from ..._httpd.syntax.silencing_comments import silenced_rules
from ..._httpd.syntax.tree import Comment, Section, Tree
from ..store.store import Release

# Few texts have one, and reading a thousand takes a while.
_MARK = "gatehouse: off"


def silencing_by_release(release: Release) -> Silencing:
    """Return it, for problems whose places are variables."""
    everywhere: dict[str, str] = {}
    by_variable: dict[str, Reasons] = {}
    for path, text in release.texts.items():
        if path.endswith(".conf") and _MARK in text:
            tree, _problems = parse_tree(text, path)
            everywhere.update(reasons_of(silenced_rules(tree)))
            by_variable.update(_by_variable(tree))
    return Silencing(everywhere, by_variable)


def _by_variable(tree: Tree) -> Mapping[str, Reasons]:
    """Return what each virtual host silences; the comment above it is the place of its variable."""
    found: dict[str, Reasons] = {}
    place = ""
    for node in tree:
        if isinstance(node, Comment):
            place = node.text.removeprefix("# ")
        elif isinstance(node, Section) and node.name.lower() == "virtualhost":
            found.setdefault(place, reasons_of(silenced_rules(node.children)))
    return found
