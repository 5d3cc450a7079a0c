#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents an action that prints; there is nothing to run on a host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: deployed_report
short_description: Print what a run did on its hosts, and what serves there now
version_added: 0.1.0
description:
  - Prints for each host the release, what was done and why, each virtual host with its backends and what they answered, the
    ends of certificates, warnings, and the command that takes the change back. Where M(gatehouse.apache.deployed_info) wasn't given
    what the run did, nothing is said of changes.
  - More than ten hosts have a line each. What failed stands at the end and whole.
author: The Gatehouse engineers (@gatehouse)
options:
  deployed:
    description: The result of M(gatehouse.apache.deployed_info) by host.
    type: dict
    required: true
  lost:
    description: Hosts that the play lost because they couldn't be reached.
    type: list
    elements: str
    default: []
extends_documentation_fragment: [gatehouse.apache.reads_only]
attributes:
  platform:
    description: The controller.
    support: full
    platforms: posix
"""

EXAMPLES = r"""
- name: Deploy, and say what became of the hosts
  hosts: proxies
  tasks:
    - name: Deploy the virtual hosts
      ansible.builtin.import_role:
        name: gatehouse.apache.vhosts

    - name: Commit now
      ansible.builtin.meta: flush_handlers

    # Every role registers `apache_staged` and, where there was something to commit, `apache_committed`.
    - name: Look at what serves now
      gatehouse.apache.deployed_info:
        staged: "{{ apache_staged }}"
        committed: "{{ apache_committed | default({}) }}"
      register: deployed

    - name: Print it
      gatehouse.apache.deployed_report:
        deployed: "{{ dict(ansible_play_batch | zip(ansible_play_batch | map('extract', hostvars, 'deployed'))) }}"
      run_once: true

- name: Say what one host serves, whatever was done there
  hosts: proxy1
  tasks:
    - name: Ask it
      gatehouse.apache.deployed_info:
      register: deployed

    - name: Print the answer
      gatehouse.apache.deployed_report:
        deployed: "{{ {inventory_hostname: deployed} }}"
"""

RETURN = r"""
text:
  description: What was printed.
  returned: always
  type: str
  sample: "proxy1: release 0f3e0c62b1f4c9ad: + shop.example.com; ~ blog.example.com; the server was reloaded"
"""
