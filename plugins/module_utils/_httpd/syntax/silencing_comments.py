"""The comment that switches a rule of the checker off: `# gatehouse: off RULE REASON`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .tree import NOWHERE, Comment, Place, Section, Tree

_SWITCH = re.compile(r"#+\s*gatehouse:\s*off(?:\s+(\S+))?(?:\s+(.*))?", re.IGNORECASE)


@dataclass(frozen=True)
class SilencedRule:
    """A rule that is switched off, and why; either is empty where it is missing."""

    rule: str
    reason: str
    place: Place = field(default=NOWHERE, compare=False)


def write_silenced_rule(switch: SilencedRule) -> Comment:
    """Write the comment that `switches_in` reads."""
    return Comment(f"# gatehouse: off {switch.rule} {switch.reason}", switch.place)


def silenced_rules(tree: Tree) -> Iterator[SilencedRule]:
    """Yield the switches of a scope's tree, in whatever section but <VirtualHost>."""
    for node in tree:
        if isinstance(node, Comment):
            match = _SWITCH.fullmatch(node.text)
            if match:
                yield SilencedRule(match[1] or "", match[2] or "", node.place)
        elif isinstance(node, Section) and node.name.lower() != "virtualhost":
            yield from silenced_rules(node.children)
