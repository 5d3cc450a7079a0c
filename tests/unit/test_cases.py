"""Configurations that went wrong for somebody: the rule that says why, and silence where reading alone can't tell."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from module_utils._httpd.checking.check import check
from module_utils._httpd.checking.rule import UNKNOWN
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.problem import Problem

FIXTURES = Path(__file__).parent / "fixtures"
CASES = {
    case["id"]: case
    for case in map(json.loads, (FIXTURES / "broken.jsonl").read_text().splitlines())
}
APPS = sorted((FIXTURES / "apps").glob("*.conf"))
# The rule by which each case is found, and what its message says of the cause.
CERTAIN = {
    "condition-dollar-instead-of-percent": ("unknown-rewrite-map", "RewriteMap `HTTP`"),
    "directive-of-22-sslmutex": ("replaced-directive", "a directive of httpd 2.2"),
    "duplicate-listen": ("overlapping-listen", r"Listen \*:80 overlaps"),
    "inline-comment": ("comment-at-line-end", "`#add` doesn't begin a comment"),
    "limitrequestbody-no-effect": ("limit-request-body-without-effect", "no effect"),
    "location-order-guacamole": ("location-never-wins", "comes later"),
    "path-needed-outside-location": ("proxy-pass-without-path", "has no path"),
    "proxypassreverse-uds": ("reverse-names-socket", "no Location header"),
    "quoted-params": ("parameters-in-one-word", "acque, timeout, keepalive is lost"),
    "redirect-missing-slash": ("redirect-target-without-slash", "no slash at its end"),
    "rewrite-p-beats-proxypass": ("rewrite-takes-every-request", "sends every request"),
    "rewrite-p-user-host": ("client-chooses-host", "lets the client choose"),
    "rewrite-target-drops-capture": ("rewrite-drops-path", r"has no \$1"),
    "root-target-no-slash": ("proxy-pass-target-without-slash", "no slash at its end"),
    "server-status-shadowed": ("page-behind-proxy", '"/" at .* proxies it'),
    "serverlimit-missing": ("workers-lowered", "3522 becomes 400: ServerLimit is 16"),
    "shadow-invidious-companion": ("rule-never-fires", '"/" at .* comes first'),
    "shadow-teamcity-agent-terminal": ("rule-never-fires", '"/tc" at .* comes first'),
    "ssl-vhost-without-engine": ("ssl-engine-missing", "without TLS"),
    "sslproxyengine-missing": ("ssl-proxy-engine-missing", "SSLProxyEngine is off"),
    "stapling-cache-in-vhost": ("directive-not-in-virtual-host", "`SSLStaplingCache`"),
    "unknown-worker-param": ("unknown-parameter", "`acque=3000`"),
    "weak-tls": ("broken-tls-protocol", r"allows tlsv1, tlsv1\.1"),
    "worker-sharing-params": ("worker-shared", "parameters are ignored"),
    "xfp-in-catchall-vhost": ("virtual-host-as-defaults", "inherits `RequestHeader`"),
}
HEURISTIC = {
    "client-denied-proxy-block": ("proxy-section-denies", "keeps clients out"),
    "connectiontimeout-unit": ("connection-timeout-too-long", "66 minutes"),
    "cookiepath-url": ("cookie-rewrite-with-url", "no path that a cookie has"),
    "mixed-22-24-access": ("old-and-new-access-rules", "beside Require"),
    "shadow-thingsboard-ws": ("rule-never-fires", "comes first"),
    "sso-header-not-cleared": ("identity-header-not-cleared", "X-Forwarded-Uuid"),
    "subpath-slash-mismatch": ("proxy-pass-target-without-slash", "backends get `//`"),
    "uds-in-tmp": ("socket-in-tmp", "a /tmp of its own"),
    "unrouteable-listen-address": ("target-is-any-address", "every interface"),
    "wss-to-plain-backend": ("tls-and-plain-on-one-port", "asks without"),
}
BY_MODULES = {
    "lbmethod-before-proxy": ("balancing-method-without-proxy", "without `proxy_module`"),
    "module-headers-missing": ("module-missing", "module headers"),
    "module-proxy-http-missing": ("protocol-module-missing", "module proxy_http"),
}
OF_THE_MAIN_SERVER = re.compile(r"<VirtualHost|LoadModule|^Listen|MaxRequestWorkers", re.MULTILINE)
LOADED = Environment(modules=frozenset({"proxy_module"}), closed=False)
WITHOUT = Environment(modules=frozenset(), closed=False)
SILENT = [name for name, case in CASES.items() if case["static_class"] == "no"]
# The errors that httpd, or the application's users, would agree with.
ERRORS_OF_APPS = {
    ("06-jitsi-meet.conf", "proxy-pass-target-without-slash"): "the backend gets //",
    ("09-zammad.conf", "proxy-pass-target-without-slash"): "the backend gets //",
    ("13-mailcow.conf", "ssl-engine-missing"): "port 443 speaks plain HTTP",
    ("20-jellyfin-subpath.conf", "location-never-wins"): "the socket's rule is the later one's",
    ("25-nextcloud-talk-signaling.conf", "ssl-engine-missing"): "port 443 speaks plain HTTP",
    ("29-couchdb.conf", "proxy-pass-target-without-slash"): "everything but / is a 500",
    ("34-dataverse-ssl-sample.conf", "replaced-directive"): "httpd 2.4 refuses SSLMutex",
    ("38-hedgedoc.conf", "proxy-pass-target-without-slash"): "the backend gets //",
}  # fmt: skip


def found_in(text: str, file: str = "x.conf", environment: Environment = UNKNOWN) -> list[Problem]:
    """Return what the rules say of a whole configuration, or of a virtual host's inside."""
    whole = text
    if not OF_THE_MAIN_SERVER.search(text):
        whole = f"<VirtualHost *:80>\n{text}\n</VirtualHost>\n"
    if "Listen" not in text:
        whole += "\n" + "\n".join(f"Listen {port}" for port in (80, 443, 8448))
    tree, _problems = parse_tree(whole, file)
    expansion = expand(tree, environment)
    problems = check(view(expansion.tree), expansion.environment)
    return [problem for problem in problems if problem.severity != "hint"]


