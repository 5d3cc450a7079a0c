"""The comment that silences a problem: `# gatehouse: off ID REASON`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .tree import NOWHERE, Comment, Place, Section, Tree

_COMMENT = re.compile(r"#+\s*gatehouse:\s*off(?:\s+(\S+))?(?:\s+(.*))?", re.IGNORECASE)


@dataclass(frozen=True)
class SilencedRule:
    """The id that is silenced, and why; either is empty where it is missing."""

    rule: str
    reason: str
    place: Place = field(default=NOWHERE, compare=False)


def write_silenced_rule(silenced: SilencedRule) -> Comment:
    """Write the comment that `silenced_rules` reads."""
    return Comment(f"# gatehouse: off {silenced.rule} {silenced.reason}", silenced.place)


def silenced_rules(tree: Tree) -> Iterator[SilencedRule]:
    """Yield what the comments of a scope's tree silence, in whatever section but <VirtualHost>."""
    for node in tree:
        if isinstance(node, Comment):
            match = _COMMENT.fullmatch(node.text)
            if match:
                yield SilencedRule(match[1] or "", match[2] or "", node.place)
        elif isinstance(node, Section) and node.name.lower() != "virtualhost":
            yield from silenced_rules(node.children)
