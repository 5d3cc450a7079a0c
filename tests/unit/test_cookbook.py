"""A row of the cookbook is read to its last word, or refused: none says what no test looks at."""

from __future__ import annotations

import pytest
from cookbook import PAGE, recipes

RECIPE = "## A recipe\n\n```yaml\nx: 1\n```\n\n| request | answer |\n| --- | --- |\n"


@pytest.mark.parametrize(
    ("request_cell", "answer_cell"),
    [
        pytest.param("`http://a/` tomorrow", "`404`", id="unknown word of a request"),
        pytest.param("`http://a/` with `no header`", "`404`", id="header without a value"),
        pytest.param("`/x`", "`404`", id="no URL"),
        pytest.param("`http://a/`", "`404` or so", id="unknown word of an answer"),
        pytest.param("`http://a/`", "`404`; it gets nothing", id="unknown clause"),
        pytest.param("`http://a/`", "a page", id="no answer"),
    ],
)
def test_row_with_words_that_no_test_looks_at_is_refused(
    request_cell: str, answer_cell: str
) -> None:
    with pytest.raises(ValueError, match=r"no |unknown words"):
        recipes(f"{RECIPE}| {request_cell} | {answer_cell} |\n")


def test_every_line_of_a_table_is_a_row() -> None:
    page = PAGE.read_text()
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    rows = [row for recipe in recipes(page) for row in recipe.rows]
    assert (
        len(rows) == len(lines) == page.count("\n| ") - page.count("\n| ---") - len(recipes(page))
    )
