"""Configurations that went wrong for somebody: the rule that says why, and silence where reading alone can't tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from module_utils._httpd.check import check
from module_utils._httpd.environment import Environment
from module_utils._httpd.expand import expand
from module_utils._httpd.parse import parse_tree
from module_utils._httpd.problem import Problem
from module_utils._httpd.view import view

FIXTURES = Path(__file__).parent / "fixtures"
CASES = {
    case["id"]: case
    for case in map(json.loads, (FIXTURES / "broken.jsonl").read_text().splitlines())
}
APPS = sorted((FIXTURES / "apps").glob("*.conf"))
# The rule by which each case is found.
FOUND = {
    "directive-of-22-sslmutex": "replaced-directive",
    "inline-comment": "comment-at-line-end",
    "limitrequestbody-no-effect": "limit-request-body-without-effect",
    "location-order-guacamole": "location-never-wins",
    "proxypassreverse-uds": "reverse-names-socket",
    "quoted-params": "interval-misread",
    "rewrite-p-beats-proxypass": "rewrite-takes-every-request",
    "rewrite-p-user-host": "client-chooses-host",
    "root-target-no-slash": "proxy-pass-target-without-slash",
    "server-status-shadowed": "page-behind-proxy",
    "shadow-invidious-companion": "rule-never-fires",
    "shadow-teamcity-agent-terminal": "rule-never-fires",
    "shadow-thingsboard-ws": "rule-never-fires",
    "sslproxyengine-missing": "ssl-proxy-engine-missing",
    "subpath-slash-mismatch": "proxy-pass-target-without-slash",
    "unknown-worker-param": "unknown-parameter",
    "weak-tls": "broken-tls-protocol",
    "worker-sharing-params": "worker-shared",
}
SILENT = [name for name, case in CASES.items() if case["static_class"] == "no"]
# The errors that httpd, or the application's users, would agree with.
ERRORS_OF_APPS = {
    ("06-jitsi-meet.conf", "proxy-pass-target-without-slash"): "the origin gets //",
    ("09-zammad.conf", "proxy-pass-target-without-slash"): "the origin gets //",
    ("20-jellyfin-subpath.conf", "location-never-wins"): "the socket's rule is the later one's",
    ("29-couchdb.conf", "proxy-pass-target-without-slash"): "everything but / is a 500",
    ("34-dataverse-ssl-sample.conf", "replaced-directive"): "httpd 2.4 refuses SSLMutex",
    ("38-hedgedoc.conf", "proxy-pass-target-without-slash"): "the origin gets //",
}  # fmt: skip


def found_in(text: str, file: str = "x.conf") -> list[Problem]:
    """Return what the rules say of a whole configuration, or of a virtual host's inside."""
    is_whole = any(word in text for word in ("<VirtualHost", "LoadModule"))
    whole = text if is_whole else f"<VirtualHost *:80>\n{text}\n</VirtualHost>\nListen 80\n"
    tree, _problems = parse_tree(whole, file)
    return [
        problem
        for problem in check(view(expand(tree, Environment()).tree))
        if problem.severity != "hint" and problem.rule != "listen-missing"
    ]


@pytest.mark.parametrize(("case", "rule"), FOUND.items(), ids=list(FOUND))
def test_a_case_is_found_by_its_rule(case: str, rule: str) -> None:
    assert rule in {problem.rule for problem in found_in(CASES[case]["config"])}


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
