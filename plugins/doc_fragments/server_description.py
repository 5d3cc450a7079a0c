# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of every filter that takes variables or a configuration."""

from __future__ import annotations


class ModuleDocFragment:
    """What describes a server."""

    DOCUMENTATION = r"""
options:
  _input:
    description:
      - The C(apache_*) variables of a host as a mapping, or the text of a configuration, whose Includes aren't followed.
      - Of a mapping only the roles' variables are read, so C(hostvars[inventory_hostname]) will do.
      - >-
        That has no variables of a play or a task; write C({'apache_vhosts': apache_vhosts}) for those.
    type: raw
    required: true
  version:
    description:
      - The version of the httpd that reads a text, as C(2.4.62).
      - Without it each C(<IfVersion>) stays open, and is read as if it held.
    type: str
  modules:
    description:
      - The modules that the httpd that reads a text has loaded, as C(proxy_http), C(proxy_http_module) or
        C(mod_proxy_http.c).
      - Without them each C(<IfModule>) stays open, and is read as if it held.
    type: list
    elements: str
seealso:
  - module: gatehouse.apache.config_info
"""
