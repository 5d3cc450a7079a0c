"""What the texts of a release silence of what a host finds: the comments that `apache_check_off` and `check_off` became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..._httpd.syntax.parse import parse_tree
from ..._httpd.syntax.problem import ProblemKind
from ..._httpd.syntax.silencing_comments import silenced_rules
from ..._httpd.syntax.silencing_reasons import Reasons, Silencing, reasons_of
from ..._httpd.syntax.tree import Comment, Section, Tree
from ..store.release import Release

# Few texts have one, and reading a thousand takes a while.
_MARK = "gatehouse: off"


def silencing_by_release(release: Release, kinds: Iterable[ProblemKind]) -> Silencing:
    """Return it, for problems of these kinds whose places are variables: who asks needs no rule of the checker."""
    known = {kind.id: kind for kind in kinds}
    everywhere: dict[str, str] = {}
    by_variable: dict[str, Reasons] = {}
    for path, text in release.texts.items():
        if path.endswith(".conf") and _MARK in text:
            tree, _problems = parse_tree(text, path)
            everywhere.update(reasons_of(silenced_rules(tree), known))
            by_variable.update(_by_variable(tree, known))
    return Silencing(everywhere, by_variable)


def _by_variable(tree: Tree, known: Mapping[str, ProblemKind]) -> Mapping[str, Reasons]:
    """Return what each virtual host silences; the comment above it is the place of its variable."""
    found: dict[str, Reasons] = {}
    place = ""
    for node in tree:
        if isinstance(node, Comment):
            place = node.text.removeprefix("# ")
        elif isinstance(node, Section) and node.name.lower() == "virtualhost":
            found.setdefault(place, reasons_of(silenced_rules(node.children), known))
    return found
