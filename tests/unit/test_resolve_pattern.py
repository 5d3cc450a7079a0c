"""Regular expressions: what PCRE and `re` read alike, matched in bounded time; what they don't, refused."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from module_utils._httpd.vocabulary.depends import Depends
from module_utils._httpd.vocabulary.patterns.pattern import match, substituted

# tests/httpd/test_patterns.py asks httpd for many more.
MATCHES = [
    ("^/a/(.*)$", "/a/b", ("/a/b", "b")),
    ("^/a$", "/a\n", None),
    ("^/a.b", "/a\nb", ("/a\nb",)),
    (r"\.(gif|jpe?g)$", "/x.jpeg", (".jpeg", "jpeg")),
    ("(?i)^/ABC", "/abc", ("/abc",)),
    ("^/[[:alpha:]]+/[^[:space:]]", "/ab/c", ("/ab/c",)),
    (r"^/\d{2,3}\b", "/123/x", ("/123",)),
    (r"^/[\w.-]+$", "/a.b-c", ("/a.b-c",)),
    ("^/x{y", "/x{y", ("/x{y",)),
    ("^/(?!api)([a-z]+)", "/app", ("/app", "app")),
    ("^/(?!api)([a-z]+)", "/api", None),
    ("(?<name>a)|b", "b", ("b", None)),
    (r"^/\x41\/\-", "/A/-", ("/A/-",)),
    ("^/(a|b)*c", "/abc", ("/abc", "b")),
    ("[]a]", "x]", ("]",)),
    ("[^]a]", "]ab", ("b",)),
    ("[a-]", "-", ("-",)),
    (r"\w", "\xe4", None),
    ("", "/x", ("",)),
    ("^(/[^/]+)*$", "/a/b", ("/a/b", "/b")),
]
REFUSED = [
    r"(a)\1", "(a+)+", "(a|aa)*", "(a*)*", "a++", "a**", "(?>a)", "(?<=a)b", r"\Qa\E", r"\pL", "a(?i)b", "(", ")", "[a", "*a",
    "[[:foo:]]", "[z-a]", "[[.a.]]", r"\Z", r"\1", "a{1,1000}", "a{,2}", "a{ 2 }", "{2}", "(a?){9}", "^*", "(?#x)", r"\R", "(?P=x)", r"a\K",
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "subject", "groups"), MATCHES)
def test_a_pattern_matches_as_in_httpd(
    pattern: str, subject: str, groups: tuple[str | None, ...] | None
) -> None:
    assert match(pattern, subject) == groups


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_is_not_read_alike_is_left_open(pattern: str) -> None:
    with pytest.raises(Depends):
        match(pattern, "/a")


@pytest.mark.parametrize(
    ("pattern", "subject"),
    [
        ("^/(a+)+$", "/" + "a" * 28 + "!"),
        ("^/(.*)(.*)(.*)(.*)(.*)(.*)(.*)x$", "/" + "a" * 200),
        ("(.*)/(.*)/(.*)$", "/" * 3000),
        ("^(/[^/]+/?)*$", "/a" * 40 + "!"),
        ("a?" * 40 + "b", "a" * 40),
        ("(" * 2000, "/"),
        ("[^/]*" * 500, "/" + "a" * 500),
        ("(x{0,200}){0,200}y", "x" * 4000),
    ],
)
def test_no_match_takes_long(pattern: str, subject: str) -> None:
    began = time.monotonic()
    with contextlib.suppress(Depends):
        match(pattern, subject)
    assert time.monotonic() - began < 1


@given(
    st.text(alphabet="ab/()[]{}|*+?^$.\\-1,", max_size=12), st.text(alphabet="ab/-1", max_size=40)
)
def test_any_pattern_is_matched_or_left_open(pattern: str, subject: str) -> None:
    try:
        groups = match(pattern, subject)
    except Depends:
        return
    assert groups is None or (groups[0] or "") in subject


def test_groups_are_put_in() -> None:
    assert substituted(r"/$1/\$1/$2$9&", ("x", "a", None)) == "/a/$1/&"
