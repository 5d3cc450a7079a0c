#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commits a staged configuration as a transaction."""

from __future__ import annotations

DOCUMENTATION = r"""
module: commit
short_description: Prove a staged configuration in a shadow and commit it, or take it back
version_added: 0.1.0
description:
  - Assembles the release of what this play staged and what the host serves already, starts it in a shadow of the live
    server, and only then changes the host.
  - Under a lock, with a journal on the disk, the release is swapped in, the server reloaded or restarted as the change
    demands, and asked for the release. When any of that fails, every change is undone and the old release serves again.
  - A run that was killed is finished or taken back by the next one.
author: The Gatehouse engineers (@gatehouse)
options:
  state:
    description:
      - V(committed) commits what this play staged.
      - V(rolled_back) commits an earlier release again.
      - V(absent) takes everything of Gatehouse off the host, of every owner, and restores the files that it changed.
    type: str
    choices: [committed, rolled_back, absent]
    default: committed
  release:
    description: For O(state=rolled_back), the release's digest, or V(previous).
    type: str
    default: previous
  allow_empty:
    description: Let a commit remove every virtual host.
    type: bool
    default: false
  allow_removal:
    description:
      - Let a commit remove more than a quarter of the virtual hosts.
      - With O(state=absent), let all go that several owners (C(apache_owner)) have on the host; with O(state=rolled_back), let an
        owner's go that had nothing yet.
    type: bool
    default: false
  cut_connections:
    description:
      - Let a restart cut off clients whose connections earlier reloads have left on their children.
      - Without it a change that needs a restart waits for them to end, and a reload that finds no slot for its children is
        refused.
    type: bool
    default: false
  takes_over:
    description:
      - Names of the host's own sites that virtual hosts of the commit may answer from now on, V(*) for names that nobody has.
    type: list
    elements: str
    default: []
  service_state:
    description: Whether the server is to run.
    type: str
    choices: [started, stopped]
    default: started
  token:
    description: The play; set by the action plugin.
    type: str
  by:
    description: Who runs it, for the history that M(gatehouse.apache.release_info) tells; set by the action plugin.
    type: str
    default: ""
  staged:
    description: The digests of the parts that the play has staged, by owner and concern; set by the action plugin.
    type: dict
    default: {}
  base:
    description: The digests of those that the host had before; set by the action plugin.
    type: dict
    default: {}
extends_documentation_fragment: [gatehouse.apache.carried_core]
attributes:
  check_mode:
    description: Everything up to and with the shadow is done; nothing is kept.
    support: full
  diff_mode:
    description: Shows each file of the release that differs, and each link by which a module or a site is enabled.
    support: full
  platform:
    description: Hosts with systemd and Apache httpd 2.4 of Debian 12 or 13.
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Prove what is staged and commit it
  gatehouse.apache.commit:

- name: Go back to the release before
  gatehouse.apache.commit:
    state: rolled_back

- name: Leave the host as it was found
  gatehouse.apache.commit:
    state: absent
"""

RETURN = r"""
release:
  description: The digest of the release.
  returned: success
  type: str
  sample: 0f3e0c62b1f4c9ad
previous:
  description: The digest of the release that was proved before; empty for none.
  returned: success
  type: str
what:
  description:
    - "What changed in words: what comes (C(+)), goes (C(-)) and changes (C(~)), by virtual host, balancer, module and settings."
    - Where nothing of that does, the files that differ.
  returned: success
  type: str
  sample: + shop.example.com; ~ blog.example.com
action:
  description: What was done to the server, one of none, files (it stays stopped), stop, start, reload and restart.
  returned: success
  type: str
  sample: reload
reason:
  description: Why; of a rollback that changed nothing, why not.
  returned: success
  type: str
connections:
  description:
    - How many connections clients had open when the server was told. A reload leaves them to the children that have them, a
      restart cuts them off.
  returned: success
  type: int
shadow:
  description: What became of the shadow.
  returned: when there was a change
  type: dict
  sample: {verdict: started, isolated: true, reason: "", seconds: 0.34, words: []}
expects:
  description: Each expectation that is marked live, with how it failed; empty where it held.
  returned: success
  type: list
  elements: dict
certificates:
  description: What became of each certificate that Apache manages itself.
  returned: when there are any
  type: list
  elements: dict
  sample: [{names: [shop.example.com], state: issued, reason: ""}]
files_changed:
  description: Paths of the distribution's files and links that changed.
  returned: success
  type: list
  elements: str
deployed:
  description:
    - What the host serves now, or would, as M(gatehouse.apache.deployed_info) tells it, as JSON text.
    - Of a thousand virtual hosts Ansible would take a second to pass the same on as data.
  returned: where something is, or was until now
  type: str
play:
  description: The play, by which M(gatehouse.apache.deployed_info) knows whether the commit is one of its own.
  returned: always
  type: str
of_play:
  description: The same of all commits of the play on this host together, with what they warned of.
  returned: where an earlier commit of the play changed the host
  type: dict
undone:
  description: Whether the live server was changed and taken back.
  returned: failure after the shadow
  type: bool
problems:
  description: Why a commit was refused, worst first.
  returned: failure
  type: list
  elements: dict
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
                "choices": ["committed", "rolled_back", "absent"],
                "default": "committed",
            },
            "release": {"type": "str", "default": "previous"},
            "allow_empty": {"type": "bool", "default": False},
            "allow_removal": {"type": "bool", "default": False},
            "cut_connections": {"type": "bool", "default": False},
            "takes_over": {"type": "list", "elements": "str", "default": []},
            "service_state": {
                "type": "str",
                "choices": ["started", "stopped"],
                "default": "started",
            },
            "token": {"type": "str", "no_log": False},
            "by": {"type": "str", "default": ""},
            "staged": {"type": "dict", "default": {}},
            "base": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    run_carried(module, "commit_request", task="a commit")


if __name__ == "__main__":
    main()
