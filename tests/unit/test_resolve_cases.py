"""The resolver on the cases that httpd has decided; tests/httpd asks httpd again."""

from __future__ import annotations

import pytest
from cases import Case, read_cases
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.view import view
from module_utils._httpd.resolve.resolver import resolve
from module_utils._httpd.syntax.parse import parse_tree

CASES = read_cases((18001, 18002), 18000)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_resolver_decides_as_httpd_did(case: Case) -> None:
    tree, problems = parse_tree(case.text, "case.conf")
    assert problems == ()
    decision = resolve(view(expand(tree, Environment()).tree), case.request)
    if case.backend:
        assert (decision.action, decision.url) == ("proxy", case.backend), decision.reasons
    else:
        status = decision.status or {"local": 404}.get(decision.action, 0)
        assert (status, decision.location) == (case.status, case.location), decision.reasons
