"""Laws of the core, held over generated trees and values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.syntax.quoting import (
    Refused,
    quote,
    quote_rewrite,
    split_rewrite_words,
    split_words,
    unquote,
    unquote_rewrite,
)
from module_utils._httpd.syntax.tree import Comment, Directive, Node, Section

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True).filter(
    lambda name: name.lower() not in ("if", "elseif", "rewriterule", "rewritecond")
)
HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from("\"'\\<>#%{}$ \t\n\r\0=|!"), st.characters(codec="utf-8")),
    max_size=30,
)


def written(value: str) -> str:
    """Write a value, or a harmless one where it is refused."""
    try:
        return quote(value)
    except Refused:
        return "refused"


ARGS = st.lists(HOSTILE.map(written), max_size=4).map(tuple)
DIRECTIVES = st.builds(Directive, NAMES, ARGS)
COMMENTS = st.one_of(
    st.just(Comment("")),
    st.from_regex(r"# [a-z\"<>]{0,20}", fullmatch=True).map(lambda text: Comment(text.strip())),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(DIRECTIVES, COMMENTS),
    lambda children: st.builds(Section, NAMES, ARGS, st.lists(children, max_size=4).map(tuple)),
    max_leaves=12,
)


@given(st.lists(NODES, max_size=6).map(tuple))
def test_law_1_parse_reads_back_what_print_writes(tree: tuple[Node, ...]) -> None:
    assert parse_tree(print_tree(tree), "x") == (tree, ())


@given(HOSTILE)
def test_law_4_a_literal_comes_back_or_is_refused(value: str) -> None:
    try:
        word = quote(value)
    except Refused:
        return
    assert split_words(f"{word} next") == (word, "next")
    assert unquote(word) == value


@given(HOSTILE)
def test_law_4_a_rewrite_argument_comes_back_or_is_refused(value: str) -> None:
    try:
        word = quote_rewrite(value)
    except Refused:
        return
    assert split_rewrite_words(f"{word} next") == (word, "next")
    assert unquote_rewrite(word) == value


@given(st.text(max_size=200))
def test_no_text_crashes_the_parser(text: str) -> None:
    tree, _problems = parse_tree(text, "x")
    parse_tree(print_tree(tree), "x")
