"""RequestHeader merge: what is an item of a header already, as httpd was seen to take it."""

from __future__ import annotations

import pytest
from deciding import PROXY, decide


@pytest.mark.parametrize(
    ("value", "sent", "seen"),
    [
        ("two", "two , three", "two , three, two"),
        ("two", '"a,two,b"', '"a,two,b", two'),
        ("two", "one,two", None),
        ("two", " two", None),
        ("two", "one,\ttwo", None),
        ("two", "one,,two", None),
        ("two", "one, two ;x", "one, two ;x, two"),
        ("two", "Two", "Two, two"),
        ("two", 'one"x",two', None),
        ("two", '"a" two', '"a" two, two'),
        ("two", '"a,two', '"a,two, two'),
        ('"two "', "two ,x", None),
        ('" two"', "one,two", "one,two,  two"),
        ('"two,three"', "one,two,three", "one,two,three, two,three"),
        ("'\"a,two,b\"'", 'x, "a,two,b"', None),
    ],
)
def test_an_item_is_added_where_it_is_not_there(value: str, sent: str, seen: str | None) -> None:
    config = PROXY.format(f"RequestHeader merge X-Extra {value}")
    decision = decide(config, headers={"x-extra": sent})
    assert decision.headers.get("X-Extra", sent) == (seen or sent), decision
    assert not decision.open_headers
