"""One mistake is said once: what follows from it, or what Gatehouse made of it, is no second one."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables

SHOP = {"server_name": "shop.example.com", "proxy_to": "http://10.0.0.1:8080"}
MANAGED = {"apache_vhosts": [{**SHOP, "ssl": "managed"}]}
AGREED = {"terms_agreed": True}
PLAIN_443 = {**SHOP, "server_name": "plain.example.com", "listen": [443]}
TLS_443 = {**SHOP, "listen": [443], "ssl": "self_signed"}


def acme(**keys: Any) -> dict[str, Any]:
    """A virtual host with a managed certificate, and how it is asked for."""
    return {**MANAGED, "apache_acme": {**AGREED, **keys}}


ONE_MISTAKE = [
    pytest.param(acme(challenges=["dns-01"]), "variable", id="challenge"),
    pytest.param(acme(challenges="http-01"), "variable", id="challenges as text"),
    pytest.param(acme(challenges=[]), "acme-unreachable", id="no challenges"),
    pytest.param(acme(terms_agreed="yess"), "variable", id="terms"),
    pytest.param(
        {
            "apache_acme": {**AGREED, "directory_url": "http://acme.internal/"},
            "apache_vhosts": [{**SHOP, "server_name": "shop.internal", "ssl": "managed"}],
        },
        "variable",
        id="directory",
    ),
    pytest.param({**MANAGED, "apache_acme": "no"}, "variable", id="no mapping"),
    pytest.param({"apache_vhosts": [TLS_443, PLAIN_443]}, "mixed-tls", id="TLS before plain"),
    pytest.param({"apache_vhosts": [PLAIN_443, TLS_443]}, "mixed-tls", id="plain before TLS"),
    pytest.param({"apache_vhosts": [PLAIN_443]}, "ssl-engine-missing", id="plain on 443"),
    pytest.param(
        {"apache_vhosts": [{**SHOP, "proxy_pass": [{"path": "/", "url": "http://10.0.0.2/"}]}]},
        "two-rules-for-everything",
        id="two rules for everything",
    ),
    pytest.param(
        {
            "apache_vhosts": [
                {
                    "server_name": "shop.example.com",
                    "proxy_pass": [
                        {"path": "/", "url": "http://10.0.0.2/"},
                        {"path": "/", "url": "http://10.0.0.3/"},
                    ],
                }
            ]
        },
        "rule-never-fires",
        id="a rule twice",
    ),
]


@pytest.mark.parametrize(("variables", "rule"), ONE_MISTAKE)
def test_one_mistake_is_one_error(variables: dict[str, Any], rule: str) -> None:
    problems = check_variables(variables, CONCERN_NAMES)[1]
    assert [problem.rule for problem in problems if problem.severity == "error"] == [rule]


MEMBERS = [
    pytest.param([{"url": "http://10.0.0.1"}, {"url": "http://10.0.0.1"}], "duplicate-member", id="member"),
    pytest.param(
        [{"url": "http://10.0.0.1", "route": "a"}, {"url": "http://10.0.0.2", "route": "a"}],
        "duplicate-route", id="route",
    ),
    pytest.param([{"url": "http://10.0.0.1"}, {"url": "http://10.0.0.2"}], "", id="fine"),
]  # fmt: skip


@pytest.mark.parametrize("url", ["http://10.0.0.9/", "balancer://APP/"])
@pytest.mark.parametrize(("members", "rule"), MEMBERS)
def test_a_balancer_is_looked_at_whether_it_is_used_or_not(
    members: list[dict[str, str]], rule: str, url: str
) -> None:
    variables = {
        "apache_balancers": [{"name": "app", "members": members}],
        "apache_vhosts": [{**SHOP, "proxy_to": url}],
    }
    problems = check_variables(variables, CONCERN_NAMES)[1]
    assert [problem.rule for problem in problems] == ([rule] if rule else [])
    assert all(str(one.place).startswith("apache_balancers[0] (app)") for one in problems)


def test_what_is_wrong_with_an_unused_balancer_can_be_silenced() -> None:
    variables = {
        "apache_balancers": [
            {"name": "app", "timeout": 3, "members": [{"url": "http://10.0.0.1"}]}
        ],
        "apache_vhosts": [SHOP],
    }
    silenced = [{"rule": "balancer-timeout", "reason": "tried"}]
    assert [one.rule for one in check_variables(variables, CONCERN_NAMES)[1]] == [
        "balancer-timeout"
    ]
    assert check_variables({**variables, "apache_check_off": silenced}, CONCERN_NAMES)[1] == ()
