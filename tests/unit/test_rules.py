"""Each rule fires on its bad example, is silent on its good one, and is documented."""

from __future__ import annotations

import re

import pytest
from module_utils._httpd.checking.check import check
from module_utils._httpd.checking.rule import UNKNOWN, Rule
from module_utils._httpd.checking.rules.all_rules import RULES
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.server import Server
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree

BY_ID = [pytest.param(rule, id=rule.id) for rule in RULES]


def seen(text: str) -> Server:
    """Return the server of an example."""
    return read(text, UNKNOWN)[0]


def read(text: str, environment: Environment) -> tuple[Server, Environment]:
    """Return the server of an example, and the world that it makes."""
    tree, problems = parse_tree(text + "\n", "httpd.conf")
    assert problems == ()
    expansion = expand(tree, environment)
    return view(expansion.tree), expansion.environment


@pytest.mark.parametrize("rule", BY_ID)
def test_bad_example_is_found_with_value_and_fix(rule: Rule) -> None:
    problems = list(rule.problems(*read(rule.bad, rule.examples_in)))
    assert problems
    for problem in problems:
        assert (problem.rule, problem.severity) == (rule.id, rule.kind.severity)
        assert re.search(r"httpd\.conf:\d+", str(problem.place))
        assert problem.message
        assert problem.fix
        assert problem.url.endswith(f"#{rule.id}")


@pytest.mark.parametrize("rule", BY_ID)
def test_good_example_is_quiet_under_every_rule(rule: Rule) -> None:
    assert check(*read(rule.good, rule.examples_in)) == ()


@pytest.mark.parametrize("rule", BY_ID)
def test_the_page_says_what_and_where_it_is_from(rule: Rule) -> None:
    assert len(rule.kind.page) > 60
    assert rule.source.startswith("https://")


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def found(text: str) -> list[tuple[str, int]]:
    """Return the rule and line of each problem."""
    return [(problem.rule, problem.place.line) for problem in check(seen(text))]


SHADOWS = [
    pytest.param("/app", "/app/x", True, id="whole segment"),
    pytest.param("/app", "/application", False, id="part of a segment"),
    pytest.param("/app/", "/app", False, id="longer by a slash"),
    pytest.param("/app", "/app/", True, id="shorter by a slash"),
    pytest.param("/", "/x", True, id="everything"),
    pytest.param("/a", "/a", True, id="the same"),
    pytest.param("/A", "/a", False, id="letter case counts"),
    pytest.param("//a", "/a/b", True, id="runs of slashes are one"),
]


@pytest.mark.parametrize(("first", "second", "expected"), SHADOWS)
def test_shorter_prefix_first_shadows_longer(first: str, second: str, expected: bool) -> None:
    slash = {True: "/", False: ""}
    text = f"ProxyPass {first} http://h1{slash[first.endswith('/')]}\nProxyPass {second} http://h2{slash[second.endswith('/')]}"
    assert (("rule-never-fires", 2) in found(text)) is expected


def test_an_exclusion_behind_its_rule_is_found_and_one_before_it_is_not() -> None:
    assert ("rule-never-fires", 2) in found("ProxyPass / http://h/\nProxyPass /x !")
    assert found("ProxyPass /x !\nProxyPass / http://h/") == []


def test_balancer_of_another_virtual_host_is_undefined() -> None:
    text = (
        "Listen 80\n<VirtualHost *:80>\nServerName a\n<Proxy balancer://b>\nBalancerMember http://h\n</Proxy>\n</VirtualHost>\n"
        "<VirtualHost *:80>\nServerName c\nProxyPass / balancer://b/\n</VirtualHost>"
    )
    assert found(text) == [("undefined-balancer", 10)]


def test_names_on_different_addresses_are_no_duplicates() -> None:
    text = "Listen 80\nListen 81\n" + "".join(
        f"<VirtualHost *:{port}>\nServerName a\n</VirtualHost>\n" for port in (80, 81)
    )
    assert found(text) == []


def test_worst_comes_first() -> None:
    text = "ProxyPass /a/b http://h/x/y\nProxyPass /c http://h/x/y/z timeout=3\nProxyRequests On"
    assert [problem.severity for problem in check(seen(text))] == ["error", "warning"]


STATUS = "<Location /server-status>\nSetHandler server-status\n</Location>\n"
LIMITED = "<Location {}>\nRequire local\n</Location>\n"
EXPOSED = [
    pytest.param(STATUS, True, id="open"),
    pytest.param(STATUS + LIMITED.format("/server-status"), False, id="limited in another block"),
    pytest.param(STATUS + LIMITED.format("/"), False, id="limited with all else"),
    pytest.param(STATUS + LIMITED.format("/other"), True, id="another path is limited"),
    pytest.param(STATUS + "<Files .ht>\nRequire all denied\n</Files>\n", True, id="files are"),
    pytest.param(STATUS + "IncludeOptional x.conf\n", False, id="more may be said elsewhere"),
]


