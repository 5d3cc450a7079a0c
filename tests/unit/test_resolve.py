"""Decisions on small servers: what is reached, what it depends on, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.server import Server
from module_utils._httpd.reading.view import view
from module_utils._httpd.resolve.plain_requests import explanation, read_request, to_plain
from module_utils._httpd.resolve.request import Decision, Request
from module_utils._httpd.resolve.resolver import resolve
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.quoting import Refused
from module_utils._httpd.vocabulary.depends import CAUSES

PROXY = "ProxyPass / http://o/\n"


def server(body: str, main: str = "") -> Server:
    """Return a server with one virtual host."""
    text = f"{main}\n<VirtualHost *:80>\nServerName a.test\n{body}\n</VirtualHost>\n"
    tree, problems = parse_tree(text, "a.conf")
    assert problems == ()
    return view(expand(tree, Environment(closed=False)).tree)


def decide(body: str, target: str = "/x", **asked: str) -> Decision:
    """Decide a request to it."""
    return resolve(server(body), Request(target, "a.test", **asked))


DEPENDS = [
    pytest.param("<IfModule mod_x.c>\nProxyPass /x http://o/\n</IfModule>", "condition", id="open condition"),
    pytest.param("RewriteEngine On\nRewriteCond %{DOCUMENT_ROOT} ^/srv\nRewriteRule ^ - [F]", "variable", id="document root"),
    pytest.param("RewriteEngine On\nRewriteCond /x -f\nRewriteRule ^ - [F]", "file", id="file"),
    pytest.param("RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule ^ - [F]", "file", id="directory"),
    pytest.param("RewriteEngine On\nRewriteCond expr \"true\"\nRewriteRule ^ - [F]", "expression", id="expression"),
    pytest.param("RewriteEngine On\nRewriteRule ^ /${map:$0}", "map", id="map"),
    pytest.param("RewriteEngine On\nRewriteCond %{TIME_HOUR} >12\nRewriteRule ^ - [F]", "time", id="time"),
    pytest.param("RewriteEngine On\nRewriteCond %{REMOTE_ADDR} ^10\nRewriteRule ^ - [F]", "client", id="client's address"),
    pytest.param("RewriteEngine On\nRewriteCond %{SSL:SSL_CIPHER} .\nRewriteRule ^ - [F]", "variable", id="TLS"),
    pytest.param("RewriteEngine On\nRewriteRule ^(/x)\\1 - [F]", "pattern", id="back-reference"),
    pytest.param("RewriteEngine On\nRewriteRule (a+)+$ - [F]", "pattern", id="exponential"),
    pytest.param("RewriteEngine On\nRewriteRule ^/x /y [N]\nRewriteRule ^/y /x [N]", "loop", id="endless"),
    pytest.param("RewriteEngine On\nRewriteOptions Inherit\nRewriteRule ^/z - [F]", "option", id="inherited rules"),
    pytest.param("<Location /x>\nRewriteEngine On\nRewriteRule ^ /y\n</Location>", "directory", id="rewriting in a section"),
    pytest.param("<Location /x>\nSetHandler \"proxy:fcgi://127.0.0.1:9000\"\n</Location>", "directory", id="handler"),
    pytest.param("SetHandler \"Proxy:http://o\"", "directory", id="handler in capitals"),
    pytest.param("SetHandler \"%{tolower:PROXY}:http://o\"", "directory", id="handler with a function"),
    pytest.param("SetEnvIf Request_URI . h=proxy:http://o\nSetHandler \"%{reqenv:h}\"", "directory", id="handler of a variable"),
    pytest.param("SetHandler \"p$0roxy:http://o\"", "directory", id="handler with a reference"),
    pytest.param("<Location /x>\nRequire valid-user\n</Location>", "authentication", id="user"),
    pytest.param("<Location /x>\nRequire host example.com\n</Location>", "client", id="client's name"),
    pytest.param("<Location /x>\nRequire expr true\n</Location>", "expression", id="Require expr"),
    pytest.param("<Location /x>\n<If \"true\">\nRequire all denied\n</If>\n</Location>", "expression", id="<If>"),
    pytest.param("SetEnvIfExpr \"true\" no-proxy\nProxyPass / http://o/", "expression", id="SetEnvIfExpr"),
    pytest.param("ProxyPassInterpolateEnv On\nProxyPass /x http://${H}/ interpolate", "environment", id="interpolation"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "cause"), DEPENDS)
def test_what_reading_cannot_know_is_said(body: str, cause: str) -> None:
    decision = decide(body)
    assert (decision.action, decision.cause) == ("depends", cause), decision
    assert cause in CAUSES
    assert decision.reasons[-1].place.source == "a.conf"


@pytest.mark.parametrize(
    "body", [case.values[0] for case in DEPENDS], ids=[case.id for case in DEPENDS]
)
def test_what_is_not_asked_decides_nothing(body: object) -> None:
    # A rule before, which takes the request, leaves nothing to depend on.
    first = "<Location /first>\nProxyPass http://o/\n</Location>\nRewriteEngine Off\n"
    text = (
        str(body).replace("RewriteEngine On\n", "").replace("/x", "/y").replace("SetEnvIfExpr", "#")
    )
    assert decide(first + text, "/first").action == "proxy"


def test_an_unknown_address_matters_only_where_it_decides() -> None:
    text = "<VirtualHost {}:80>\nServerName a.test\nRedirect / http://{}/\n</VirtualHost>\n"
    tree, _problems = parse_tree(text.format("10.0.0.1", "one") + text.format("*", "two"), "a.conf")
    both = view(tree)
    assert resolve(both, Request("/", "a.test")).cause == "address"
    assert resolve(both, Request("/", "a.test", address="10.0.0.1")).location == "http://one/"
    assert resolve(both, Request("/", "a.test", address="10.0.0.2")).location == "http://two/"


def test_a_port_that_nobody_listens_on_is_not_answered() -> None:
    decision = resolve(server(PROXY, "Listen 8080"), Request("/", "a.test"))
    assert (decision.action, decision.status) == ("denied", 0)
    assert "nothing listens on port 80" in str(decision.reasons[-1])


def test_timeouts_are_the_worker_s_before_the_server_s() -> None:
    assert decide("ProxyPass / http://o/ timeout=7 connectiontimeout=2").timeouts == {
        "timeout": "7",
        "connectiontimeout": "2",
    }
    assert decide(f"{PROXY}ProxyTimeout 9").timeouts == {"timeout": "9"}
    assert decide(f"{PROXY}Timeout 11").timeouts == {"timeout": "11"}
    assert decide(PROXY).timeouts == {"timeout": "60"}


def test_a_rule_that_shares_a_worker_has_its_timeout() -> None:
    body = "ProxyPass /a http://o/app timeout=7\nProxyPass /b http://o/app2 timeout=9\n"
    assert decide(body, "/b").timeouts == {"timeout": "7"}


def test_an_explanation_names_each_step_and_its_place() -> None:
    decision = decide(
        "ProxyPass /static !\nProxyPass / balancer://c/\n<Proxy balancer://c>\nBalancerMember http://m:81\n</Proxy>"
    )
    assert explanation(decision) == [
        "proxied by balancer://c, which asks http://m:81/x",
        "members: http://m:81",
        "the backend sees Host: m:81",
        "the backend sees X-Forwarded-For: the client's address",
        "the backend sees X-Forwarded-Host: a.test",
        "the backend sees X-Forwarded-Server: a.test",
        "timeout: 60 s",
        "because",
        "  virtual host a.test, by the name `a.test` (a.conf:2)",
        "  ProxyPass /static doesn't match /x (a.conf:4)",
        "  ProxyPass / takes /x to balancer://c/x (a.conf:5)",
    ]
    assert to_plain(decision)["members"] == ["http://m:81"]


@pytest.mark.parametrize(
    ("url", "target", "host", "port"),
    [
        ("http://A.test", "/", "A.test", 80),
        ("https://a.test/x y?q=ä#f", "/x%20y?q=%C3%A4", "a.test", 443),
        ("http://a.test:8080?q", "/?q", "a.test:8080", 8080),
        ("http://[::1]:81/", "/", "[::1]:81", 81),
    ],
)
def test_a_url_is_read_as_a_browser_sends_it(url: str, target: str, host: str, port: int) -> None:
    request = read_request(url)
    assert (request.target, request.host, request.port) == (target, host, port)


@pytest.mark.parametrize(
    "url", ["a.test/x", "ftp://a.test/", "http:///x", "http://a.test:0/", "http://u@a.test/", ""]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(Refused, match=r"is no URL of a web server|has no port"):
        read_request(url)


@pytest.mark.parametrize(
    ("further", "said"),
    [
        ({"url": "http://a.test/\nHost: b"}, r"'http://a\.test/\\nHost: b' is no URL"),
        ({"headers": {"X-A": "1\r\nX-B: 2"}}, r"""header "X-A" with the value '1\\r\\nX-B: 2'"""),
        ({"headers": {"X A": "1"}}, 'header "X A"'),
        ({"address": "a.test"}, 'address is "a.test", which is no IP address'),
        ({"client": "10.0.0.300"}, 'client is "10.0.0.300", which is no IP address'),
    ],
)
def test_a_request_that_nobody_can_send_is_refused(further: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_request(**{"url": "http://a.test/", **further})


def test_addresses_are_read_with_brackets_and_without() -> None:
    request = read_request("http://a.test/", address="[::1]", client="::2")
    assert (request.address, request.client) == ("::1", "::2")
