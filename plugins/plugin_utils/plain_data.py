# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's values as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """Strip Ansible's own types: tagged, vaulted and lazy values become what JSON knows; what is omitted isn't there."""
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return float(value) if isinstance(value, float) else int(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items() if not is_omitted(one)}
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value if not is_omitted(element)]
    return str(value)


def is_omitted(value: Any) -> bool:
    """Tell whether a value is `omit`: an object of its own in ansible-core 2.19, a text before."""
    if isinstance(value, str):
        return value.startswith("__omit_place_holder__")
    return type(value).__name__ == "_OmitType"