@pytest.mark.parametrize(("text", "expected"), EXPOSED)
def test_a_page_is_exposed_where_nothing_limits_it(text: str, expected: bool) -> None:
    for whole in (text, f"Listen 80\n<VirtualHost *:80>\n{text}</VirtualHost>\n"):
        assert ("page-exposed" in {rule for rule, _line in found(whole)}) is expected


def test_a_page_of_a_loopback_virtual_host_is_not_exposed() -> None:
    assert found(f"Listen 127.0.0.1:80\n<VirtualHost 127.0.0.1:80>\n{STATUS}</VirtualHost>\n") == []


def test_limits_of_the_main_server_hold_for_a_page_of_a_virtual_host() -> None:
    text = (
        f"{LIMITED.format('/server-status')}Listen 80\n<VirtualHost *:80>\n{STATUS}</VirtualHost>\n"
    )
    assert "page-exposed" not in {rule for rule, _line in found(text)}


def test_a_restricted_page_of_httpds_own_is_no_way_past() -> None:
    limited = STATUS.replace("</", "Require local\n</")
    text = f"ProxyPass /server-status !\nProxyPass / http://h/\n{limited}"
    assert found(text) == []


# What httpd was asked about, and does as it is written.
INNOCENT = {
    "a mapping is tried first": "ProxyPass /api http://a/one\nProxyPass /api/v1 http://b/two mapping=encoded",
    "before a Location's too": "<Location />\nProxyPass http://a/\n</Location>\nProxyPass /api/v1 http://b/two mapping=encoded",
    "a directive that is asked for is no path": "<IfDirective ProxyPass>\nProxyPass /a/ http://a/\n</IfDirective>",
    "nor is a section": "<IfSection Location>\nProxyPassMatch ^/a http://a\n</IfSection>",
    "a variable excludes a page": (
        "SetEnvIf Request_URI ^/s no-proxy\nProxyPass / http://a/\n"
        "<Location /s>\nSetHandler server-status\nRequire local\n</Location>"
    ),
    "a tilde makes a pattern": r"ProxyPass ~ ^/tilde/(\d+)$ http://a/n/$1",
    "a tilde excludes by a pattern": "ProxyPass ~ ^/search !\nProxyPass / http://a/",
    "a socket needs a scheme alone": "ProxyPass / unix:/run/a|http:",
    "so does a member's": "<Proxy balancer://b>\nBalancerMember unix:/run/a|http:\n</Proxy>\nProxyPass / balancer://b/",
    "a worker has its flusher": "<Location />\nProxyPass http://a/ flusher=x\n</Location>",
    "a variable excludes a redirect": "SetEnvIf Request_URI ^/s no-proxy\nProxyPass / http://a/\nRedirect /s https://b/",
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_what_httpd_does_as_it_is_written_is_no_finding(text: str) -> None:
    assert [rule for rule, _line in found(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "ProxyPass ~ http://a/",
        "ProxyPassMatch ~ ^/a http://a/",
        "<Location /a>\nProxyPass ~ http://a/\n</Location>",
        "<Location /a>\nProxyPass ~ ^/a http://a/\n</Location>",
    ],
)
def test_a_tilde_that_httpd_refuses_is_found(text: str) -> None:
    assert "proxy-words-unreadable" in [rule for rule, _line in found(text)]


def test_rules_see_the_pattern_behind_a_tilde() -> None:
    assert ("invalid-pattern", 1) in found("ProxyPass ~ ^/(a http://a/")
    assert ("path-has-query", 1) in found(r"ProxyPass ~ ^/a\?b http://a/b")


@pytest.mark.parametrize(("path", "named"), [("/a/b", "/a/b;x"), ("/a/b/", "/a/b;x/")])
def test_the_bypass_that_is_named_is_one(path: str, named: str) -> None:
    text = f"<Location {path}>\nRequire all denied\n</Location>\nProxyPass /a http://h/a"
    (message,) = [
        one.message for one in check(seen(text), UNKNOWN) if one.rule == "path-parameter-bypass"
    ]
    assert f'"{named}" reaches' in message


def test_a_group_that_is_not_there_chooses_no_host() -> None:
    text = 'ProxyPassMatch "/[0-9]+" http://127.0.0.1:8080$1'
    assert [rule for rule, _line in found(text)] == ["reference-without-group"]
