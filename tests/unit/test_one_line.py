"""A problem is one line, whatever stands in the value that it is about."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_all_variables

BREAKS = ["\n", "\r", "\x0b", "\x85", "\u2028"]
WHERE: dict[str, Any] = {
    "a value": lambda text: {"apache_vhosts": [{"server_name": text}]},
    "a key": lambda text: {"apache_vhosts": [{"server_name": "a.example.com", text: 1}]},
    "a name": lambda text: {"apache_log_formats": {text: text}},
    "within a list": lambda text: {"apache_log_formats": [text]},
    "within a mapping": lambda text: {"apache_modules": {text: text}},
}


@pytest.mark.parametrize("where", WHERE.values(), ids=WHERE)
@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_a_values_own_breaks_write_no_lines_of_a_report(where: Any, line_break: str) -> None:
    found = check_all_variables(where(f"a{line_break}forged: line"), CONCERN_NAMES).problems
    assert found
    assert all(len(str(problem).splitlines()) == 1 for problem in found)


@pytest.mark.parametrize("where", WHERE.values(), ids=WHERE)
def test_a_value_longer_than_anybody_reads_is_shown_by_its_ends(where: Any) -> None:
    found = check_all_variables(where(f"a;{'b' * 1_000_000}"), CONCERN_NAMES).problems
    assert found
    assert all(len(str(problem)) < 10_000 for problem in found)
    many = check_all_variables(where(f"a;{'b ' * 500_000}"), CONCERN_NAMES).problems
    assert all(len(str(problem)) < 20_000 for problem in many)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**400])
def test_a_number_that_is_no_text_is_refused(number: float) -> None:
    found = check_all_variables({"apache_vhosts": [{"server_name": number}]}, CONCERN_NAMES)
    assert [str(one.place) for one in found.problems][:1] == ["apache_vhosts[0].server_name"]
