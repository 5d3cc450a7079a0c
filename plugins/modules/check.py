#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents an action that checks; there is nothing to run on a host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: check
short_description: Check a host's apache_* variables, or the configuration that it has
version_added: 0.1.0
description:
  - Returns every problem of the host's C(apache_*) variables. They are read on the controller, and the host isn't asked.
  - With O(path) it returns the problems of a configuration on the host instead, whoever wrote it, as
    M(gatehouse.apache.config_info) does.
  - It doesn't fail for a problem; M(gatehouse.apache.check_report) does, for all hosts at once.
author: The Gatehouse engineers (@gatehouse)
options:
  path:
    description: A main file of httpd, or a configuration root such as C(/etc/apache2), on the host.
    type: path
extends_documentation_fragment: [gatehouse.apache.reads_only]
attributes:
  platform:
    description: Any host.
    support: full
    platforms: posix
"""

EXAMPLES = r"""
- name: Check the variables
  gatehouse.apache.check:
  register: checked

- name: Check what the host has
  gatehouse.apache.check:
    path: /etc/apache2
"""

RETURN = r"""
problems:
  description: What is wrong, worst first.
  returned: success
  type: list
  elements: dict
  sample:
    - rule: undefined-balancer
      severity: error
      place: apache_vhosts[0] (shop.example.com).proxy_pass[0].url
      message: '"balancer://shp/" names the balancer `shp`, which has no members here'
      fix: define it, or write one of shop
      url: https://github.com/gatehouse/apache/blob/main/docs/rules.md#undefined-balancer
silenced:
  description: >-
    Problems that are silenced: by C(apache_check_off), by a virtual host's C(check_off), or by a comment
    C(# gatehouse: off ID REASON) of the configuration. It has the reason besides.
  returned: success
  type: list
  elements: dict
  sample:
    - rule: page-behind-proxy
      severity: warning
      place: /etc/apache2/sites-enabled/shop.conf:9
      message: 'server-status at "/status" is never reached: "/" at /etc/apache2/sites-enabled/shop.conf:4 proxies it'
      fix: write `ProxyPass /status !` before that rule
      url: https://github.com/gatehouse/apache/blob/main/docs/rules.md#page-behind-proxy
      reason: the backend has a page of that name
"""
