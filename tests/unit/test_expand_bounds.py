"""What is matched by an Include, what stays open where files aren't known, and what no text can make of a few lines."""

from __future__ import annotations

import pytest
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import Expansion, expand
from module_utils._httpd.reading.included_files import Texts
from module_utils._httpd.syntax.parse import MAX_NESTING, parse_tree
from module_utils._httpd.syntax.print import print_tree

# Each file says its own path; what httpd 2.4.71 reads of such a tree is in the table below.
PATHS = ("d/a.conf", "d/.b.conf", "d/.hid/c.conf", "e/.x", "e/y", "e/sub/z")
FILES = {f"/etc/apache2/{path}": f"File {path}\n" for path in PATHS}


def expanded(text: str, **world: object) -> Expansion:
    """Expand a text where the files above are."""
    environment = Environment(files=Texts(FILES), **world)  # type: ignore[arg-type]
    return expand(parse_tree(text, "x")[0], environment)


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        pytest.param("d/*", ["d/a.conf"], id="a dot is not matched by a star"),
        pytest.param("d/.*.conf", ["d/.b.conf"], id="a dot is matched by a dot"),
        pytest.param("e", ["e/.x", "e/sub/z", "e/y"], id="a directory, whole"),
        pytest.param("e/", ["e/.x", "e/sub/z", "e/y"], id="a directory with a slash"),
        pytest.param("e/[xy]", ["e/y"], id="a class"),
        pytest.param("e/[^x]", ["e/y"], id="a class turned round"),
        pytest.param("e/*.nope", [], id="nothing"),
        pytest.param("*", ["d/.b.conf", "d/.hid/c.conf", "d/a.conf", "e/.x", "e/sub/z", "e/y"], id="directories"),
    ],
)  # fmt: skip
def test_an_include_reads_what_httpd_reads(pattern: str, read: list[str]) -> None:
    expansion = expanded(f"Include {pattern}\n")
    assert print_tree(expansion.tree) == "".join(f"File {path}\n" for path in read)
    assert bool(expansion.problems) is (not read)


@pytest.mark.parametrize(
    ("path", "is_there"),
    [("e/y", True), ("e", True), ("e/?", False), ("e/nope", False), ("!e/nope", True)],
)
def test_iffile_takes_a_path_as_it_is(path: str, is_there: bool) -> None:
    assert bool(expanded(f"<IfFile {path}>\nA\n</IfFile>\n").tree) is is_there


@pytest.mark.parametrize(
    "text",
    [
        "Include other.conf\n",
        "IncludeOptional d/*.nope\n",
        "<IfFile other>\n  A\n</IfFile>\n",
        "<IfFile !other>\n  A\n</IfFile>\n",
        "<IfDefine OTHER>\n  A\n</IfDefine>\n",
        "ErrorLog ${APACHE_LOG_DIR}/error.log\n",
    ],
)
def test_in_an_open_world_nothing_is_taken_to_be_missing(text: str) -> None:
    expansion = expanded(text, closed=False)
    assert (print_tree(expansion.tree), expansion.problems) == (text, ())


def test_a_variable_with_a_colon_is_a_rewrite_map() -> None:
    assert expanded("RewriteRule ^ ${map:key} [P]\n").problems == ()


DOUBLING = "".join(f"Define V{n + 1} ${{V{n}}}${{V{n}}}\n" for n in range(40))
MACROS = "<Macro M0>\nA\n</Macro>\n" + "".join(
    f"<Macro M{n + 1}>\nUse M{n}\nUse M{n}\n</Macro>\n" for n in range(19)
)


@pytest.mark.parametrize(
    "text", [f"Define V0 xxxxxxxx\n{DOUBLING}A ${{V40}}\n", f"{MACROS}Use M19\n"],
    ids=["defines", "macros"],
)  # fmt: skip
def test_a_few_lines_cannot_ask_for_gigabytes(text: str) -> None:
    expansion = expanded(text)
    assert "too large" in expansion.problems[0].message
    assert len(print_tree(expansion.tree)) < 10_000_000


def test_deep_nesting_is_a_problem_and_not_the_end() -> None:
    tree, problems = parse_tree("<A>\n" * 5000 + "</A>\n" * MAX_NESTING, "x")
    assert {problem.message for problem in problems} == {"<A> is nested too deeply"}
    assert expand(tree, Environment()).tree == tree


def test_nesting_counts_through_includes() -> None:
    deep = "<A>\n" * 60 + "Include /more.conf\n" + "</A>\n" * 60
    expansion = expand(parse_tree(deep, "x")[0], Environment(files=Texts({"/more.conf": deep})))
    assert {problem.message for problem in expansion.problems} == {"<A> is nested too deeply"}


@pytest.mark.parametrize("pattern", ["(a+)+$", "[z-a]", "a*" * 60, "("])
def test_a_hostile_version_pattern_stays_open(pattern: str) -> None:
    text = f"<IfVersion ~ {pattern}>\n  A\n</IfVersion>\n"
    assert print_tree(expanded(text, version=(2, 4, 62)).tree) == text


def test_a_no_break_space_does_not_end_a_name() -> None:
    tree, _problems = parse_tree("Timeout\N{NO-BREAK SPACE}5\n", "x")
    assert print_tree(tree) == "Timeout\N{NO-BREAK SPACE}5\n"
    assert tree[0].name == "Timeout\N{NO-BREAK SPACE}5"  # type: ignore[union-attr]
