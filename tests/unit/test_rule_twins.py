"""What a rule must leave alone beside what it finds, as httpd 2.4.71 was asked."""

from __future__ import annotations

import pytest
from module_utils._httpd.checking.rule import UNKNOWN
from module_utils._httpd.checking.rules.all_rules import RULES
from module_utils._httpd.checking.rules.routing.rule_order import EVERYTHING
from module_utils._httpd.reading.environment import Environment
from test_rules import read

BY_ID = {rule.id: rule for rule in RULES}
VHOST = "<VirtualHost {}>\nServerName {}\n{}</VirtualHost>\n"


def fires(rule: str, text: str, environment: Environment = UNKNOWN) -> bool:
    """Tell whether a rule finds anything in a configuration."""
    return any(BY_ID[rule].problems(*read(text, environment)))


def members(*words: str, before: str = "") -> str:
    """Write a balancer of two members, words behind the first."""
    extra = " ".join(words)
    return (
        f"{before}<Proxy balancer://b>\nBalancerMember http://h1:1 {extra}\n"
        "BalancerMember http://h2:1\n</Proxy>\nProxyPass / balancer://b/\n"
    )


EXPRESSION = "ProxyHCExpr Alive {%{REQUEST_STATUS} =~ /^2/}\n"
WITH_ENGINE = "SSLEngine on\nSSLCertificateFile /c\n"
TOLD = "RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}\n"
TRUSTS = "RemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy {}\n"
TWINS = [
    pytest.param("every-client-trusted", TRUSTS.format("0.0.0.0/0"), True, id="what httpd refuses"),
    pytest.param("every-client-trusted", TRUSTS.format("::/0"), True, id="every IPv6 address"),
    pytest.param(
        "every-client-trusted", TRUSTS.format("0.0.0.0/1 128.0.0.0/1"), True, id="two halves"
    ),
    pytest.param(
        "every-client-trusted",
        TRUSTS.format("10.0.0.0/8 ::/1 proxy.example.com"),
        False,
        id="parts",
    ),
    pytest.param("number-misread", "Timeout abc", True, id="a word for a number"),
    pytest.param("number-misread", "LimitRequestFields 0x10", True, id="a hexadecimal number"),
    pytest.param("number-misread", "RLimitCPU 10 abc", True, id="a second word for a number"),
    pytest.param("number-misread", "RLimitCPU 10 max", False, id="as much as there is"),
    pytest.param("number-misread", "MaxRanges unlimited", False, id="as many as there are"),
    pytest.param("number-misread", "Timeout ${SECONDS}", False, id="an open number"),
    pytest.param("number-misread", "KeepAliveTimeout 500ms", False, id="a number with its unit"),
    pytest.param("unknown-setting", "ProxyTimeout 0", True, id="no time"),
    pytest.param("unknown-setting", "ProxyTimeout 500ms", False, id="half a second"),
    pytest.param(
        "balancer-replaced-by-main",
        members() + VHOST.format("*:80", "a", members()),
        False,
        id="the same members",
    ),
    pytest.param(
        "balancer-replaced-by-main",
        members() + VHOST.format("*:80", "a", members().replace("h2", "h3")),
        True,
        id="another member",
    ),
    pytest.param(
        "directive-not-in-section",
        "<Proxy http://h/>\nSSLProxyEngine On\n</Proxy>",
        False,
        id="TLS of one worker",
    ),
    pytest.param(
        "directive-not-in-section",
        "<Location /a>\nAlias /b /c\n</Location>",
        True,
        id="two words in a section",
    ),
    pytest.param(
        "directive-not-in-section", "<Location /a>\nAlias /c\n</Location>", False, id="one word"
    ),
    pytest.param(
        "directive-not-in-section",
        VHOST.format("*:80", "a", VHOST.format("*:80", "b", "")),
        True,
        id="a host in a host",
    ),
    pytest.param(
        "directive-not-in-section",
        "<If true>\n<Location /a>\n</Location>\n</If>",
        True,
        id="a location in a condition",
    ),
    pytest.param("directive-not-in-section", "ServerAlias a", True, id="no host"),
    pytest.param("wrong-number-of-arguments", "<Location /a b>\n</Location>", True, id="two paths"),
    pytest.param("proxy-words-unreadable", "ProxyPassMatch ^/gone", True, id="no target"),
    pytest.param("proxy-words-unreadable", "ProxyPass / http://h/ noquery", False, id="a flag"),
    pytest.param(
        "proxy-words-unreadable", "ProxyPassReverse / http://h/ interpolate", False, id="reverse"
    ),
    pytest.param("proxy-words-unreadable", "BalancerMember http://h", True, id="no balancer"),
    pytest.param("proxy-words-unreadable", "ProxySet lbmethod=bytraffic", True, id="no name"),
    pytest.param(
        "proxy-words-unreadable",
        members() + "ProxySet balancer://b growth=5\n",
        False,
        id="set after it",
    ),
    pytest.param(
        "proxy-words-unreadable",
        "ProxySet balancer://b growth=5\n" + members(),
        True,
        id="set before it",
    ),
    pytest.param(
        "proxy-words-unreadable",
        "<LocationMatch ^/>\nProxySet balancer://x growth=5\n</LocationMatch>",
        True,
        id="set in a section",
    ),
    pytest.param("rewrite-flags-unreadable", "RewriteRule ^ - [QSD,DPI,END]", False, id="flags"),
    pytest.param("rewrite-flags-unreadable", "RewriteRule ^ - [X]", True, id="an unknown flag"),
    pytest.param("rewrite-flags-unreadable", "RewriteCond a b NC]", True, id="half a bracket"),
    pytest.param("rewrite-flags-unreadable", "RewriteRule ^ /a [L,R=999]", True, id="no status"),
    pytest.param("rewrite-flags-unreadable", "RewriteRule ^ - [redirect=99]", True, id="nor that"),
    pytest.param("rewrite-flags-unreadable", "RewriteRule ^ - [R=204]", False, id="a status"),
    pytest.param("rewrite-flags-unreadable", "RewriteRule ^ - [R=404x,L]", False, id="digits"),
    pytest.param("rewrite-flags-unreadable", "RewriteRule ^ /a [R=gone]", False, id="a word"),
    pytest.param("header-unreadable", "Header se X y", True, id="no action"),
    pytest.param("header-unreadable", "Header edit* X a b env=C", False, id="an edit"),
    pytest.param("header-unreadable", "RequestHeader unset X early", False, id="early"),
    pytest.param("parameter-out-of-range", members("addressttl=X"), True, id="no seconds"),
    pytest.param("parameter-out-of-range", members("addressttl=5min"), False, id="minutes"),
    pytest.param("wrong-number-of-arguments", "ServerName a b", True, id="two names"),
    pytest.param("wrong-number-of-arguments", 'ServerName ""', True, id="an empty name"),
    pytest.param("wrong-number-of-arguments", "ServerName ${NAME}", False, id="any words"),
    pytest.param("wrong-number-of-arguments", "KeepAlive On Off", False, id="after a switch"),
    pytest.param("unknown-setting", "SSLProxyEngine yes", True, id="neither on nor off"),
    pytest.param("unknown-setting", "UseCanonicalName DNS", False, id="a third word"),
    pytest.param("invalid-pattern", "RewriteCond %{HTTP_HOST} !(", True, id="negated"),
    pytest.param("invalid-pattern", "RewriteCond %{HTTP_HOST} =(", False, id="compared"),
    pytest.param("invalid-pattern", "RedirectMatch 307 a** /x", True, id="behind a status"),
    pytest.param("invalid-pattern", "AliasMatch (*UTF8)a /x", False, id="a verb"),
    pytest.param("invalid-pattern", "AliasMatch ^/{a{{2} /x", False, id="a brace"),
    pytest.param("invalid-pattern", '<Location ~ "(">\n</Location>', True, id="a section"),
    pytest.param("invalid-address", "Listen 0", True, id="port 0"),
    pytest.param("invalid-address", "Listen ${PORT}", False, id="any port"),
    pytest.param("invalid-address", "Listen [::1]:8080 http", False, id="an IPv6 address"),
    pytest.param("invalid-address", VHOST.format("*:99999", "a", ""), True, id="a large port"),
    pytest.param("invalid-address", VHOST.format("[::1]", "a", ""), False, id="no port"),
    pytest.param("invalid-address", "Listen 10.0.0.256:80", True, id="a number above 255"),
    pytest.param("invalid-address", "Listen 127.1:80", False, id="a short address"),
    pytest.param("invalid-address", VHOST.format("1.2.3.4.5:80", "a", ""), True, id="five numbers"),
    pytest.param("invalid-address", VHOST.format("10.0.0.256", "a", ""), True, id="and no port"),
    pytest.param("invalid-address", VHOST.format("10.0.0:80", "a", ""), False, id="three numbers"),
    pytest.param("parameter-out-of-range", members("hcinterval=99ms"), True, id="99ms"),
    pytest.param("parameter-out-of-range", members("hcinterval=100ms"), False, id="100ms"),
    pytest.param("parameter-out-of-range", members("hcinterval=5"), False, id="5 s"),
    pytest.param("parameter-out-of-range", members("hcinterval=0.5"), True, id="half a second"),
    pytest.param("parameter-out-of-range", members("hcmethod=get11"), False, id="GET11"),
    pytest.param("parameter-out-of-range", members("hcmethod=CPING"), True, id="CPING"),
    pytest.param("parameter-out-of-range", "ProxyPass / http://h/ mapping=x", True, id="mapping"),
    pytest.param("health-check-undefined", members("hcexpr=alive"), True, id="nowhere"),
    pytest.param(
        "health-check-undefined",
        members("hcexpr=alive", before=EXPRESSION),
        False,
        id="in any case",
    ),
    pytest.param(
        "health-check-undefined",
        EXPRESSION + VHOST.format("*:80", "a", members("hcexpr=alive")),
        True,
        id="the main server's, in a virtual host",
    ),
    pytest.param(
        "health-check-undefined", members("hcexpr=a") + "Include x.conf\n", False, id="elsewhere"
    ),
    pytest.param("pattern-appends-path", "ProxyPassMatch ^/a http://h:1", False, id="no path"),
    pytest.param("pattern-appends-path", "ProxyPassMatch ^/a !", False, id="exclusion"),
    pytest.param("pattern-appends-path", "ProxyPassMatch ^/a http://h:1/", True, id="a slash"),
    pytest.param("member-shared", members(), False, id="other hosts"),
    pytest.param("balancer-path-ignored", members(), False, id="balancer without path"),
    pytest.param(
        "rule-behind-pattern",
        "ProxyPassMatch ^/(.*)$ !\nProxyPass /x !\n",
        False,
        id="two exclusions",
    ),
    pytest.param(
        "rule-behind-pattern",
        "ProxyPassMatch ^/a/(.*)$ http://h/$1\nProxyPass /x http://h/x\n",
        False,
        id="narrow pattern",
    ),
    pytest.param(
        "forwarded-proto-missing",
        VHOST.format("*:443", "a", f"{WITH_ENGINE}ProxyPass / https://h/\n"),
        False,
        id="backend speaks TLS",
    ),
    pytest.param(
        "forwarded-proto-missing",
        TOLD + VHOST.format("*:443", "a", f"{WITH_ENGINE}ProxyPass / http://h/\n"),
        False,
        id="the main server tells",
    ),
    pytest.param(
        "address-before-name",
        VHOST.format("10.0.0.1:80", "a", "") + VHOST.format("*:81", "b", ""),
        False,
        id="other ports",
    ),
    pytest.param(
        "address-before-name",
        VHOST.format("127.0.0.1:80", "a", "") + VHOST.format("*:80", "b", ""),
        False,
        id="loopback",
    ),
    pytest.param(
        "address-before-name",
        VHOST.format("10.0.0.1:80", "a", "") + VHOST.format("10.0.0.1:80 *:80", "b", ""),
        False,
        id="the name is on both",
    ),
]


