#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which releases a host has, when each came, by whom and with what change."""

from __future__ import annotations

DOCUMENTATION = r"""
module: release_info
short_description: Tell which releases a host has, and what each changed
version_added: 0.1.0
description:
  - Names the releases that were committed on a host, the latest first, with their dates, who committed them and what changed.
  - The digest of one that is kept is what C(apache_release) of the playbook C(gatehouse.apache.rollback) takes.
author: The Gatehouse engineers (@gatehouse)
extends_documentation_fragment: [gatehouse.apache.reads_only]
attributes:
  platform:
    description: Hosts with systemd and Apache httpd 2.4 of Debian 12 or 13.
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Read the releases
  gatehouse.apache.release_info:
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ found.lines }}"
"""

RETURN = r"""
releases:
  description: The releases, the latest first.
  returned: success
  type: list
  elements: dict
  sample:
    - release: 0f3e0c62b1f4c9ad
      at: "2026-11-27T16:00:00Z"
      by: ops@control
      what: + shop.example.com; ~ blog.example.com
      is_live: true
      is_kept: true
      was_rolled_back_from: false
warning:
  description: That Apache follows another release than the one that was proved last, or that a commit is open; empty where all is well.
  returned: success
  type: str
  sample: ""
lines:
  description: The same as lines, below the warning if there is one.
  returned: success
  type: list
  elements: str
  sample: ["0f3e0c62b1f4c9ad  2026-11-27T16:00:00Z  ops@control  + shop.example.com; ~ blog.example.com  live"]
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host.deployment.release_table import told_releases
from ..module_utils._host.machine.lock import HostError, in_the_way
from ..module_utils._host.machine.privileges import missing_root
from ..module_utils._host.store.store import Store
from ..module_utils._httpd.vocabulary.layout import DEBIAN


def main() -> None:
    """Tell."""
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    missing = missing_root("reading the releases")
    if missing:
        module.fail_json(msg=missing)
    try:
        told = told_releases(Store(DEBIAN.gatehouse), DEBIAN)
    except HostError as error:
        module.fail_json(msg=str(error))
    except OSError as error:
        module.fail_json(msg=in_the_way(error))
    for words in told.pop("warnings"):
        module.warn(words)
    module.exit_json(changed=False, **told)


if __name__ == "__main__":
    main()
