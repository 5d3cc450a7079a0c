# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules that run a carried core are given by their action plugins."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of a module that runs a carried core."""

    DOCUMENTATION = r"""
options:
  core:
    description: The digest of the core that the host is to have; set by the action plugin.
    type: str
  core_src:
    description: Where the core lies on the host, if it was sent; set by the action plugin.
    type: path
"""