ABSENT = [
    pytest.param("undefined-balancer", "ProxyPass / balancer://b/\n", id="balancer"),
    pytest.param("ssl-proxy-engine-missing", "ProxyPass / https://h/\n", id="engine"),
    pytest.param("remote-ip-trusts-everyone", "RemoteIPHeader X-Forwarded-For\n", id="proxies"),
    pytest.param("backend-authority-missing", "SSLProxyVerify require\n", id="authority"),
    pytest.param("unknown-rewrite-map", "RewriteRule ^/(.*) ${m:$1} [R]\n", id="map"),
    pytest.param(
        "page-exposed", "<Location /s>\nSetHandler server-status\n</Location>\n", id="limits"
    ),
    pytest.param("listen-missing", VHOST.format("*:81", "a", ""), id="listener"),
]


@pytest.mark.parametrize(("rule", "text"), ABSENT)
def test_nothing_is_missing_while_an_include_may_have_it(rule: str, text: str) -> None:
    assert fires(rule, f"Listen 80\n{text}")
    assert not fires(rule, f"Listen 80\n{text}Include more.conf\n")


def test_prefork_has_no_threads_to_count() -> None:
    prefork = "LoadModule mpm_prefork_module mpm.so\n"
    assert fires("workers-lowered", "MaxRequestWorkers 256\n")
    assert not fires("workers-lowered", f"{prefork}MaxRequestWorkers 256\n")


