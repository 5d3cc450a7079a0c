"""What isn't modelled is open, and whatever is decided beside it is what httpd did (tests/oracle/routing.jsonl)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deciding import PROXY, decide
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables

FILE = Path(__file__).parents[1] / "oracle" / "routing.jsonl"
CASES = [json.loads(line) for line in FILE.read_text().splitlines()]
# Those that are decided now, and those of which no more than the headers is open.
DECIDED = {
    "head-require-method", "no-servername-port", "servername-https-scheme", "sticky-lbset", "sticky-drain",
    "uwsgi-default-port", "two-sockets-one-host", "fcgi-headers", "lost-upgrade", "if-header", "header-fmt-s",
    "header-env-cond", "header-env-cond-2", "header-env-cond-3",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_nothing_is_decided_otherwise_than_httpd_did(case: dict[str, Any]) -> None:
    asked, did = case["request"], case["httpd"]
    headers = {name.lower(): value for name, value in asked["headers"].items()}
    decision = decide(
        case["config"], asked["target"], asked["host"], method=asked["method"], headers=headers
    )
    assert (decision.action != "depends") is (case["name"] in DECIDED), decision
    if decision.action == "depends":
        assert decision.reasons[-1].text.startswith("it depends on ")
    elif isinstance(did.get("origin"), list):
        port, target, _method, seen = did["origin"]
        assert decision.url == f"http://127.0.0.1:{port}{target}"
        for name, value in decision.headers.items():
            assert seen.get(name.lower(), "") == value
    elif "status" in did and decision.action != "proxy":
        assert decision.status == did["status"]
        assert decision.location == did.get("location", "")


def test_backend_without_forwarded_headers_sees_the_clients_host() -> None:
    (config,) = [case["config"] for case in CASES if case["name"] == "fcgi-headers"]
    assert decide(config, "/x.php").headers == {"Host": "v0.example"}


def test_what_the_clients_connection_names_is_open() -> None:
    config = PROXY.format("RequestHeader set X-A 1")
    asked = {"headers": {"connection": "keep-alive, x-a, X-Forwarded-For"}}
    assert [*decide(config, **asked).open_headers] == ["X-A", "X-Forwarded-For"]
    assert decide(config).open_headers == {}


def test_lost_upgrade_is_said() -> None:
    (config,) = [case["config"] for case in CASES if case["name"] == "lost-upgrade"]
    reasons = decide(config, "/ws", headers={"upgrade": "websocket"}).reasons
    assert any("no upgrade=websocket" in reason.text for reason in reasons)
    config = config.replace("19201/", "19201/ upgrade=websocket")
    reasons = decide(config, "/ws", headers={"upgrade": "websocket"}).reasons
    assert not any("upgrade=" in reason.text for reason in reasons)


IN_THE_WAY: dict[str, tuple[str, dict[str, Any], bool]] = {
    "a directive that nobody knows": ("SecRuleEngine On", {}, True),
    "a section that nobody knows": ("<Strange>\n</Strange>", {}, True),
    "an expression that is false": (
        "<If \"%{REQUEST_URI} =~ m#^/admin#\">\nRequire all denied\n</If>", {"target": "/shop"}, False,
    ),
    "an expression that is true": (
        "<If \"%{REQUEST_URI} =~ m#^/admin#\">\nRequire all denied\n</If>", {"target": "/admin/x"}, True,
    ),
    "an expression that can't be told": ("<If \"-f '/x'\">\nRequire all denied\n</If>", {}, True),
    "an expression over what is harmless": ("<If \"-f '/x'\">\nLogLevel debug\n</If>", {}, False),
    "an else that is taken": (
        "<If \"%{HTTPS} == 'on'\">\nLogLevel debug\n</If>\n<Else>\nRequire all denied\n</Else>", {}, True,
    ),
    "an else that isn't": (
        "<If \"%{HTTPS} == 'off'\">\nLogLevel debug\n</If>\n<Else>\nRequire all denied\n</Else>", {}, False,
    ),
    "both": ("<If \"%{HTTPS} == 'off' && %{REQUEST_METHOD} != 'GET'\">\nRequire all denied\n</If>", {}, False),
    "either": ("<If \"%{HTTPS} == 'on' || !(%{REQUEST_METHOD} != 'GET')\">\nRequire all denied\n</If>", {}, True),
    "a directory, of what is proxied": ("<Directory />\nRequire all denied\n</Directory>", {}, False),
    "a method that is allowed": ("<Location />\nAllowMethods GET\n</Location>", {"method": "HEAD"}, False),
    "a method that isn't": ("<Location />\nAllowMethods GET\n</Location>", {"method": "PUT"}, True),
    "a header that is believed": ("RemoteIPHeader X-Real", {"headers": {"x-real": "192.0.2.1"}}, True),
    "a header that isn't there": ("RemoteIPHeader X-Real", {}, False),
    "what is switched off": ("StrictHostCheck Off", {}, False),
    "what is switched on": ("StrictHostCheck On", {}, True),
    "a cache below another path": ("CacheEnable disk /static", {}, False),
    "a cache": ("CacheEnable disk /", {}, True),
    "a cache, of a POST": ("CacheEnable disk /", {"method": "POST"}, False),
    "a large body, which is proxied": ("LimitRequestBody 10", {"headers": {"content-length": "11"}}, False),
    "a challenge": ("MDomain v0.example", {"target": "/.well-known/acme-challenge/x"}, True),
    "client certificates, without TLS": ("SSLVerifyClient require", {}, False),
    "client certificates": ("SSLVerifyClient require", {"scheme": "https"}, True),
    "an error that is text": ("ErrorDocument 403 no\n<Location /x>\nRequire all denied\n</Location>", {"target": "/x"}, False),
    "an error elsewhere": (
        "ErrorDocument 403 https://e.example/\n<Location /x>\nRequire all denied\n</Location>", {"target": "/x"}, True,
    ),
    "another error": ("ErrorDocument 404 /e\n<Location /x>\nRequire all denied\n</Location>", {"target": "/x"}, False),
    "a limit of another virtual host": (
        "</VirtualHost>\n<VirtualHost *:19110>\nServerName v1.example\nLimitRequestLine 20", {"target": "/a/long/path"}, False,
    ),
    "that of the address's first": ("LimitRequestLine 20", {"target": "/a/long/path"}, True),
    "that of the first, of the second": (
        "LimitRequestLine 20\n</VirtualHost>\n<VirtualHost *:19110>\nServerName v1.example",
        {"target": "/a/long/path", "host": "v1.example"}, True,
    ),
    "a limit that a later one raises": ("LimitRequestLine 20\nLimitRequestLine 200", {"target": "/a/long/path"}, False),
    "one above the default": ("LimitRequestLine 16000", {"target": f"/{'a' * 9000}"}, False),
    "no host, and a limit that isn't reached": ("LimitRequestLine 200", {"host": "a..example"}, False),
    "no host, and a limit": ("LimitRequestLine 20", {"host": "a..example", "target": "/a/long/path"}, True),
    "no host, and a limit of another virtual host": (
        "</VirtualHost>\n<VirtualHost *:19110>\nServerName v1.example\nLimitRequestFields 2", {"host": "user@v0.example"}, False,
    ),
    "a protocol that another virtual host of the address has": (
        "</VirtualHost>\n<VirtualHost *:19110>\nServerName v1.example\nRemoteIPProxyProtocol On", {}, True,
    ),
    "one that it hasn't": (
        "</VirtualHost>\n<VirtualHost *:19110>\nServerName v1.example\nRemoteIPProxyProtocol Off", {}, False,
    ),
    "a short one": (
        "</VirtualHost>\n<VirtualHost *:19110>\nServerName v1.example\nLimitRequestLine 20", {"target": "/a"}, False,
    ),
    "more headers than by default": ("", {"headers": {f"x-{number}": "" for number in range(100)}}, True),
    "a request that goes no further": ("", {"headers": {"max-forwards": "0"}}, True),
    "a header that is set early": ("RequestHeader set X-A b early", {}, True),
    "a header that httpd goes by": ("RequestHeader set Max-Forwards 0", {}, True),
    "a type that is a handler": ("AddType proxy:http://127.0.0.1:1 .x", {}, True),
    "a WebSocket alone": ("ProxyWebsocketFallbackToProxyHttp Off", {}, True),
    "one that falls back": ("ProxyWebsocketFallbackToProxyHttp On", {}, False),
    "a hot spare": (
        "ProxyPassMatch ^/x balancer://b\n<Proxy balancer://b>\nBalancerMember http://127.0.0.1:1 status=R\n</Proxy>\n"
        "<Location /x>\nProxyPass balancer://b\n</Location>", {"target": "/x"}, True,
    ),
    "HTTP/2 by an upgrade": ("", {"headers": {"upgrade": "h2c"}}, True),
    "an LDAP URL": (
        "RewriteEngine On\nRewriteRule ^/x ldap://l.example/b?x [R]", {"target": "/x"}, True,
    ),
    "an error document of a redirect": (
        "ErrorDocument 302 http://else.example/\nRewriteEngine On\nRewriteRule ^/x /y [R]", {"target": "/x"}, True,
    ),
    "CONNECT": ("", {"method": "CONNECT"}, True),
    "an expectation that nobody knows": ("", {"headers": {"expect": "x"}}, True),
    "the usual one": ("", {"headers": {"expect": "100-continue"}}, False),
    "a length that is none": ("", {"headers": {"content-length": "x"}}, True),
    "a coding that nobody knows": ("", {"headers": {"transfer-encoding": "x"}}, True),
    "an expression over a header of the answer": ("<If \"-f '/x'\">\nHeader set X-A b\n</If>", {}, False),
    "an expression over a second Location": ("<If \"-f '/x'\">\nHeader always set Location /\n</If>", {}, True),
    "a client that a header would name": (
        "RemoteIPHeader X-Real\n<Location />\nRequire ip 127.0.0.1\n</Location>", {}, False,
    ),
    "a client that one names": (
        "RemoteIPHeader X-Real\n<Location />\nRequire ip 127.0.0.1\n</Location>", {"headers": {"x-real": "1.2.3.4"}}, True,
    ),
    "a user who isn't required": ("<Location />\nAuthType Basic\n</Location>", {}, True),
    "one who would be, where somebody is let in": (
        "<Location />\nAuthType Basic\nRequire all granted\n</Location>", {}, False,
    ),
    "nobody": ("<Location />\nAuthType None\n</Location>", {}, False),
    "a target that is no path": ("", {"target": "http://v0.example/"}, True),
}  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "request_fields", "is_open"), IN_THE_WAY.values(), ids=IN_THE_WAY
)
def test_what_stands_in_the_way(
    lines: str, request_fields: dict[str, Any], *, is_open: bool
) -> None:
    decision = decide(PROXY.format(lines), **request_fields)
    assert (decision.action == "depends") is is_open, decision


def test_a_method_has_one_case() -> None:
    config = PROXY.format("<Location />\nRequire method GET\n</Location>")
    assert decide(config, method="GET").action == "proxy"
    assert decide(config, method="get").status == 403


@pytest.mark.parametrize(
    "place",
    ["ProxyPass / balancer://b/ {}", "<Location />\nProxyPass balancer://b/ {}\n</Location>"],
)
def test_a_rule_says_what_its_sessions_are_called(place: str) -> None:
    members = "BalancerMember http://127.0.0.1:1 route=a\nBalancerMember http://127.0.0.1:2 route=b lbset=1"
    server = "<Proxy balancer://b>\n{}\n</Proxy>\n<VirtualHost *:19110>\nServerName v0.example\n{}\n</VirtualHost>"
    config = server.format(members, place.format("stickysession=S"))
    asked = {"headers": {"cookie": "S=x.b"}}
    assert decide(config, **asked).members == ("http://127.0.0.1:2",)
    twice = server.format(f"{members}\nProxySet stickysession=T", place.format("stickysession=S"))
    assert decide(twice, **asked).action == "depends"


def test_session_whose_member_is_stopped_goes_elsewhere_or_nowhere() -> None:
    server = (
        "<VirtualHost *:19110>\nServerName v0.example\n<Proxy balancer://b>\nBalancerMember http://127.0.0.1:1 route=a status=+D\n"
        "BalancerMember http://127.0.0.1:2 route=b\nProxySet stickysession=S nofailover={}\n</Proxy>\n"
        "ProxyPass / balancer://b/\n</VirtualHost>"
    )
    asked = {"headers": {"cookie": "S=1.a"}}
    assert decide(server.format("Off"), **asked).members == ("http://127.0.0.1:2",)
    assert decide(server.format("On"), **asked).status == 503
    assert decide(server.format("On")).action == "proxy"


def test_virtual_host_says_what_sessions_of_the_main_servers_balancer_are_called() -> None:
    members = "BalancerMember http://127.0.0.1:1 route=a\nBalancerMember http://127.0.0.1:2 route=b"
    server = (
        f"<Proxy balancer://b>\n{members}\n</Proxy>\n<VirtualHost *:19110>\nServerName v0.example\n"
        "<Proxy balancer://b>\nProxySet stickysession=S\n</Proxy>\nProxyPass / balancer://b/\n</VirtualHost>"
    )
    assert decide(server, headers={"cookie": "S=1.b"}).members == ("http://127.0.0.1:2",)
    alone = "BalancerInherit Off\nProxyPassInherit Off\n<Proxy balancer://b>\n"
    apart = server.replace("<Proxy balancer://b>\nProxySet stickysession=S", f"{alone}{members}")
    apart = apart.replace("route=b\n", "route=b\nProxySet stickysession=S\n", 1)
    assert len(decide(apart, headers={"cookie": "S=1.b"}).members) == 2
    twice = server.replace("route=b\n", "route=b\nProxySet stickysession=T\n")
    assert decide(twice).action == "proxy"
    assert decide(twice, headers={"cookie": "S=1.b"}).action == "depends"


@pytest.mark.parametrize(
    ("lines", "action"),
    [
        ("ProxyPass /x https://127.0.0.1:1/", "denied"),
        ("ProxyPass /x h2://127.0.0.1:1/", "denied"),
        ("SSLProxyEngine On\nProxyPass /x https://127.0.0.1:1/", "proxy"),
        ("ProxyPass /x https://127.0.0.1:1/\n<Proxy *>\nSSLProxyEngine On\n</Proxy>", "proxy"),
        ("ProxyPass /x https://127.0.0.1:1/\n<Proxy https://127.0.0.2:1/>\nSSLProxyEngine On\n</Proxy>", "denied"),
        (
            "ProxyPass /x balancer://b/\n<Proxy balancer://b>\nBalancerMember https://127.0.0.1:1\n"
            "BalancerMember http://127.0.0.1:2\n</Proxy>", "depends",
        ),
    ],
)  # fmt: skip
def test_backend_over_tls_is_asked_where_that_is_on(lines: str, action: str) -> None:
    decision = decide(FILES.format(lines), "/x")
    assert decision.action == action
    assert decision.status == (500 if action == "denied" else 0)


def test_index_is_asked_for_with_the_requests_query() -> None:
    lines = "RewriteEngine On\nRewriteCond %{QUERY_STRING} q\nRewriteRule ^/index http://127.0.0.1:1/ [P]"
    assert decide(FILES.format(lines), "/").action == "local"
    assert decide(FILES.format(lines), "/?q").action == "depends"


def test_bad_host_depends_on_what_answers_bad_requests_only() -> None:
    config = PROXY.format("ErrorDocument {} http://else.example/")
    assert decide(config.format(404), host="a b").status == 400
    assert decide(config.format(400), host="a b").action == "depends"


@pytest.mark.parametrize(
    ("keys", "severities"),
    [({}, ["warning"]), ({"strict": True}, ["error"]), ({"live": True, "strict": True}, [])],
)
def test_a_route_test_that_is_open_warns_of_the_directive(
    keys: dict[str, bool], severities: list[str]
) -> None:
    vhost = {
        "server_name": "v0.example",
        "proxy_to": "http://127.0.0.1:1",
        "extra_directives": "StrictHostCheck On",
        "expect": [{"request": "GET /", "worker": "http://127.0.0.1:1", **keys}],
    }
    _compiled, problems = check_variables({"apache_vhosts": [vhost]}, CONCERN_NAMES)
    found = [one for one in problems if one.rule == "expect-depends"]
    assert [one.severity for one in found] == severities
    assert all("StrictHostCheck" in one.message for one in found)


@pytest.mark.parametrize(
    ("test", "way"),
    [
        pytest.param({"request": "GET /", "worker": "http://127.0.0.1:1"}, "doesn't show which worker", id="worker"),
        pytest.param({"request": "DELETE /", "status": 405}, "it may change data there", id="method"),
        pytest.param({"request": "GET /", "status": 200}, "add `live: true`", id="live"),
    ],
)  # fmt: skip
def test_nobody_is_told_to_ask_live_what_may_not_be(test: dict[str, Any], way: str) -> None:
    vhost = {
        "server_name": "a.test",
        "proxy_to": "http://127.0.0.1:1",
        "extra_directives": "StrictHostCheck On",
        "expect": [test],
    }
    _compiled, problems = check_variables({"apache_vhosts": [vhost]}, CONCERN_NAMES)
    (found,) = [one for one in problems if one.rule == "expect-depends"]
    assert way in found.fix


@pytest.mark.parametrize(("socket", "fails"), [("/run/a.sock", False), ("/run/b.sock", True)])
def test_a_test_that_names_a_socket_means_that_one(socket: str, *, fails: bool) -> None:
    """Two sockets with one name behind them are one worker, that of the first."""
    vhost = {
        "server_name": "a.test",
        "proxy_pass": [
            {"path": "/one/", "url": "unix:/run/a.sock|http://app/"},
            {"path": "/two/", "url": "unix:/run/b.sock|http://app/"},
        ],
        "expect": [{"request": "GET /two/x", "worker": f"unix:{socket}|http://app"}],
    }
    _compiled, problems = check_variables({"apache_vhosts": [vhost]}, CONCERN_NAMES)
    assert ("expect-failed" in [one.rule for one in problems]) is fails


FILES = "DocumentRoot /srv/www\n<VirtualHost *:19110>\nServerName v0.example\n{}\n</VirtualHost>"


@pytest.mark.parametrize(
    ("lines", "is_open"),
    [
        ("", False),
        ("<Directory /srv>\nRequire all granted\nOptions None\nAllowOverride None\n</Directory>", False),
        ("<Directory />\nRequire all denied\n</Directory>", True),
        ("<Directory />\nRequire all denied\n</Directory>\n<Directory /srv/www>\nRequire all granted\n</Directory>", False),
        ("<Directory /other>\nRequire all denied\n</Directory>", False),
        ("<Directory /srv>\nAllowOverride All\n</Directory>", True),
        ("<Files x.html>\nRequire all denied\n</Files>", True),
        ("<Files y.html>\nRequire all denied\n</Files>", False),
        ("<FilesMatch \"\\.html$\">\nSetHandler \"proxy:fcgi://127.0.0.1:9000\"\n</FilesMatch>", True),
        ("AddHandler x .html", True),
        ("VirtualDocumentRoot /srv/%0", True),
        ("DirectoryIndex a.php", False),
        ("AddHandler type-map var", False),
        ("AddHandler type-map html", True),
        ("AddHandler x .php", False),
        ("Redirect gone", True),
        (
            "FallbackResource /one\n<Location /one>\nFallbackResource /two\n</Location>\n"
            "ProxyPass /two http://127.0.0.1:1/", True,
        ),
        ("FallbackResource /a/x.html", False),
        ("Redirect gone\n<Location /a>\nRedirect 302 /b\n</Location>", True),
        ("<Location /b>\nRedirect gone\n</Location>", False),
        ("Redirect 1 /x", True),
        ("RedirectTemp 410 /x", False),
    ],
)  # fmt: skip
def test_what_refuses_or_diverts_a_file(lines: str, *, is_open: bool) -> None:
    decision = decide(FILES.format(lines), "/a/x.html")
    assert (decision.action == "depends") is is_open, decision


DRAINED = {"name": "dr", "members": [{"url": "http://10.0.0.1:8080", "status": "drain"}]}


def test_a_test_of_a_balancer_that_asks_nobody_says_so() -> None:
    expect = [{"request": "GET /", "worker": "balancer://dr"}]
    site = {"server_name": "a.example.com", "proxy_to": "balancer://dr", "expect": expect}
    variables = {"apache_balancers": [DRAINED], "apache_vhosts": [site]}
    (problem,) = check_variables(variables, CONCERN_NAMES)[1]
    assert "httpd answers 503 and asks nobody, not even balancer://dr" in problem.message


def test_a_test_that_cannot_be_read_hides_no_other() -> None:
    wrong = {"request": "GET /", "redirect": "/x"}
    unread = [
        {"request": "GET /x y", "status": 200},
        {"request": "GET /", "redirect": "/x", "headers": {"a b": "c"}},
    ]
    site = {
        "server_name": "a.example.com",
        "proxy_to": "http://10.0.0.1/",
        "expect": [wrong, *unread],
    }
    other = {**site, "server_name": "b.example.com", "expect": [wrong]}
    problems = check_variables({"apache_vhosts": [site, other]}, CONCERN_NAMES)[1]
    assert [(one.rule, str(one.place)) for one in problems if one.rule == "expect-failed"] == [
        ("expect-failed", "apache_vhosts[0] (a.example.com).expect[0]"),
        ("expect-failed", "apache_vhosts[1] (b.example.com).expect[0]"),
    ]
    assert len(problems) == 4
