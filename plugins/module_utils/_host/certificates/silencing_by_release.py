"""What the texts of a release silence of its certificates: the comments that `apache_check_off` and `check_off` became."""

from __future__ import annotations

from collections.abc import Mapping

from ..._httpd.syntax.parse import parse_tree
from ..._httpd.syntax.silencing_comments import silenced_rules
from ..._httpd.syntax.silencing_reasons import Reasons, Silencing, reasons_of
from ..._httpd.syntax.tree import Comment, Section, Tree
from ..._httpd.tls.problem_kinds import CERTIFICATE_KINDS
from ..store.release import Release

# Few texts have one, and reading a thousand takes a while.
_MARK = "gatehouse: off"
# All that a release's certificates can have; who asks a host for it needs no rule of the checker.
_KINDS = {kind.id: kind for kind in CERTIFICATE_KINDS}


def silencing_by_release(release: Release) -> Silencing:
    """Return it, for problems whose places are variables."""
    everywhere: dict[str, str] = {}
    by_variable: dict[str, Reasons] = {}
    for path, text in release.texts.items():
        if path.endswith(".conf") and _MARK in text:
            tree, _problems = parse_tree(text, path)
            everywhere.update(reasons_of(silenced_rules(tree), _KINDS))
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
            found.setdefault(place, reasons_of(silenced_rules(node.children), _KINDS))
    return found
