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