@pytest.mark.parametrize(
    ("case", "rule", "says"),
    [pytest.param(case, *found, id=case) for case, found in {**CERTAIN, **HEURISTIC}.items()],
)
def test_a_case_is_found_by_the_rule_that_states_its_cause(case: str, rule: str, says: str) -> None:
    said = [one.message for one in found_in(CASES[case]["config"]) if one.rule == rule]
    assert [message for message in said if re.search(says, message)]


def test_every_certain_case_is_in_the_table() -> None:
    certain = {name for name, case in CASES.items() if case["static_class"] == "certain"}
    by_modules = {name for name, case in CASES.items() if "module" in case["static_class"]}
    assert (certain, by_modules) == (set(CERTAIN), set(BY_MODULES))


@pytest.mark.parametrize(
    ("case", "rule", "says"),
    [pytest.param(case, *found, id=case) for case, found in BY_MODULES.items()],
)
def test_a_missing_module_is_found_once_the_loaded_ones_are_known(
    case: str, rule: str, says: str
) -> None:
    config = CASES[case]["config"]
    modules = WITHOUT if "LoadModule" in config else LOADED
    assert rule not in {one.rule for one in found_in(config)}
    said = [one.message for one in found_in(config, environment=modules) if one.rule == rule]
    assert [message for message in said if re.search(says, message)]


@pytest.mark.parametrize("case", SILENT)
def test_nothing_is_said_where_reading_cannot_tell(case: str) -> None:
    assert found_in(CASES[case]["config"]) == []


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.stem)
def test_an_application_has_no_error_but_those_that_are_true(path: Path) -> None:
    errors = {
        (path.name, problem.rule)
        for problem in found_in(path.read_text(), path.name)
        if problem.severity == "error"
    }
    assert errors == {key for key in ERRORS_OF_APPS if key[0] == path.name}
