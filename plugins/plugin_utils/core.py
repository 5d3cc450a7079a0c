# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play's actions use of the core, whose bytecode is kept for the next play."""

from __future__ import annotations

from ansible_collections.gatehouse.apache.plugins.plugin_utils.bytecode import kept_bytecode

with kept_bytecode():
    from ..module_utils._host.certificates.given_certificates import given_problems
    from ..module_utils._httpd.checking.fleet_report import fleet_report
    from ..module_utils._httpd.checking.problem_kinds import NOT_CHECKED
    from ..module_utils._httpd.concerns.catalogue import CONCERN_NAMES
    from ..module_utils._httpd.concerns.inventory import (
        misspelt_variables,
        read_inventory,
        variables,
        without_defaults,
    )
    from ..module_utils._httpd.deployment.closing_words import closing_words
    from ..module_utils._httpd.deployment.deployed_host import LOST, host_from_plain
    from ..module_utils._httpd.release.checked import CheckedVariables, check_all_variables
    from ..module_utils._httpd.release.manifest import Manifest
    from ..module_utils._httpd.release.part import Part
    from ..module_utils._httpd.release.silencing_by_variables import silencing_by_variables
    from ..module_utils._httpd.syntax.problem import Problem, reported, silenced, worst_first
    from ..module_utils._httpd.syntax.problem import from_plain as problem_from_plain
    from ..module_utils._httpd.syntax.problem import to_plain as problem_to_plain
    from ..module_utils._httpd.syntax.tree import Place
    from ..module_utils._httpd.variables.door import Unfilled

__all__ = (
    "CONCERN_NAMES",
    "LOST",
    "NOT_CHECKED",
    "CheckedVariables",
    "Manifest",
    "Part",
    "Place",
    "Problem",
    "Unfilled",
    "check_all_variables",
    "closing_words",
    "fleet_report",
    "given_problems",
    "host_from_plain",
    "misspelt_variables",
    "problem_from_plain",
    "problem_to_plain",
    "read_inventory",
    "reported",
    "silenced",
    "silencing_by_variables",
    "variables",
    "without_defaults",
    "worst_first",
)
