"""From tree to server."""

from __future__ import annotations

from module_utils._httpd.reading.server import BalancerMember, ProxyPass, Server
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.vocabulary.address import Address


def seen(text: str) -> Server:
    """Return the server of a text without conditions."""
    tree, problems = parse_tree(text, "x.conf")
    assert problems == ()
    return view(tree)


def test_virtual_hosts_have_addresses_and_names_in_lower_case() -> None:
    server = seen(
        "<VirtualHost *:80 [::1]:81 10.0.0.1>\nServerName http://Shop.example.com:80\nServerAlias WWW *.x\n</VirtualHost>\n"
    )
    vhost = server.vhosts[0]
    assert vhost.addresses == (Address("*", 80), Address("[::1]", 81), Address("10.0.0.1", 0))
    assert (vhost.server_name, vhost.server_aliases) == ("shop.example.com", ("www", "*.x"))
    assert str(vhost.place) == "x.conf:1"


def test_rules_keep_their_order_parameters_and_flags() -> None:
    server = seen('ProxyPass "/a b" http://h/ timeout=5 nocanon\nProxyPassMatch ^/x !\n')
    assert server.main.rules == (
        ProxyPass("/a b", "http://h/", {"timeout": "5"}, frozenset({"nocanon"})),
        ProxyPass("^/x", "!", {}, frozenset(), is_match=True),
    )
    assert server.main.rules[1].is_exclusion


def test_a_location_gives_its_path_to_the_rule_inside() -> None:
    rule = seen("<Location /app>\nProxyPass http://h/app retry=1\n</Location>\n").main.rules[0]
    assert (rule.path, rule.url, rule.location, rule.parameters) == (
        "/app",
        "http://h/app",
        "/app",
        {"retry": "1"},
    )


def test_a_balancer_gathers_its_members_and_parameters() -> None:
    server = seen(
        "<Proxy balancer://Shop>\nBalancerMember http://a route=1\nProxySet lbmethod=bytraffic\n</Proxy>\n"
        "BalancerMember balancer://shop http://b\nProxySet balancer://shop timeout=3\nProxySet http://c timeout=9\n"
    )
    balancer = server.main.balancers[0]
    assert balancer.name == "shop"
    assert balancer.members == (
        BalancerMember("http://a", {"route": "1"}),
        BalancerMember("http://b", {}),
    )
    assert balancer.parameters == {"lbmethod": "bytraffic", "timeout": "3"}


def test_listeners_carry_the_open_conditions_around_them() -> None:
    listens = seen(
        "Listen 80\n<IfModule ssl_module>\nListen [::1]:443 https\n</IfModule>\n"
    ).listens
    assert [(str(listen.address), listen.conditions) for listen in listens] == [
        ("*:80", ()),
        ("[::1]:443", (("ifmodule", "ssl_module"),)),
    ]


def test_the_last_directive_of_a_name_holds() -> None:
    directive = seen("ServerLimit 1\nserverlimit 2\n").main.last("serverlimit")
    assert directive is not None
    assert directive.args == ("2",)
