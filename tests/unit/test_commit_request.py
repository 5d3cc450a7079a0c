"""What the module `commit` answers where a run fails."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from module_utils._host.commit.outcome import Outcome, Refusal
from module_utils._host.commit.request import Request
from module_utils._host.machine.lock import HostError
from module_utils._host.requests import commit_request
from module_utils._httpd.vocabulary.layout import Layout

PARAMS: dict[str, Any] = {
    "state": "committed",
    "token": "a-play",
    "by": "ops@control",
    "staged": {},
    "base": {},
    "allow_empty": False,
    "allow_removal": False,
    "service_state": "started",
    "check_mode": True,
    "cut_connections": False,
    "takes_over": [],
    "with_diff": False,
}


@pytest.mark.parametrize(
    "failure", [Refusal("refused"), HostError("in the way"), OSError("no space left")]
)
def test_what_was_mended_is_told_where_the_run_fails_after_it(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit(_request: Request, _layout: Layout, outcome: Outcome) -> None:
        outcome.warnings.append("the ledger was damaged; it lies in ledger.damaged now")
        raise failure

    monkeypatch.setattr(commit_request, "told", lambda _token: nullcontext())
    monkeypatch.setattr(commit_request.transaction, "commit", commit)
    answer = commit_request.answer(PARAMS)
    assert answer["failed"] is True
    assert str(failure) in answer["msg"]
    assert answer["warnings"] == ["the ledger was damaged; it lies in ledger.damaged now"]
