"""Each open directive opens an answer that it changes, as httpd shows."""

from __future__ import annotations

from pathlib import Path

from backends import backends
from module_utils._httpd.vocabulary.effects.directive_effects import OPEN
from open_directives import CASES, NOT_TRIED, outcomes


def test_open_directives_open_what_they_change(tmp_path: Path) -> None:
    with backends(1) as (backend,):
        found = [*outcomes(tmp_path, backend)]
    for outcome in found:
        shown = (outcome.directive, outcome.with_it.reasons, outcome.without_it, outcome.difference)
        assert outcome.with_it.action == "depends", shown
        assert outcome.without_it.action != "depends", shown
        assert outcome.difference, shown


def test_every_open_directive_is_tried() -> None:
    tried = {case["directive"].lower() for case in CASES}
    assert tried | NOT_TRIED.keys() == OPEN.keys()
    assert not tried & NOT_TRIED.keys()
