"""Values to words and back."""

from __future__ import annotations

import pytest
from module_utils._httpd.concerns.inventory import read_inventory
from module_utils._httpd.syntax.quoting import (
    Refused,
    quote,
    quote_expression_string,
    quote_rewrite,
    split_rewrite_words,
    split_words,
    unquote,
    words,
)

SPLITS = [
    pytest.param("a  b", ("a", "b"), id="blanks"),
    pytest.param('"a b" c', ('"a b"', "c"), id="double quotes"),
    pytest.param("'a b' c", ("'a b'", "c"), id="single quotes"),
    pytest.param(r'"a\" b" c', (r'"a\" b"', "c"), id="escaped quote"),
    pytest.param('"a"b', ('"a"', "b"), id="a quote ends a word"),
    pytest.param('a"b c"', ('a"b', 'c"'), id="a quote inside a word is a character"),
    pytest.param('"a b', ('"a b',), id="unclosed"),
]


@pytest.mark.parametrize(("text", "expected"), SPLITS)
def test_words_split_as_httpd_splits_them(text: str, expected: tuple[str, ...]) -> None:
    assert split_words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(r"^/a\ b$ /c", (r"^/a\ b$", "/c"), id="escaped blank"),
        pytest.param(r'"^/a\" b" /c', (r'"^/a\"', 'b"', "/c"), id="no escape for quotes"),
    ],
)
def test_rewrite_words_split_as_mod_rewrite_splits_them(
    text: str, expected: tuple[str, ...]
) -> None:
    assert split_rewrite_words(text) == expected


@pytest.mark.parametrize(
    ("word", "value"),
    [
        pytest.param('"a b"', "a b", id="quotes go"),
        pytest.param(r'"a\"b\\c\d"', r'a"b\c\d', id="escapes within quotes"),
        pytest.param(r"a\\b\"", r"a\b\"", id="bare words know one escape"),
    ],
)
def test_unquote_reads_what_httpd_reads(word: str, value: str) -> None:
    assert unquote(word) == value


@pytest.mark.parametrize(
    "value", ["/app/", "http://10.0.0.1:8080/", "^/x(.*)$", "balancer://app/", "r=302,L"]
)
def test_ordinary_values_stay_bare(value: str) -> None:
    assert quote(value) == value


UNWRITABLE = [
    pytest.param("a\nListen 81", "line break", id="newline"),
    pytest.param("a\rb", "carriage return", id="carriage return"),
    pytest.param("a\0b", "NUL", id="NUL"),
    pytest.param("${PATH}", r"\$\{", id="variable"),
    pytest.param("a\x1bb", "control character", id="escape"),
    pytest.param("a\udcffb", "no UTF-8", id="byte that is no UTF-8"),
]


@pytest.mark.parametrize(("value", "reason"), UNWRITABLE)
@pytest.mark.parametrize("write", [quote, quote_rewrite, quote_expression_string])
def test_values_that_could_become_directives_are_refused(
    write: object, value: str, reason: str
) -> None:
    assert callable(write)
    with pytest.raises(Refused, match=reason):
        write(value)


def test_rewrite_refuses_both_kinds_of_quotes() -> None:
    assert quote_rewrite('a "b"') == "'a \"b\"'"


def test_rewrite_quotes_what_would_join_the_next_word() -> None:
    assert quote_rewrite("0\\\\") == '"0\\\\"'


def test_rewrite_refuses_a_value_with_both() -> None:
    with pytest.raises(Refused, match="both kinds"):
        quote_rewrite("\"a' b")


def test_expression_strings_refuse_what_expressions_expand() -> None:
    for value in ("it's", "%{HTTP_HOST}", "$1", "a\\b"):
        with pytest.raises(Refused, match="expression"):
            quote_expression_string(value)


def test_words_are_quoted_as_their_directive_reads_them() -> None:
    assert words("RewriteRule", r"^/x\d$", "/y z") == (r"^/x\d$", '"/y z"')
    assert words("RedirectMatch", r"^/x\d$") == (r'"^/x\\d$"',)


def test_a_semicolon_of_the_value_stays_in_the_message() -> None:
    given = {"apache_vhosts": [{"server_name": "a.example.com", "proxy_to": "http:/a; b"}]}
    (problem,) = read_inventory(given)[1]
    assert problem.message == '"http:/a; b" has no host'
    assert problem.fix == "write http://HOST[:PORT]/"
