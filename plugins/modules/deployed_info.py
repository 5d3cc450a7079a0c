#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells what a host serves: virtual hosts, what their backends answer, and when certificates end."""

from __future__ import annotations

DOCUMENTATION = r"""
module: deployed_info
short_description: Tell what a host serves, what its backends answer, and when its certificates end
version_added: 0.1.0
description:
  - Reads the release that was proved last, asks each of its backends once, as Apache would and from the host, and reads the
    certificates that it shows.
  - Backends are asked at once. What doesn't answer in four seconds is said to.
  - With what M(gatehouse.apache.stage) and M(gatehouse.apache.commit) returned it tells what was done too, for
    M(gatehouse.apache.deployed_report). Without both nothing is known of what a run did, only what serves.
author: The Gatehouse engineers (@gatehouse)
options:
  staged:
    description:
      - The result of M(gatehouse.apache.stage), which the roles register as C(apache_staged); the action plugin reads it.
      - Where it says that nothing was to be done, the host isn't asked again.
    type: dict
    default: {}
  committed:
    description:
      - The result of M(gatehouse.apache.commit), which the roles register as C(apache_committed); the action plugin reads it, where
        O(staged) says that a commit was needed or isn't given, or where it is of the same play.
    type: dict
    default: {}
  failure:
    description: Why the host failed; the action plugin reads it.
    type: str
    default: ""
extends_documentation_fragment: [gatehouse.apache.reads_only]
attributes:
  platform:
    description: Hosts with Apache httpd 2.4 of Debian 12 or 13.
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Ask what the host serves
  gatehouse.apache.deployed_info:
  register: deployed

- name: Stop where a backend doesn't answer
  ansible.builtin.assert:
    that: deployed.backends | selectattr('message') | length == 0

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
"""

RETURN = r"""
release:
  description: The digest of the release; of a commit in check mode, of the one that it would make live.
  returned: success
  type: str
  sample: 0f3e0c62b1f4c9ad
previous:
  description: The digest of the release that a rollback goes to; empty for none.
  returned: success
  type: str
differs_by:
  description:
    - Says that a rollback takes nothing back, where the release that it goes to differs only by what is the host's own, such as
      a certificate's file. Empty otherwise.
  returned: success
  type: str
  sample: 8d1f7a2b3c4d5e6f differs only by /etc/ssl/shop.pem, which is the host's own
sites:
  description: The virtual hosts with their names, addresses and paths, each path with the number of a backend.
  returned: success
  type: list
  elements: dict
  sample:
    - names: [shop.example.com]
      addresses: ["*:80"]
      redirecting: []
      routes: [{path: /, backend: 0, balancer: ""}]
backends:
  description: What each backend answered, be it the status, or what is in the way and which status clients get then.
  returned: success
  type: list
  elements: dict
  sample:
    - url: "http://10.0.0.1:8080/"
      status: 200
      message: ""
      clients_get: 0
      is_loop: false
certificates:
  description: When the certificates end that clients are shown, the first to end before all others.
  returned: success
  type: list
  elements: dict
  sample: [{names: [shop.example.com], ends: "2027-01-03", days: 37}]
warning:
  description:
    - That Apache follows another release than the one that was proved last, or that a commit is open; empty where all is well.
  returned: where the host was asked
  type: str
is_stopped:
  description: True where no server runs.
  returned: success
  type: bool
before:
  description: The digest of the release that served before the commit; empty for none, or where nothing was committed.
  returned: always
  type: str
is_seen:
  description: False where nothing was to be done, so that nobody looked at what serves.
  returned: when the host wasn't asked
  type: bool
looked:
  description: All of the above as JSON text, where O(committed) had it; M(gatehouse.apache.deployed_report) reads it.
  returned: with O(committed)
  type: str
notes:
  description: Why figures that follow from the host are what they are, such as sizes of C(apache_mpm_event).
  returned: where O(committed) changed them
  type: list
  elements: str
  sample: ["MPM: 1024 requests at once: 512 a core, of which 2"]
is_removed:
  description: True where the commit took Gatehouse off the host, or would.
  returned: with O(committed) of such a commit
  type: bool
is_run_known:
  description: False where neither O(staged), O(committed) nor O(failure) says what a run did.
  returned: when the host was asked
  type: bool
is_changed:
  description: Whether the commit changed the host, or would.
  returned: always
  type: bool
is_dry_run:
  description: Whether the run was one in check mode.
  returned: always
  type: bool
what:
  description: What changed, in words.
  returned: always
  type: str
action:
  description: What was done to the server, one of none, files (it stays stopped), stop, start, reload and restart.
  returned: always
  type: str
reason:
  description: Why.
  returned: always
  type: str
failure:
  description: Why the host failed; empty where it didn't.
  returned: always
  type: str
told:
  description: What the stage and the commit warned of.
  returned: always
  type: list
  elements: str
"""

import gc
from datetime import datetime, timezone

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host.deployment.deployed_state import deployed_state
from ..module_utils._host.machine.lock import HostError, in_the_way
from ..module_utils._host.machine.privileges import missing_root
from ..module_utils._httpd.vocabulary.layout import DEBIAN


def main() -> None:
    """Look, ask, and return plain data."""
    gc.disable()
    module = AnsibleModule(
        argument_spec={
            "staged": {"type": "dict", "default": {}},
            "committed": {"type": "dict", "default": {}},
            "failure": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    missing = missing_root("reading what serves")
    if missing:
        module.fail_json(msg=missing)
    try:
        found = deployed_state(DEBIAN, datetime.now(timezone.utc))
    except HostError as error:
        module.fail_json(msg=str(error))
    except OSError as error:
        module.fail_json(msg=in_the_way(error))
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
