"""Laws over generated inventories."""

from __future__ import annotations

from typing import Any

from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.syntax.problem import has_errors
from module_utils._httpd.syntax.tree import Comment, Tree, walk
from strategies import HOSTILE, TEXT_KEYS, filled, inventories

JUNK: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), HOSTILE),
    lambda children: st.one_of(
        st.lists(children, max_size=3), st.dictionaries(HOSTILE, children, max_size=3)
    ),
    max_leaves=8,
)


def names(tree: Tree) -> list[str]:
    """Return the name of every directive and section."""
    return [node.name for node in walk(tree) if not isinstance(node, Comment)]


@given(inventories())
@examples(100)
def test_what_is_compiled_reads_back_as_it_was(variables: dict[str, Any]) -> None:
    compiled, problems = check_variables(variables, CONCERN_NAMES)
    if not has_errors(problems):
        tree = compiled.whole_tree
        assert parse_tree(print_tree(tree), "x") == (tree, ())


@given(inventories())
@examples(50)
def test_compiling_twice_says_the_same(variables: dict[str, Any]) -> None:
    once, again = (check_variables(variables, CONCERN_NAMES)[0] for _time in range(2))
    assert [part.digest for part in once.parts] == [part.digest for part in again.parts]


@given(st.sampled_from(TEXT_KEYS), HOSTILE)
@examples(400)
def test_law_4_no_value_adds_a_directive(key: tuple[str, Any], value: str) -> None:
    name, shape = key
    given_names = []
    for text in (value, "harmless"):
        vhost = {"server_name": "shop.example.com", name: filled(shape, text)}
        compiled, problems = check_variables({"apache_vhosts": [vhost]}, CONCERN_NAMES)
        if has_errors(problems):
            return
        printed = print_tree(compiled.whole_tree)
        tree, mistakes = parse_tree(printed, "x")
        assert mistakes == ()
        given_names.append(names(tree))
    assert given_names[0] == given_names[1]


@given(
    st.sampled_from(["apache_vhosts", "apache_balancers", "apache_log_formats", "apache_owner"]),
    JUNK,
)
@examples(200)
def test_no_junk_crashes_the_door(name: str, junk: Any) -> None:
    check_variables({"apache_vhosts": [], name: junk}, CONCERN_NAMES)
