"""Law 4: a value comes back from httpd as the same value, or it is refused."""

from __future__ import annotations

import http.client

from conftest import examples, free_ports, running
from hypothesis import given
from hypothesis import strategies as st
from module_utils._httpd.syntax.quoting import Refused, quote, quote_expression_string
from strategies import HOSTILE

# Many values in each server: a start costs more than a header.
BATCHES = st.lists(HOSTILE, min_size=40, max_size=60)
KNOWN_TRAPS = [
    'a"b', "a'b", "a\\", "\\", '\\"', "<Location />", "</VirtualHost>", "%{HTTP_HOST}", "%", "#x", "a b", " a", "a ",
    "\ta", "$1", "é", "日本", "|x", "a\\\\b", "\\\\", "'", '"', "!", "expr=1", "a;b", "[x]", "{", "}",
]  # fmt: skip


def lines(values: list[str]) -> list[str]:
    """Write each value as a literal and, where an expression can hold it, as an expression's string."""
    written = []
    for number, value in enumerate(values):
        try:
            written.append(f"SetEnv V{number} {quote(value)}")
        except Refused:
            continue
        written.append(f'Header always set X-{number} "[%{{V{number}}}e]"')
        try:
            comparison = f"reqenv('V{number}') == {quote_expression_string(value)}"
        except Refused:
            continue
        written.append(f"Header always set E-{number} same {quote(f'expr={comparison}')}")
    return written


def assert_values_come_back(values: list[str]) -> None:
    """Start a server with the values and compare what it answers."""
    (port,) = free_ports(1)
    written = lines(values)
    text = "\n".join([f"Listen 127.0.0.1:{port}", *written])
    with running(text, port=port) as refusal:
        assert refusal == ""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        headers = connection.getresponse().headers
        connection.close()
    for number, value in enumerate(values):
        if any(line.startswith(f"SetEnv V{number} ") for line in written):
            came_back = headers[f"X-{number}"].encode("latin-1").decode()
            assert came_back == f"[{value or ''}]"
        if any(line.startswith(f"Header always set E-{number} ") for line in written):
            assert headers[f"E-{number}"] == "same"


def test_known_traps_come_back() -> None:
    assert_values_come_back(KNOWN_TRAPS)


@given(BATCHES)
@examples(15)
def test_hostile_values_come_back(values: list[str]) -> None:
    assert_values_come_back([value for value in values if value])
