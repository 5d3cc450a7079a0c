"""What variables silence: `apache_check_off`, and a virtual host's `check_off`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..checking.problem_catalogue import CATALOGUE
from ..concerns.inventory import Inventory
from ..concerns.vhosts.vhost_defaults import DEFAULTS
from ..concerns.vhosts.vhost_parts import CheckOff
from ..syntax.silencing_comments import SilencedRule
from ..syntax.silencing_reasons import Silencing, reasons_of


def silencing_by_variables(inventory: Inventory) -> Silencing:
    """Return it, whether or not the run compiles the comments that say so on the host."""
    by_variable = {
        vhost.place.source: reasons_of(_silenced(vhost.check_off), CATALOGUE)
        for vhost in inventory.vhosts
    }
    # What stands in the defaults is silenced there.
    inherited = [
        one
        for vhost in inventory.vhosts
        for one in vhost.check_off
        if str(one.place).startswith(DEFAULTS)
    ]
    by_variable[DEFAULTS] = reasons_of(_silenced(dict.fromkeys(inherited)), CATALOGUE)
    return Silencing(reasons_of(_silenced(inventory.check_off), CATALOGUE), by_variable)


def _silenced(entries: Iterable[CheckOff]) -> Iterator[SilencedRule]:
    return (SilencedRule(one.rule, one.reason, one.place) for one in entries)
