# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event MPM sized for a host, in a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.mpm_event.plain_sizing import (
    plain_sizing,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.filter_input import answering
from ansible_collections.gatehouse.apache.plugins.plugin_utils.plain_data import plain


def mpm_event_sizing(host: Any, **settings: Any) -> dict[str, Any]:
    """Return the sizes, a reason for each, and what they don't bear."""
    with answering("mpm_event_sizing"):
        return plain_sizing(plain(host), plain(settings))


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"mpm_event_sizing": mpm_event_sizing}
