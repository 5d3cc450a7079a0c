#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a host's own configuration as variables."""

from __future__ import annotations

DOCUMENTATION = r"""
module: adopt
short_description: Write what an existing Apache server does as apache_* variables
version_added: 0.1.0
description:
  - Reads the host's own configuration as httpd would, and writes a file on the controller with the C(apache_*)
    variables that reproduce its virtual hosts.
  - What no variable says is kept as it is in C(extra_directives) of its virtual host. If one of a virtual host's
    C(ProxyPass) can't be said, none of its rules, redirects and aliases is, because their order is their meaning.
  - It fails where a file of the configuration can't be read, since what that says would be lost. Run it with become.
  - Nothing on the host is changed.
author: The Gatehouse engineers (@gatehouse)
options:
  dest:
    description:
      - The file to write on the controller, C(0600); its directory is made.
      - The server's configuration may have secrets, and so may this file.
    type: path
    required: true
  force:
    description: Overwrite a file that says something else.
    type: bool
    default: false
attributes:
  check_mode:
    description: Tells whether the file would change.
    support: full
  diff_mode:
    description: The file may have secrets.
    support: none
  platform:
    description: Hosts with Apache httpd 2.4 of Debian 12 or 13.
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Write what the server does as variables
  gatehouse.apache.adopt:
    dest: "host_vars/{{ inventory_hostname }}.yml"
"""

RETURN = r"""
dest:
  description: The file that was written.
  returned: success
  type: str
  sample: host_vars/web1.yml
report:
  description: What the variables don't say, and why, as lines to read.
  returned: success
  type: list
  elements: str
  sample: ["Kept as it is, in extra_directives:", "  /etc/apache2/sites-enabled/shop.conf:7: RewriteRule: rewrites have no variable"]
proof:
  description:
    - A grid of requests (every name, address and path that the configuration mentions), resolved on the server as it is and as it
      would be with the variables deployed and its own sites disabled.
    - How many are decided the same, how many depend on what reading can't know in both and on what, which differ, and of
      how many that go where they went the backend sees other headers. Those that depend are for the server to answer.
  returned: success
  type: dict
  sample:
    same: 412
    depends: 3
    open: {"it depends on StrictHostCheck, which isn't modelled (shop.conf:7)": 3}
    differences: []
    other_headers: {"Forwarded: nothing (it was as it comes)": 20}
kept:
  description:
    - The same as data, but for what the main server says for no particular reason.
    - Arguments are left out, because they may be secrets.
  returned: success
  type: list
  elements: dict
  sample:
    - place: /etc/apache2/sites-enabled/shop.conf:7
      directive: RewriteRule
      outcome: extra_directives
      reason: rewrites have no variable
sites:
  description: The files of the adopted virtual hosts. While they are enabled, they are served beside what is deployed.
  returned: success
  type: list
  elements: str
  sample: [/etc/apache2/sites-enabled/shop.conf]
shared_sites:
  description: Those of them in which something stands for the main server too, which goes when they are disabled.
  returned: success
  type: list
  elements: str
  sample: []
problems:
  description: What is wrong with the text of the configuration.
  returned: success
  type: list
  elements: dict
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host.adopting import adopt_host
from ..module_utils._httpd.adopting.adopted_report import adopted_report
from ..module_utils._httpd.adopting.led_elsewhere import led_elsewhere_report
from ..module_utils._httpd.adopting.lifts.main_server_lift import HOST_REASON
from ..module_utils._httpd.syntax.problem import to_plain
from ..module_utils._httpd.vocabulary.layout import DEBIAN


def main() -> None:
    """Return the variables, which the action plugin writes."""
    module = AnsibleModule(
        argument_spec={
            "dest": {"type": "path", "required": True},
            "force": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    host = adopt_host(DEBIAN)
    if host is None:
        module.fail_json(msg=f"{DEBIAN.binary} isn't there, so there is no server to adopt")
    if host.unread:
        module.fail_json(
            msg="\n".join(
                [
                    "nothing is written, since what these files say would be lost:",
                    *map(str, host.unread),
                ]
            ),
            problems=[to_plain(problem) for problem in host.problems],
        )
    told = (one for one in host.adopted.kept if one.reason != HOST_REASON)
    module.exit_json(
        changed=False,
        variables=host.adopted.variables,
        report=[
            *adopted_report(host.adopted.kept),
            *led_elsewhere_report(host.elsewhere),
            *host.proof.lines(),
        ],
        proof={
            "same": host.proof.same,
            "depends": host.proof.depends,
            "open": dict(host.proof.open),
            "differences": list(host.proof.differences),
            "other_headers": dict(host.proof.other_headers),
        },
        kept=[{**vars(one), "place": str(one.place)} for one in told],
        sites=list(host.sites),
        shared_sites=list(host.shared_sites),
        problems=[to_plain(problem) for problem in host.problems],
    )


if __name__ == "__main__":
    main()
