"""What somebody writes who has read no documentation, and what is said of it: each time all of it, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables

NAME = {"server_name": "a.test"}
SHOP: dict[str, Any] = {**NAME, "proxy_to": "http://10.0.0.1:8080"}


def said(**given: Any) -> list[str]:
    """Return every problem of variables, `apache_` left out of their names."""
    named = {f"apache_{name}": value for name, value in given.items()}
    return [str(problem) for problem in check_variables(named, CONCERN_NAMES)[1]]


VHOSTS = [
    pytest.param(
        {"server_name": "a.test:8080"},
        ' (a.test:8080).server_name: "a.test:8080" is not a host name; write `a.test`, and the port in `listen: [8080]`',
        id="a port in the name",
    ),
    pytest.param(
        {"server_name": "https://a.test/x"},
        ' (https://a.test/x).server_name: "https://a.test/x" is not a host name; write `a.test`',
        id="a URL for a name",
    ),
    pytest.param(
        {"server_name": "*.a.test"},
        ' (*.a.test).server_name: "*.a.test" is not a host name;'
        " write one name, such as shop.example.com, and this in `server_aliases`",
        id="a wildcard for a name",
    ),
    pytest.param(
        {"server_name": "a test"},
        ' (a test).server_name: "a test" is not a host name; write one, such as shop.example.com',
        id="no name",
    ),
    pytest.param(
        {"server_name": ["a", "b"]},
        ".server_name: [a, b] is a list; write a host name, such as shop.example.com",
        id="two names",
    ),
    pytest.param(
        {"server_aliases": "www.a.test"},
        ' (a.test).server_aliases: "www.a.test" is text, not a list; write `server_aliases: [www.a.test]`',
        id="one alias",
    ),
    pytest.param(
        {"listen": 443},
        " (a.test).listen: 443 is a number, not a list; write `listen: [443]`",
        id="one port",
    ),
    pytest.param(
        {"listen": ["443"]},
        " (a.test): a.test answers port 443 without TLS: SSLEngine is off here; write `ssl: managed`,"
        " or another certificate, or another port",
        id="the port of TLS without it",
    ),
    pytest.param(
        {"ssl": {"certificate": "/etc/ssl/a.pem"}},
        ' (a.test).ssl.certificate: "/etc/ssl/a.pem" is a file;'
        " write `certificate_file: /etc/ssl/a.pem` and `certificate_key_file: …`",
        id="a file for the certificate's origin",
    ),
    pytest.param(
        {"ssl": {"certificate": "/etc/ssl/a.pem", "certificate_key_file": "/etc/ssl/a.key"}},
        ' (a.test).ssl.certificate: "/etc/ssl/a.pem" is a file;'
        " write `certificate_file: /etc/ssl/a.pem` and `certificate_key_file: …`",
        id="the same with its key",
    ),
    pytest.param(
        {"ssl": "/etc/ssl/a.pem"},
        ' (a.test).ssl: "/etc/ssl/a.pem" is a file;'
        " write `ssl: {certificate_file: /etc/ssl/a.pem, certificate_key_file: …}`",
        id="a file for ssl",
    ),
    pytest.param(
        {"ssl": True},
        " (a.test).ssl: true is unknown; write one of managed, self_signed,"
        " or `{certificate_file: …, certificate_key_file: …}`",
        id="a truth value for ssl",
    ),
    pytest.param(
        {"proxy_to": ["http://a:80", "http://b:80"]},
        " (a.test).proxy_to: [http://a:80, http://b:80] is a list, and this is one backend;"
        " make them `members` of a balancer in apache_balancers, and write `balancer://NAME/`",
        id="a list of backends",
    ),
    pytest.param(
        {"proxy_to": "10.0.0.1:8080"},
        ' (a.test).proxy_to: "10.0.0.1:8080" has no scheme; write http://10.0.0.1:8080 (or another of ajp,'
        " balancer, fcgi, ftp, h2, h2c, https, scgi, uwsgi, ws, wss)",
        id="a backend without its scheme",
    ),
    pytest.param(
        {"proxy_to": "gopher://10.0.0.1"},
        ' (a.test).proxy_to: "gopher://10.0.0.1" has no scheme that httpd proxies (ajp, balancer, fcgi, ftp, h2,'
        " h2c, http, https, scgi, uwsgi, ws, wss); write http://HOST[:PORT]/",
        id="a scheme that httpd does not have",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), VHOSTS)
def test_a_first_mistake_in_a_virtual_host_says_what_to_write(
    keys: dict[str, Any], expected: str
) -> None:
    assert said(vhosts=[{**SHOP, **keys}]) == [f"apache_vhosts[0]{expected}"]


SLIPPED_PATH = '"api/" is not a path that begins with /; write `/api/`'
ONE_RULE = {"path": "/", "url": "http://10.0.0.1/"}
RULES = [
    pytest.param(
        {"proxy_pass": [{"path": "api/", "url": "http://a:80/api/"}], "expect": [{"request": "GET /api/x", "worker": "http://a:80"}]},
        f".proxy_pass[0].path: {SLIPPED_PATH}",
        id="a path without its slash, and a test of it",
    ),
    pytest.param({"redirects": [{"path": "api/", "url": "/new"}]}, f".redirects[0].path: {SLIPPED_PATH}", id="a redirect's"),
    pytest.param({"aliases": [{"path": "api/", "directory": "/srv"}]}, f".aliases[0].path: {SLIPPED_PATH}", id="an alias's"),
    pytest.param(
        {"proxy_pass": ["http://a:80/"]},
        '.proxy_pass[0]: "http://a:80/" is text, not a mapping; write `url: http://a:80/`, and what else it needs',
        id="a rule that is text",
    ),
    pytest.param(
        {"proxy_pass": ONE_RULE},
        ".proxy_pass: {path: /, url: http://10.0.0.1/} is a mapping, not a list; write `- ` before its first key",
        id="a rule without its dash",
    ),
    pytest.param(
        {"proxy_pass": {"/": "http://a:80/"}},
        ".proxy_pass: {/: http://a:80/} is a mapping, not a list; write a list, `- url: …`",
        id="rules by path",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), RULES)
def test_a_first_mistake_in_a_rule_says_what_to_write(keys: dict[str, Any], expected: str) -> None:
    assert said(vhosts=[{**NAME, **keys}]) == [f"apache_vhosts[0] (a.test){expected}"]


MEMBERS = [{"url": "http://a:80"}, {"url": "http://b:80"}]
BALANCERS = [
    pytest.param(
        {"members": ["http://a:80", "http://b:80"]},
        [
            '.members[0]: "http://a:80" is text, not a mapping; write `url: http://a:80`',
            '.members[1]: "http://b:80" is text, not a mapping; write `url: http://b:80`',
        ],
        id="members that are text",
    ),
    pytest.param(
        {"members": "http://a:80"},
        ['.members: "http://a:80" is text, not a list; write a list, `- url: …`'],
        id="one member",
    ),
    pytest.param(
        {"members": MEMBERS, "sticky_cookie": True},
        [".sticky_cookie: true is a truth value, not a mapping; write `{}`, or `key: value` pairs"],
        id="a truth value for what has only optional keys",
    ),
]


@pytest.mark.parametrize(("keys", "expected"), BALANCERS)
def test_a_first_mistake_in_a_balancer_says_what_to_write(
    keys: dict[str, Any], expected: list[str]
) -> None:
    found = said(
        vhosts=[{**SHOP, "proxy_to": "balancer://x/", "expect": [{"request": "GET /", "worker": "balancer://x"}]}],
        balancers=[{"name": "x", **keys}],
    )  # fmt: skip
    assert found == [f"apache_balancers[0] (x){one}" for one in expected]


def test_a_list_without_its_dashes_is_told_so() -> None:
    assert said(vhosts={"a.test": {"proxy_to": "http://a"}}) == [
        "apache_vhosts: {a.test: {proxy_to: http://a}} is a mapping, not a list; write a list, `- server_name: …`"
    ]


def test_the_end_of_a_known_key_is_a_slip_of_it() -> None:
    (found,) = said(vhosts=[SHOP], acme={"email": "a@example.com"})
    assert found == "apache_acme.email: the key `email` is unknown; write `contact_email`"


def test_a_route_test_of_another_virtual_host_still_counts() -> None:
    expect = [{"request": "GET /", "worker": "http://nowhere"}]
    broken = {"server_name": "b.test", "proxy_pass": [{"path": "api/", "url": "http://a:80/"}]}
    found = said(vhosts=[broken, {**SHOP, "expect": expect}])
    assert [one.partition(": ")[0] for one in found] == [
        "apache_vhosts[0] (b.test).proxy_pass[0].path",
        "apache_vhosts[1] (a.test).expect[0]",
    ]
