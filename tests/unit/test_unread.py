"""What is said where a file of a configuration can't be read, and what isn't."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.adopting import adopt_files
from module_utils._host.draft.draft_problems import unread_problems
from module_utils._host.reading import AssumedHttpd, read_path, to_plain
from module_utils._httpd.checking.line_rules import _IDS, LINE_RULES
from module_utils._httpd.checking.rule import Rule
from module_utils._httpd.checking.rules.all_rules import RULES
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.view import view
from module_utils._httpd.resolve.plain_requests import read_request
from module_utils._httpd.syntax.parse import parse_tree
from test_reading import NOWHERE

from playbooks import run

SITE = """\
<VirtualHost *:80>
  ServerName shop.example.com
  ProxyPass /api balancer://api
  ProxyPass / http://10.0.0.1:8080
  ErrorLog ${LOGS}/shop.log
  Use Common
</VirtualHost>
"""
URL = "http://shop.example.com/x"


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """A main file with a site, and an Include of what can't be read."""
    os.mkfifo(tmp_path / "pay.conf")
    (tmp_path / "httpd.conf").write_text(f"Include pay.conf\n{SITE}")
    return tmp_path / "httpd.conf"


def test_every_decision_depends_on_it(main: Path) -> None:
    plain = to_plain(read_path(str(main), AssumedHttpd(), NOWHERE), [read_request(URL)])
    (decision,) = plain["decisions"]
    assert (decision["action"], decision["cause"]) == ("depends", "unreadable")
    assert decision["explanation"] == [
        "depends on what reading can't know (unreadable): ask the server",
        "because",
        "  pay.conf is no regular file; name a file that holds directives"
        f" ({main.parent}/pay.conf (included from {main}:1))",
    ]
    assert (plain["variables"], plain["modules"]) == ({}, [])
    assert plain["unread"] == [
        f"{main.parent}/pay.conf (included from {main}:1): pay.conf is no regular file; name a file that holds directives"
    ]


def test_a_file_that_can_be_read_opens_nothing(main: Path) -> None:
    (main.parent / "pay.conf").unlink()
    (main.parent / "pay.conf").write_text("Listen 80\n")
    plain = to_plain(read_path(str(main), AssumedHttpd(), NOWHERE), [read_request(URL)])
    assert plain["decisions"][0]["action"] != "depends"
    assert plain["variables"]["apache_vhosts"]
    assert plain["unread"] == []


def test_only_what_a_line_says_by_itself_is_a_problem_beside_it(main: Path) -> None:
    # It may listen, load modules, define LOGS and Common, and have the balancer.
    problems = read_path(str(main), AssumedHttpd(), NOWHERE).problems
    assert [problem.rule for problem in problems] == [
        "unreadable-file",
        "proxy-pass-target-without-slash",
    ]


@pytest.mark.parametrize("rule", LINE_RULES, ids=lambda rule: rule.id)
def test_what_a_line_says_by_itself_no_other_text_takes_back(rule: Rule) -> None:
    assert rule in RULES
    others = "\n".join(f"{one.bad}\n{one.good}" for one in RULES if one is not rule)
    bad, environment = rule.bad, rule.examples_in

    def found(before: str) -> set[str]:
        tree = (*parse_tree(before, "other.conf")[0], *parse_tree(bad, "bad.conf")[0])
        expansion = expand(tree, environment)
        problems = rule.problems(view(expansion.tree), expansion.environment)
        return {problem.message for problem in problems if problem.place.source == "bad.conf"}

    assert found("")
    assert found("") <= found(others)


def test_every_line_rule_is_a_rule() -> None:
    assert {rule.id for rule in LINE_RULES} == _IDS


@pytest.mark.playbook
def test_explain_fails_with_path_and_remedy(project: Path, main: Path) -> None:
    words = ("-e", f"apache_check_path={main}", "-e", f"url={URL}")
    status, printed = run(project, "explain", *words)
    assert status == 2
    assert "pay.conf is no regular file; name a file that holds directives" in printed
    assert "proxied by" not in printed
    assert "from its files" not in printed


@pytest.mark.playbook
def test_check_fails_with_path_and_remedy(project: Path, main: Path) -> None:
    status, printed = run(project, "check", "-e", f"apache_check_path={main}")
    assert status == 2
    assert f"error {main.parent}/pay.conf (included from {main}:1) (localhost)" in printed
    assert "2 errors, no warnings and no hints on 1 host" in printed


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host with a site that can't be read."""
    host = Host(tmp_path)
    os.mkfifo(host.root / "sites-enabled/pay.conf")
    return host


def test_an_adoption_knows_what_it_would_lose(host: Host) -> None:
    (problem,) = adopt_files(host.layout, HTTPD).unread
    assert problem.place.source == f"{host.root}/sites-enabled/pay.conf"


def test_a_commit_over_a_live_release_is_warned(host: Host) -> None:
    (host.root / "sites-enabled/pay.conf").unlink()
    host.make(host.draft(parts_of(vhost())))
    os.mkfifo(host.root / "sites-enabled/pay.conf")
    for parts in (parts_of(vhost()), parts_of(vhost(), vhost("b.example.com"))):
        (problem,) = unread_problems(host.draft(parts))
        assert (problem.severity, problem.rule) == ("warning", "unreadable-file")


def test_a_commit_beside_readable_files_has_nothing_to_say_of_them(host: Host) -> None:
    (host.root / "sites-enabled/pay.conf").unlink()
    assert unread_problems(host.draft(parts_of(vhost()))) == ()


def test_a_first_commit_is_refused(host: Host) -> None:
    (problem,) = unread_problems(host.draft(parts_of(vhost())))
    assert (problem.severity, problem.rule) == ("error", "unreadable-file")
