#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents an action that prints; there is nothing to run on a host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: check_report
short_description: Print the problems of all hosts as one text, worst first
version_added: 0.1.0
description:
  - Prints each problem that M(gatehouse.apache.check) found with its place, its hosts, its reason, what to write instead
    and the page that explains it. What several hosts share is printed once.
  - Fails when there is a problem of O(fail_on) or worse.
author: The Gatehouse engineers (@gatehouse)
options:
  checked:
    description: The result of M(gatehouse.apache.check) by host. A result without problems is a host that couldn't be checked.
    type: dict
    required: true
  fail_on:
    description: The least severity that fails.
    type: str
    choices: [error, warning]
    default: error
extends_documentation_fragment: [gatehouse.apache.reads_only]
attributes:
  platform:
    description: The controller.
    support: full
    platforms: posix
"""

EXAMPLES = r"""
- name: Say what is wrong with all hosts
  gatehouse.apache.check_report:
    checked: "{{ dict(ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars, 'checked'))) }}"
    fail_on: warning
  run_once: true
"""

RETURN = r"""
msg:
  description: How many problems there are of each severity.
  returned: always
  type: str
  sample: 2 errors, 1 warning and no hints on 3 hosts
"""
