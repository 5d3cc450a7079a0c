"""What variables silence: `apache_check_off`, and a virtual host's `check_off`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..checking.problem_catalogue import CATALOGUE
from ..concerns.inventory import Inventory
from ..concerns.vhosts.model import CheckOff
from ..syntax.silencing_comments import SilencedRule
from ..syntax.silencing_reasons import Silencing, reasons_of


def silencing_by_variables(inventory: Inventory) -> Silencing:
    """Return it, whether or not the run compiles the comments that say so on the host."""
    return Silencing(
        everywhere=reasons_of(_silenced(inventory.check_off), CATALOGUE),
        by_variable={
            vhost.place.source: reasons_of(_silenced(vhost.check_off), CATALOGUE)
            for vhost in inventory.vhosts
        },
    )


def _silenced(entries: Iterable[CheckOff]) -> Iterator[SilencedRule]:
    return (SilencedRule(one.rule, one.reason, one.place) for one in entries)
