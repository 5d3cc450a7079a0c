#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes in on a host what the action plugin compiled."""

from __future__ import annotations

DOCUMENTATION = r"""
module: stage
short_description: Check the apache_* variables and stage what they compile to
version_added: 0.1.0
description:
  - Reads the C(apache_*) variables of the host, reports every mistake at once with its place, compiles them on the
    controller, and sends the host what differs from the release that it serves.
  - Nothing live is changed; M(gatehouse.apache.commit) does that, for the parts that the same play staged.
author: The Gatehouse engineers (@gatehouse)
options:
  state:
    description:
      - V(checked) reads and checks the variables on the controller; the host isn't asked.
      - V(present) checks, compiles and sends.
      - V(absent) has the owner's parts of these concerns go with the commit, and reads no variables but
        C(apache_owner) and C(apache_service_state).
      - V(probed) only tells what the host has.
    type: str
    choices: [absent, checked, present, probed]
    default: present
  concerns:
    description: Which concerns to stage, all if none is named; those that go with them are staged too.
    type: list
    elements: str
    default: []
  packages:
    description: Packages that the parts ask for; set by the action plugin.
    type: list
    elements: str
    default: []
  digests:
    description: The digest of each part that is to be there, and nothing for one that is to go; set by the action plugin.
    type: dict
    default: {}
  service_state:
    description: Whether the server is to run; set by the action plugin.
    type: str
    choices: [started, stopped]
    default: started
  reads_certificates:
    description: Whether the commit looks into certificates; set by the action plugin.
    type: bool
    default: false
  token:
    description: The play; set by the action plugin.
    type: str
  src:
    description: The archive that was sent; set by the action plugin.
    type: path
extends_documentation_fragment: [gatehouse.apache.carried_core]
attributes:
  check_mode:
    description: Stages below C(/run) only, for the commit of the same play to look at.
    support: full
  diff_mode:
    description: The commit shows the difference.
    support: none
  platform:
    description: Hosts with systemd and Apache httpd 2.4 of Debian 12 or 13.
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Check the variables before the host is touched
  gatehouse.apache.stage:
    state: checked
    concerns: [balancers, vhosts]

- name: Stage the virtual hosts
  gatehouse.apache.stage:
    concerns: [vhosts]
  notify: Commit the Apache configuration
"""

RETURN = r"""
problems:
  description: What is wrong with the variables, worst first.
  returned: when variables were checked and have no error; M(gatehouse.apache.check) returns errors too
  type: list
  elements: dict
  sample:
    - rule: undefined-balancer
      severity: error
      place: apache_vhosts[0] (shop.example.com).proxy_pass[0].url
      message: '"balancer://shp/" names the balancer `shp`, which has no members here'
      fix: define it, or write one of shop
      url: https://github.com/gatehouse/apache/blob/main/docs/rules.md#undefined-balancer
installed:
  description: Whether the host has Apache.
  returned: when the host was asked
  type: bool
os_family:
  description: The distribution's family.
  returned: when the host was asked
  type: str
  sample: Debian
version:
  description: The version of Apache.
  returned: when the host was asked
  type: str
  sample: 2.4.62
release:
  description: The digest of the release that was proved last; empty for none.
  returned: when the host was asked
  type: str
  sample: 0f3e0c62b1f4c9ad
parts:
  description:
    - The digest of each part that a commit would begin from, by owner and concern.
    - Those are the parts of the release that was proved last, and over them what the play has staged already.
  returned: when the host was asked
  type: dict
  sample: {main.vhosts: 0f3e0c62b1f4c9ad}
missing_packages:
  description: The distribution's packages that the host lacks, Apache's own among them.
  returned: when the host was asked
  type: list
  elements: str
  sample: [apache2, ca-certificates]
differing:
  description: The parts that are to be others than those.
  returned: when the host was asked
  type: list
  elements: str
  sample: [main.vhosts]
pending:
  description: The parts that the play had staged before, for its commit.
  returned: when the host was asked
  type: list
  elements: str
  sample: [main.modules]
is_settled:
  description:
    - Whether a commit would change nothing.
    - The host serves the release that was proved last, with the certificates that lie there now, and nobody has changed
      what Gatehouse wrote. No killed run left a journal, and the play has staged nothing.
  returned: when the host was asked
  type: bool
drift:
  description: Why a commit would change something although the play asks for nothing new; each is a warning too.
  returned: when the host was asked
  type: list
  elements: str
  sample: ["/etc/apache2/mods-enabled/proxy.load isn't as Gatehouse left it"]
needs_commit:
  description:
    - Whether a commit has anything to do.
    - A settled host needs one only where something is to be waited for, such as a managed certificate, or cleared away.
  returned: when the host was asked
  type: bool
staged:
  description: The parts that were sent.
  returned: when something was staged
  type: list
  elements: str
  sample: [main.vhosts]
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.carried import OPTIONS, run_carried


def main() -> None:
    """Have the core answer."""
    module = AnsibleModule(
        argument_spec={
            **OPTIONS,
            "state": {
                "type": "str",
                "choices": ["absent", "checked", "present", "probed"],
                "default": "present",
            },
            "concerns": {"type": "list", "elements": "str", "default": []},
            "packages": {"type": "list", "elements": "str", "default": []},
            "digests": {"type": "dict", "default": {}},
            "service_state": {
                "type": "str",
                "choices": ["started", "stopped"],
                "default": "started",
            },
            "reads_certificates": {"type": "bool", "default": False},
            "token": {"type": "str", "no_log": False},
            "src": {"type": "path"},
        },
        supports_check_mode=True,
    )
    run_carried(module, "stage_request", task="staging")


if __name__ == "__main__":
    main()
