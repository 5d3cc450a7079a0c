"""Every word that httpd knows has a class: modelled, harmless or open. What has none is open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deciding import PROXY, decide
from module_utils._httpd.checking.rules.text.parameter_ranges import (
    BALANCER_VALUES,
    WORKER_VALUES,
)
from module_utils._httpd.resolve.unmodelled.reach import REACHES
from module_utils._httpd.variables.parameters import NAMES
from module_utils._httpd.vocabulary.directives import DIRECTIVES
from module_utils._httpd.vocabulary.effects.directive_effects import (
    HARMLESS,
    MODELLED,
    OPEN,
    spelling_of,
)
from module_utils._httpd.vocabulary.effects.packaged_effects import (
    PACKAGED_HARMLESS,
    PACKAGED_OPEN,
    PACKAGED_SPELLINGS,
)
from module_utils._httpd.vocabulary.effects.word_effects import OPEN_FLAGS, open_parameters

FIXTURE = Path(__file__).parent / "fixtures" / "packaged_directives.txt"


def test_every_directive_has_one_class() -> None:
    classes = (MODELLED, {*HARMLESS}, {*OPEN})
    everything = {name for names in classes for name in names}
    assert everything == {*DIRECTIVES}
    assert sum(map(len, classes)) == len(everything)


def test_every_reach_can_be_asked() -> None:
    # Sections of files and ErrorDocument are asked for by what they lead to, limits before the virtual host is known.
    assert {*OPEN.values(), *PACKAGED_OPEN.values()} - {*REACHES} == {
        "itself below a path",
        "status",
        "while it is read",
    }


def test_every_directive_of_a_packaged_module_has_one_class() -> None:
    lines = FIXTURE.read_text().splitlines()[1:]
    assert sorted(PACKAGED_SPELLINGS.values()) == sorted(line.split()[1] for line in lines)
    assert not PACKAGED_HARMLESS.keys() & PACKAGED_OPEN.keys()
    assert not PACKAGED_SPELLINGS.keys() & DIRECTIVES.keys()


def test_directive_is_told_as_it_is_spelled() -> None:
    assert [*map(spelling_of, ("proxypass", "qs_srvmaxconn", "strange"))] == [
        "ProxyPass", "QS_SrvMaxConn", "strange",
    ]  # fmt: skip


PACKAGED: dict[str, tuple[str, dict[str, Any], bool]] = {
    "rules that are off": ("SecRuleEngine Off\nSecRule ARGS x id:1,deny", {}, False),
    "rules that nobody switched on": ("SecRule ARGS x id:1,deny", {}, False),
    "rules that are on": ("SecRuleEngine On", {}, True),
    "rules that the virtual host has off": (
        "SecRuleEngine Off\n</VirtualHost>\nSecRuleEngine On\n<VirtualHost *:19111>", {}, False,
    ),
    "rules that watch": ("SecRuleEngine DetectionOnly", {}, True),
    "rules that are off below a path, as their first phase doesn't know": (
        "SecRuleEngine On\n<Location />\nSecRuleEngine Off\n</Location>", {}, True,
    ),
    "where audits are kept": ("SecAuditLog /var/log/audit.log", {}, False),
    "a limit of another path": ("QS_LocRequestLimit /api 5", {"target": "/shop"}, False),
    "a limit of the path": ("QS_LocRequestLimit /api 5", {"target": "/api/x"}, True),
    "a limit of every path": ("QS_EventPerSecLimit X 5", {}, True),
    "logins": ("OIDCClientID x\nOIDCScope openid", {}, False),
    "where logins come back": ("OIDCRedirectURI https://v0.example/back?x", {"target": "/back"}, True),
    "elsewhere": ("OIDCRedirectURI /back", {"target": "/"}, False),
    "a module that acts without a directive": (
        "</VirtualHost>\nLoadModule evasive20_module m.so\n<VirtualHost *:19111>", {}, True,
    ),
    "one that doesn't": ("</VirtualHost>\nLoadModule php_module m.so\n<VirtualHost *:19111>", {}, False),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "request_fields", "is_open"), PACKAGED.values(), ids=PACKAGED)
def test_packaged_modules(lines: str, request_fields: dict[str, Any], *, is_open: bool) -> None:
    decision = decide(PROXY.format(lines), **request_fields)
    assert (decision.action == "depends") is is_open, decision


# https://httpd.apache.org/docs/2.4/rewrite/flags.html; CO, E, F, G, R, S with what they need
FLAGS = (
    "B", "BCTLS", "BNE=/", "BNP", "C", "CO=a:b:c", "DPI", "E=a:b", "END", "F", "G", "H=x", "L", "N", "NC", "NE", "NS", "P", "PT",
    "QSA", "QSD", "QSL", "R", "S=1", "T=text/html", "UNC", "UnsafeAllow3F", "UnsafePrefixStat", "strange",
)  # fmt: skip


@pytest.mark.parametrize("flag", FLAGS)
def test_flag_opens_the_answer_or_is_known(flag: str) -> None:
    rules = f"RewriteEngine On\nRewriteRule ^/x$ http://127.0.0.1:19201/y [{flag}]"
    name = flag.partition("=")[0]
    decision = decide(PROXY.format(rules), "/x")
    assert (decision.action == "depends") is (name in {*OPEN_FLAGS, "strange"}), decision
    if decision.action == "depends":
        assert decision.reasons[-1].text == f"it depends on the flag {name.upper()}"


def test_flag_of_subrequests_is_open_for_them_only() -> None:
    lines = "RewriteEngine On\nRewriteRule ^/index.html$ /other [NS,L]"
    config = PROXY.replace("ProxyPass / http://127.0.0.1:19201/\n", "").format(lines)
    assert decide(config, "/index.html").action == "local"
    assert decide(config, "/").action == "depends"


def test_every_parameter_that_can_be_written_is_known() -> None:
    written = {*WORKER_VALUES, *BALANCER_VALUES, *NAMES}
    assert open_parameters(dict.fromkeys(written, "")) == frozenset()
    assert open_parameters({"strange": "1", "ttl": "2"}) == {"strange"}


@pytest.mark.parametrize(
    "lines",
    [
        "</VirtualHost>\n<Proxy http://127.0.0.1:19201/>\nProxySet strange=1\n</Proxy>\n<VirtualHost *:19111>",
        "ProxyPass /x balancer://b/\n<Proxy balancer://b>\nBalancerMember http://127.0.0.1:1 strange=1\n</Proxy>",
        "ProxyPass /x balancer://b/ strange=1\n<Proxy balancer://b>\nBalancerMember http://127.0.0.1:1\n</Proxy>",
    ],
)
def test_unknown_parameter_opens_the_answer(lines: str) -> None:
    config = PROXY.replace("ProxyPass / http", "ProxyPass /y http").format(lines)
    config = config.replace("ProxyPass /y", "ProxyPass /x") if "/x" not in lines else config
    decision = decide(config, "/x")
    assert decision.reasons[-1].text == "it depends on the parameter strange"


# https://httpd.apache.org/docs/2.4/expr.html#functions, and operators with one word
FUNCTIONS = (
    "base64", "env", "escape", "file", "filesize", "http", "ldap", "md5", "note", "osenv", "replace", "req", "reqenv", "req_novary",
    "resp", "sha1", "strange", "tolower", "toupper", "unbase64", "unescape",
)  # fmt: skip
UNARY = (
    "-d", "-e", "-f", "-s", "-L", "-h", "-F", "-U", "-A", "-n", "-z", "-T", "-R", "-strange",
)  # fmt: skip
LISTS = ("'a' in {'a'}", "'1' -eq '1'", "'10.0.0.1' -ipmatch '10.0.0.0/8'", "'a' -strmatch 'a*'")


@pytest.mark.parametrize(
    "expression",
    [
        *(f"{name}('a') == 'b'" for name in FUNCTIONS),
        *(f"{operator} 'a'" for operator in UNARY),
        *LISTS,
        "%{strange} == 'a'",
        "%{strange:a} == 'a'",
        "%{REMOTE_ADDR} == '192.0.2.1'",
    ],
)
def test_expression_that_is_not_read_opens_the_answer(expression: str) -> None:
    section = f'<If "{expression}">\nRequire all denied\n</If>'
    assert decide(PROXY.format(section)).action == "depends"


@pytest.mark.parametrize(
    "words",
    ["\"%D\"", "\"%t\"", "\"%{X}e\"", "\"%{X}s\"", "\"expr=%{REQUEST_URI}\"", "a env=X", "a expr=true", "\"%%\"", "\"\""],
)  # fmt: skip
def test_header_with_a_format_or_a_condition_is_open(words: str) -> None:
    decision = decide(PROXY.format(f"RequestHeader set X-A {words}"))
    assert decision.action == "proxy"
    assert [*decision.open_headers] == ["X-A"]
    assert "X-A" not in decision.headers
