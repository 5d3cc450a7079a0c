"""docs/decisions: each record is short, says the same four things, and leads to what it stands on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DECISIONS = Path(__file__).parents[2] / "docs/decisions"
RECORDS = sorted(DECISIONS.glob("*.md"))
PARTS = ["Context", "Decision", "Consequences", "What was tried"]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_record_is_short_and_has_its_parts(record: Path) -> None:
    lines = record.read_text().splitlines()
    assert len(lines) < 40
    assert lines[0].startswith("# ")
    assert [line[3:] for line in lines if line.startswith("## ")] == PARTS


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_links_of_a_record_lead_somewhere(record: Path) -> None:
    for file, anchor in re.findall(r"\]\(([^)#]+)#?([^)]*)\)", record.read_text()):
        text = (record.parent / file).read_text()
        assert not anchor or re.search(rf"^##+ {anchor}$", text, re.MULTILINE)