def test_an_escaped_question_mark_of_a_substitution_is_no_pattern() -> None:
    assert not fires("path-has-query", "RewriteRule old /new\\?x\n")
    assert fires("path-has-query", "RewriteRule ^/old\\?x /new\n")
    assert fires("path-has-query", "RedirectMatch permanent ^/old\\?x /new\n")


@pytest.mark.parametrize(("rule", "text", "expected"), TWINS)
def test_a_rule_fires_there_and_not_here(rule: str, text: str, expected: bool) -> None:
    assert fires(rule, f"Listen 80\n{text}") is expected


PATTERNS = [
    *((pattern, True) for pattern in ("", "^", "^/", "/", ".*", "^/(.*)$", "^(/.*)$", "^/?(.*)", "(.+)")),
    *((pattern, False) for pattern in ("^/$", "^$", "^/.+$", "^/a", "^/(a|b)$", "^/?$", "^(/)$")),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "expected"), PATTERNS)
def test_patterns_that_every_path_matches(pattern: str, expected: bool) -> None:
    assert bool(EVERYTHING.fullmatch(pattern)) is expected


HOLES = [
    pytest.param("Protocols h2\n", (2, 4, 66), True, id="in the release"),
    pytest.param("Protocols h2\n", (2, 4, 67), False, id="mended"),
    pytest.param("Protocols h2\n", (2, 4, 65), False, id="before it came"),
    pytest.param("Protocols h2\n", None, False, id="unknown"),
    pytest.param("Protocols http/1.1\n", (2, 4, 66), False, id="not opened"),
    pytest.param("RewriteCond expr true\nRewriteRule ^ -\n", (2, 4, 64), True, id="2.4.64 only"),
    pytest.param("RewriteCond expr true\nRewriteRule ^ -\n", (2, 4, 65), False, id="not 2.4.65"),
    pytest.param("RewriteRule ^/(.*)$ $1\n", (2, 4, 59), True, id="leading reference"),
    pytest.param("RewriteRule ^/(.*)$ /x/$1\n", (2, 4, 59), False, id="a path leads"),
    pytest.param("SSLVerifyClient require\n", (2, 4, 63), True, id="client certificates"),
    pytest.param("SSLVerifyClient none\n", (2, 4, 63), False, id="none asked"),
]


@pytest.mark.parametrize(("text", "version", "expected"), HOLES)
def test_a_hole_is_told_of_the_releases_that_have_it(
    text: str, version: tuple[int, int, int] | None, expected: bool
) -> None:
    assert fires("vulnerable-version", text, Environment(version=version)) is expected
