"""The resolver on the cases that httpd has decided; tests/httpd asks httpd again."""

from __future__ import annotations

import pytest
from cases import Case, read_cases
from loading import server_of
from module_utils._httpd.resolve.resolver import resolve

CASES = read_cases((18001, 18002), 18000)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_resolver_decides_as_httpd_did(case: Case) -> None:
    decision = resolve(server_of(case.text), case.request)
    if case.backend:
        assert (decision.action, decision.url) == ("proxy", case.backend), decision.reasons
    else:
        status = decision.status or {"local": 404}.get(decision.action, 0)
        assert (status, decision.location) == (case.status, case.location), decision.reasons
