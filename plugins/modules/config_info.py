#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a configuration of Apache httpd and says what is wrong with it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: config_info
short_description: Read an Apache configuration, whoever wrote it, and say what is wrong with it
version_added: 0.1.0
description:
  - Reads the configuration of the running server, of a configuration root or file, or a text, as httpd would, with its
    Includes, conditions, Defines and macros.
  - Every rule of Gatehouse's checker is tried on it. What can't be read (a missing Include, a file that only another
    user may read, binary data) is a problem with its file and line too.
  - No httpd is needed to read a file or a text.
author: The Gatehouse engineers (@gatehouse)
options:
  path:
    description:
      - A main file, or a configuration root such as C(/etc/apache2) or C(/etc/httpd), on the host.
      - Without O(path) and O(text) it is the configuration that the host's own httpd reads.
      - Of the host's own configuration the installed httpd is asked for its version, its modules and its variables.
    type: path
  text:
    description: A configuration as text. Its Includes aren't followed, and what depends on them stays open.
    type: str
  modules:
    description:
      - The modules that httpd has loaded, as C(proxy_http), C(proxy_http_module) or C(mod_proxy_http.c), where no httpd
        can be asked.
      - Without them each C(<IfModule>) stays open, and is read as if it held.
    type: list
    elements: str
  version:
    description:
      - The version of httpd, where none can be asked.
      - Without it each C(<IfVersion>) stays open, and is read as if it held.
    type: str
  requests:
    description:
      - Requests to decide, as the server would. Nothing is sent.
      - The answer is in RV(decisions), in the same order.
    type: list
    elements: dict
    default: []
    suboptions:
      url:
        description: What is asked for, C(https://shop.example.com/api/x).
        type: str
        required: true
      method:
        description: The method.
        type: str
        default: GET
      headers:
        description: Headers of the request beside Host; a Host here replaces the URL's, which TLS still asks for.
        type: dict
        default: {}
      address:
        description: The address of the server that the client connects to, where several serve the port.
        type: str
        default: ""
      client:
        description: The client's address, where access or rules depend on it.
        type: str
        default: ""
extends_documentation_fragment: [gatehouse.apache.reads_only]
attributes:
  platform:
    description: Any host for a file or a text; for the running server Apache httpd 2.4 of Debian 12 or 13.
    support: full
    platforms: posix
notes:
  - Problems quote the configuration, and C(variables) reproduce it with the secrets that it may have.
"""

EXAMPLES = r"""
- name: Read what the running server reads
  gatehouse.apache.config_info:
  register: apache

- name: Read a configuration that nobody has converted
  gatehouse.apache.config_info:
    path: /etc/apache2

- name: Check a text on the controller
  gatehouse.apache.config_info:
    text: "{{ lookup('ansible.builtin.file', 'shop.conf') }}"
    modules: [proxy, proxy_http, ssl]
    version: 2.4.62
  delegate_to: localhost

- name: Ask where two requests would go
  gatehouse.apache.config_info:
    requests:
      - url: https://shop.example.com/api/x
      - url: http://shop.example.com/login
        method: POST
        headers: {Cookie: "ROUTEID=.node1"}
"""

RETURN = r"""
problems:
  description: What is wrong with the configuration, worst first.
  returned: success
  type: list
  elements: dict
  contains:
    rule:
      description: The rule's id, or what kind of mistake it is to read.
      type: str
      sample: undefined-balancer
    severity:
      description: One of error, warning and hint.
      type: str
      sample: error
    place:
      description: The file and line, and the Include that led there.
      type: str
      sample: /etc/apache2/sites-enabled/shop.conf:7 (included from /etc/apache2/apache2.conf:225)
    message:
      description: What is wrong, with the value in it.
      type: str
      sample: '"balancer://shp/" names the balancer `shp`, which has no members here'
    fix:
      description: What to write instead.
      type: str
      sample: define it, or write one of shop
    url:
      description: The page that explains it.
      type: str
      sample: https://github.com/gatehouse/apache/blob/main/docs/rules.md#undefined-balancer
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
unread:
  description:
    - The files that can't be read, each with its reason and remedy; they are among RV(problems) too.
    - Where there is one, only what a line says by itself is checked, each of RV(decisions) depends on it, and RV(modules) and
      RV(variables) are empty.
  returned: success
  type: list
  elements: str
  sample:
    - >-
      /etc/apache2/pay.conf (included from /etc/apache2/apache2.conf:7): pay.conf can't be read: Permission denied;
      run with become (-b), or as a user who may read it
modules:
  description: The modules that the configuration needs, each after those that it needs itself.
  returned: success
  type: list
  elements: str
  sample: [proxy, proxy_http]
decisions:
  description: What the server does with each of O(requests), in their order.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: One of proxy, redirect, local, denied and depends.
      type: str
      sample: proxy
    vhost:
      description: The name of the virtual host that answers; empty for the main server.
      type: str
      sample: shop.example.com
    status:
      description: The status of the answer; 0 where a backend or a file decides it.
      type: int
      sample: 0
    worker:
      description: The worker or balancer that asks the backend.
      type: str
      sample: balancer://app
    members:
      description: The balancer's members that may be asked while all are well.
      type: list
      elements: str
      sample: ["http://10.0.0.1:8080", "http://10.0.0.2:8080"]
    url:
      description: What the backend is asked, the first member's where there are several.
      type: str
      sample: http://10.0.0.1:8080/api/x
    location:
      description: Where a redirect leads.
      type: str
      sample: ""
    handler:
      description: The handler of a local answer, where one is set.
      type: str
      sample: ""
    cause:
      description: What a decision depends on, one of the causes that the collection's page of the oracle lists.
      type: str
      sample: ""
    headers:
      description: The headers that the server sets for the backend.
      type: dict
      sample: {"Host": "shop.example.com", "X-Forwarded-Host": "shop.example.com"}
    open_headers:
      description: Headers of which it isn't known what the backend sees, each with the directive that decides.
      type: dict
      sample: {"X-Port": "RequestHeader set X-Port %{SERVER_PORT}s (shop.conf:7)"}
    timeouts:
      description: The timeouts in force, as they are written.
      type: dict
      sample: {"timeout": "60"}
    reasons:
      description: Each step on the way, with its place.
      type: list
      elements: str
      sample: ["virtual host shop.example.com, by the name `shop.example.com` (shop.conf:1)"]
    explanation:
      description: All of it in lines for people.
      type: list
      elements: str
      sample: ["proxied by balancer://app, which asks http://10.0.0.1:8080/api/x"]
variables:
  description: The virtual hosts and balancers in the shape of the roles' variables.
  returned: success
  type: dict
  sample:
    apache_vhosts:
      - server_name: shop.example.com
        proxy_to: http://10.0.0.1:8080
"""

import gc

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host import reading
from ..module_utils._httpd.resolve.plain_requests import read_request
from ..module_utils._httpd.syntax.quoting import Refused
from ..module_utils._httpd.vocabulary.layout import DEBIAN

REQUEST = {
    "url": {"type": "str", "required": True},
    "method": {"type": "str", "default": "GET"},
    "headers": {"type": "dict", "default": {}},
    "address": {"type": "str", "default": ""},
    "client": {"type": "str", "default": ""},
}


def main() -> None:
    """Read, and return plain data."""
    # The process ends in seconds; walking ten thousand virtual hosts for cycles would be a tenth of them.
    gc.disable()
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path"},
            "text": {"type": "str"},
            "modules": {"type": "list", "elements": "str"},
            "version": {"type": "str"},
            "requests": {"type": "list", "elements": "dict", "default": [], "options": REQUEST},
        },
        mutually_exclusive=[("path", "text")],
        supports_check_mode=True,
    )
    asked = module.params
    try:
        known = reading.assumed_httpd(asked["version"], asked["modules"])
    except Refused as refused:
        module.fail_json(msg=str(refused))
    try:
        requests = [read_request(**request) for request in asked["requests"]]
    except Refused as refused:
        module.fail_json(msg=f"requests: {refused}")
    if asked["text"] is not None:
        configuration = reading.read_text(asked["text"], known)
    elif asked["path"] is not None:
        configuration = reading.read_path(asked["path"], known, DEBIAN)
    else:
        configuration = reading.read_host(DEBIAN)
    module.exit_json(changed=False, **reading.to_plain(configuration, requests))


if __name__ == "__main__":
    main()
