# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller can say of certificates that the variables have as content: the core has neither clock nor library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.gatehouse.apache.plugins.module_utils._host.certificates.given_certificates import (
    given_problems,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.concerns.inventory import (
    read_inventory,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.release.silencing_by_variables import (
    silencing_by_variables,
)
from ansible_collections.gatehouse.apache.plugins.module_utils._httpd.syntax.problem import (
    Problem,
    worst_first,
)


def with_certificates(
    problems: Iterable[Problem], variables: Mapping[str, Any]
) -> tuple[Problem, ...]:
    """Add what is wrong with certificates in `variables` to what is known of them; what is silenced has its reason."""
    inventory, _said_before = read_inventory(variables)
    found = given_problems(inventory, datetime.now(timezone.utc))
    return worst_first((*problems, *silencing_by_variables(inventory).applied(found)))
