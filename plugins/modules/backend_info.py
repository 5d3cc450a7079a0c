#!/usr/bin/python
# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks backends as httpd would, and says what is wrong with them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: backend_info
short_description: Ask backends as Apache would, and say what its clients would get
version_added: 0.1.0
description:
  - Asks each URL once, from the host that is to proxy to it, and names what is in the way, be it the name, the connection,
    TLS, the certificate or the answer.
  - Of each backend it says what httpd would answer its clients, which codes its error log would have, and what helps.
  - A backend that can't be asked is no failure of the module.
author: The Gatehouse engineers (@gatehouse)
requirements:
  - cryptography, on the host that asks, for backends over TLS (Debian has it as python3-cryptography)
options:
  urls:
    description:
      - What to ask, as C(proxy_to), C(url) of a rule or C(url) of a balancer's member say it.
      - Backends of HTTP and WebSocket are asked by GET. Of C(h2) it is TLS that is tried, of the other schemes a connection.
    type: list
    elements: str
    required: true
  ca_file:
    description: Authorities of the backends, as C(ssl_proxy.ca_certificate_file) names them.
    type: path
    default: /etc/ssl/certs/ca-certificates.crt
  client_certificate:
    description: The certificate and key that backends are shown, as C(ssl_proxy.machine_certificate_file) names them.
    type: path
  host:
    description:
      - The client's name, where it is passed on (C(proxy_preserve_host)), which is Host, SNI and the certificate's name then.
      - Without it each backend is asked for its own name.
    type: str
    default: ""
  verify:
    description: Whether backends must show a certificate of one of the authorities (C(ssl_proxy.verify)).
    type: bool
    default: true
  check_peer_name:
    description: Whether it must be for the name that is asked for (C(ssl_proxy.check_peer_name)).
    type: bool
    default: true
  check_peer_expire:
    description: Whether it mustn't have run out (C(ssl_proxy.check_peer_expire)). One that is verified never may.
    type: bool
    default: true
  timeout:
    description: Seconds for each step.
    type: int
    default: 10
extends_documentation_fragment: [gatehouse.apache.reads_only]
attributes:
  platform:
    description: Any host with Python; httpd isn't needed.
    support: full
    platforms: posix
notes:
  - Names are compared as httpd does it, by DNS names and the common name. The addresses of a certificate don't count.
"""

EXAMPLES = r"""
- name: Ask a backend before it is proxied to
  gatehouse.apache.backend_info:
    urls: [https://app.internal.example.com/health]
    ca_file: /etc/ssl/backends.pem
  register: backend

- name: Stop where clients would get an error
  ansible.builtin.assert:
    that: backend.reachable
    fail_msg: "{{ backend.backends | map(attribute='message') | join('; ') }}"

- name: Ask all members of a balancer, with the certificate that they want
  gatehouse.apache.backend_info:
    urls: [https://node1.example.com:8443, https://node2.example.com:8443]
    client_certificate: /etc/ssl/private/proxy.pem
"""

RETURN = r"""
reachable:
  description: Whether every backend answers.
  returned: success
  type: bool
  sample: false
backends:
  description: What became of each URL, in their order.
  returned: success
  type: list
  elements: dict
  contains:
    url:
      description: What was asked.
      type: str
      sample: https://app.internal.example.com/health
    reachable:
      description: Whether the backend answers, with whatever status.
      type: bool
      sample: false
    cause:
      description: >-
        What is in the way, one of ok, dns, refused, unreachable, connect_timeout, read_timeout, closed, not_http, loop, tls_on_plain_port,
        plain_on_tls_port, protocol, client_certificate, handshake, self_signed, unknown_authority, expired, not_yet_valid, unverified,
        wrong_name and no_h2.
      type: str
      sample: expired
    message:
      description: The same in words, with the values.
      type: str
      sample: the certificate, for app.internal.example.com, ran out on 2026-11-22T17:28:10+00:00
    remedy:
      description: What helps.
      type: str
      sample: renew it at the backend
    address:
      description: Who took the connection, or what was tried.
      type: str
      sample: 10.0.0.7:443
    status:
      description: The status that the backend answers; 0 where it doesn't.
      type: int
      sample: 0
    httpd:
      description: What httpd makes of it.
      type: dict
      contains:
        status:
          description: The status that its clients get; 0 where that can't be told without speaking the backend's protocol.
          type: int
          sample: 500
        codes:
          description: Codes in its error log.
          type: list
          elements: str
          sample: [AH01084, AH00898, AH01097]
        codes_at_info:
          description: Codes that name the cause, and which the log has at C(LogLevel ssl:info) only.
          type: list
          elements: str
          sample: [AH02276]
    tls:
      description: What was agreed on, and the certificate that the backend shows; empty values where there was none.
      type: dict
      sample:
        protocol: TLSv1.3
        cipher: TLS_AES_256_GCM_SHA384
        names: [app.internal.example.com]
        addresses: []
        subject: app.internal.example.com
        issuer: Internal authority
        not_before: "2026-10-24T17:28:10+00:00"
        not_after: "2026-11-22T17:28:10+00:00"
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host.backend.backend import reach
from ..module_utils._host.backend.backend_query import BackendQuery
from ..module_utils._host.backend.backend_report import to_plain
from ..module_utils._host.machine.lock import HostError
from ..module_utils._httpd.syntax.quoting import Refused
from ..module_utils._httpd.vocabulary.layout import DEBIAN
from ..module_utils._httpd.vocabulary.url import parse_url


def main() -> None:
    """Ask, and return plain data."""
    module = AnsibleModule(
        argument_spec={
            "urls": {"type": "list", "elements": "str", "required": True},
            "ca_file": {"type": "path", "default": DEBIAN.ca_file},
            "client_certificate": {"type": "path"},
            "host": {"type": "str", "default": ""},
            "verify": {"type": "bool", "default": True},
            "check_peer_name": {"type": "bool", "default": True},
            "check_peer_expire": {"type": "bool", "default": True},
            "timeout": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    asked = module.params
    asking = BackendQuery(
        ca_file=asked["ca_file"],
        client_certificate=asked["client_certificate"] or "",
        host=asked["host"],
        verify=asked["verify"],
        check_name=asked["check_peer_name"],
        check_expire=asked["check_peer_expire"],
        timeout=asked["timeout"],
    )
    try:
        urls = [parse_url(url) for url in asked["urls"]]
        balancers = [str(url) for url in urls if url.is_balancer]
        if balancers:
            raise Refused(f"{balancers[0]} is a balancer", "write its members' URLs")
        backends = [to_plain(reach(url, asking), url, asking) for url in urls]
    except (Refused, HostError) as error:
        module.fail_json(msg=str(error))
    reachable = all(backend["reachable"] for backend in backends)
    module.exit_json(changed=False, reachable=reachable, backends=backends)


if __name__ == "__main__":
    main()
