"""The problems of many hosts as one text."""

from __future__ import annotations

import pytest
from module_utils._httpd.checking.fleet_report import fleet_report
from module_utils._httpd.syntax.problem import Problem, Severity, from_plain, to_plain
from module_utils._httpd.syntax.tree import Place


def problem(
    message: str, severity: Severity = "error", url: str = "https://example.com/#x"
) -> Problem:
    """A problem in the fewest words."""
    return Problem("x", severity, Place("a.conf", 7), message, "mend it", url)


def test_a_problem_has_its_place_hosts_reason_fix_and_page() -> None:
    assert fleet_report({"web1": [problem("is wrong")]}).text.splitlines() == [
        "error a.conf:7 (web1)",
        "      is wrong; mend it",
        "      https://example.com/#x",
        "1 error, no warnings and no hints on 1 host.",
    ]


def test_a_problem_without_a_page_has_no_empty_line() -> None:
    assert "\n\n" not in fleet_report({"web1": [problem("is wrong", url="")]}).text


def test_the_worst_comes_first_whichever_host_has_it() -> None:
    report = fleet_report(
        {"a": [problem("one", "hint"), problem("two", "warning")], "b": [problem("three")]}
    )
    assert [found.message for found, _hosts in report.found] == ["three", "two", "one"]


def test_what_hosts_share_is_said_once() -> None:
    report = fleet_report({f"web{number}": [problem("is wrong")] * 2 for number in range(1, 51)})
    assert report.text.splitlines()[0] == "error a.conf:7 (web1, web2, web3 and 47 more)"
    assert report.summary == "1 error, no warnings and no hints on 50 hosts"


def test_a_fleet_without_problems_says_so() -> None:
    assert (
        fleet_report({"a": [], "b": []}).text == "no errors, no warnings and no hints on 2 hosts."
    )


@pytest.mark.parametrize("severity", ["error", "warning", "hint"])
def test_plain_data_come_back(severity: Severity) -> None:
    plain = to_plain(problem("is wrong", severity))
    assert to_plain(from_plain(plain)) == plain
