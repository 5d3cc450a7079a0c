"""Silenced problems: where, with which reason, and what is left of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from module_utils._host.reading import AssumedHttpd, read_text, to_plain
from module_utils._httpd.checking.configuration import Configuration, read_configuration
from module_utils._httpd.checking.fleet_report import fleet_report
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.included_files import Texts
from module_utils._httpd.release.checked import check_all_variables, check_variables
from module_utils._httpd.syntax.problem import Problem, from_plain, silenced
from module_utils._httpd.syntax.problem import to_plain as problem_to_plain

RULE = "proxy-pass-target-without-slash"
OFF = {"rule": RULE, "reason": "only / is asked"}
PAGE = Path(__file__).parents[2] / "docs" / "silencing.md"
BARE = "ProxyPass / http://10.0.0.1:8080"


def read(text: str) -> Configuration:
    """Read a text."""
    return read_text(text, AssumedHttpd())


def two_vhosts(first: str = "", main: str = "") -> str:
    """Write two virtual hosts with one mistake each, and lines before, and in the first of them."""
    vhost = "<VirtualHost *:80>\nServerName {name}\n{lines}\n{bare}\n</VirtualHost>\n"
    return (
        f"Listen 80\n{main}\n"
        + vhost.format(name="a", lines=first, bare=BARE)
        + vhost.format(name="b", lines="", bare=BARE)
    )


def variables(**of_first: Any) -> dict[str, Any]:
    """Return the same as variables."""
    rule = {"path": "/", "url": "http://10.0.0.1:8080"}
    first = {"server_name": "a.example.com", "proxy_pass": [rule], **of_first}
    return {"apache_vhosts": [first, {"server_name": "b.example.com", "proxy_pass": [rule]}]}


def places(problems: tuple[Problem, ...]) -> list[str]:
    """Return where the mistake is told."""
    return [str(one.place) for one in problems if one.rule == RULE]


COMMENT = f"# gatehouse: off {RULE} only / is asked"
PLACED = [
    pytest.param(two_vhosts(), 2, 0, id="told where nothing is silenced"),
    pytest.param(two_vhosts(COMMENT), 1, 1, id="one virtual host"),
    pytest.param(two_vhosts(f"<Location /x>\n{COMMENT}\n</Location>"), 1, 1, id="in its sections"),
    pytest.param(two_vhosts(main=COMMENT), 0, 2, id="everywhere"),
    pytest.param(two_vhosts(COMMENT.replace(RULE, "listen-missing")), 2, 0, id="another rule"),
    pytest.param(two_vhosts(COMMENT.replace("# g", "#g")), 1, 1, id="without a blank"),
    pytest.param(two_vhosts(f"# not {COMMENT[2:]}"), 2, 0, id="another comment"),
]


@pytest.mark.parametrize(("text", "told", "off"), PLACED)
def test_a_comment_silences_what_stands_around_it(text: str, told: int, off: int) -> None:
    configuration = read(text)
    assert len(places(configuration.problems)) == told
    assert [one.reason for one in configuration.silenced] == ["only / is asked"] * off
    assert {one.severity for one in configuration.silenced} <= {"error"}


def test_a_file_that_two_virtual_hosts_include_is_told_for_the_other() -> None:
    text = "<VirtualHost *:80>\nServerName {}\n{}\nInclude /x/rules.conf\n</VirtualHost>\n"
    main = "Listen 80\n" + text.format("a", COMMENT) + text.format("b", "")
    environment = Environment(files=Texts({"/x/rules.conf": f"{BARE}\n"}))
    configuration = read_configuration(main, "/x/main.conf", environment)
    assert places(configuration.problems) == ["/x/rules.conf:1 (included from /x/main.conf:10)"]
    assert len(configuration.silenced) == 1


BROKEN = [
    pytest.param("# gatehouse: off", "unknown-rule", id="nothing"),
    pytest.param("# gatehouse: off page-behind-prox x", "unknown-rule", id="no such rule"),
    pytest.param(f"# gatehouse: off {RULE}", "silenced-without-reason", id="no reason"),
]


@pytest.mark.parametrize(("line", "rule"), BROKEN)
def test_a_comment_that_says_too_little_is_a_problem(line: str, rule: str) -> None:
    configuration = read(two_vhosts(line))
    assert [(one.rule, one.place.line) for one in configuration.problems if one.rule == rule] == [
        (rule, 5)
    ]
    assert configuration.silenced == ()
    assert len(places(configuration.problems)) == 2


def test_the_nearest_rule_is_named() -> None:
    (found,) = (one for one in read("# gatehouse: off page-behind-prox x\n").problems)
    assert found.fix == "write `page-behind-proxy`"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(variables(), ["a", "b"], id="nothing"),
        pytest.param(variables(check_off=[OFF]), ["b"], id="one virtual host"),
        pytest.param({**variables(), "apache_check_off": [OFF]}, [], id="everywhere"),
    ],
)
def test_a_variable_silences_for_its_virtual_host(given: dict[str, Any], told: list[str]) -> None:
    checked = check_all_variables(given, CONCERN_NAMES)
    found = places(check_variables(given, CONCERN_NAMES)[1])
    assert [re.findall(r"\((\w)\.", place)[0] for place in found] == told
    assert {one.reason for one in silenced(checked.problems)} <= {"only / is asked"}
    # What a host reads of the release is silenced there too.
    texts = [text for part in checked.compiled.parts for text in part.texts.values()]
    assert sum(COMMENT in text for text in texts) == (1 if len(told) < 2 else 0)


WRONG = [
    pytest.param({"rule": RULE}, "the key `reason` is missing", id="no reason"),
    pytest.param({"rule": RULE, "reason": " "}, "is not a reason", id="empty"),
    pytest.param({"rule": RULE, "reason": "x\nRequire all"}, "line", id="two lines"),
    pytest.param({"rule": RULE, "reason": "x\\"}, "is not a reason", id="continued line"),
    pytest.param({"rule": "no-such", "reason": "x"}, '"no-such" is no id', id="unknown"),
]


@pytest.mark.parametrize(("entry", "says"), WRONG)
def test_a_variable_that_says_too_little_is_a_problem_with_its_place(
    entry: dict[str, str], says: str
) -> None:
    told = [str(one) for one in check_variables(variables(check_off=[entry]), CONCERN_NAMES)[1]]
    assert [one for one in told if "check_off[0]" in one and says in one]


def test_what_is_silenced_is_reported_last_and_does_not_count() -> None:
    plain = to_plain(read(two_vhosts(COMMENT)))
    found = [from_plain(one) for one in (*plain["silenced"], *plain["problems"])]
    report = fleet_report({"web1": found})
    assert report.count("error") == 1
    assert report.summary == "1 error, no warnings and no hints on 1 host (1 silenced)"
    assert "silenced error text:6 (web1)" in report.text
    assert f"{RULE} is silenced here: only / is asked" in report.text.splitlines()[-2]


def test_what_is_told_has_no_reason() -> None:
    assert "reason" not in problem_to_plain(read(two_vhosts()).problems[0])


def test_the_page_says_what_works() -> None:
    inventory, configuration = re.findall(r"```\w+\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert check_variables(yaml.safe_load(inventory), CONCERN_NAMES)[1] == ()
    seen = read(f"Listen 80\n{configuration}")
    assert seen.problems == ()
    assert [one.rule for one in seen.silenced] == ["page-behind-proxy"]
