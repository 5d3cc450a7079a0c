"""Names that lead to another virtual host at one of their addresses, in a server that was adopted as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..concerns.catalogue import CONCERN_NAMES
from ..reading.view import view
from ..release.checked import check_all_variables
from ..release.reachability import unreached

KEY = "apache_takes_over"


def led_elsewhere(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return them, so that a commit lets be what was so before."""
    checked = check_all_variables(variables, CONCERN_NAMES)
    defaults = {str(vhost.place) for vhost in checked.inventory.vhosts if vhost.default}
    found = unreached(
        view(checked.compiled.whole_tree),
        is_ours=lambda _place: True,
        is_default=lambda place: str(place) in defaults,
        is_absent=lambda _host: False,
    )
    return tuple(dict.fromkeys(name for name, _problem in found))


def led_elsewhere_report(names: tuple[str, ...]) -> list[str]:
    """Return the lines of a report; none where each name leads to its own virtual host."""
    title = f"Another virtual host answers at one of their addresses, as before; {KEY} lets it be:"
    return [title, f"  {', '.join(names)}"] if names else []
