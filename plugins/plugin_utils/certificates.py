# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller can say of certificates that the variables have as content: the core has neither clock nor library."""

from __future__ import annotations

from datetime import datetime, timezone

from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import (
    CheckedVariables,
    Problem,
    given_problems,
    silencing_by_variables,
    worst_first,
)


def problems_with_certificates(checked: CheckedVariables) -> tuple[Problem, ...]:
    """Return the problems of variables, with those of the certificates in them; a silenced one has its reason."""
    found = given_problems(checked.inventory, datetime.now(timezone.utc))
    silencing = silencing_by_variables(checked.inventory)
    return worst_first((*checked.problems, *silencing.applied(found)))
