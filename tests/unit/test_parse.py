"""Text to tree and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.syntax.tree import Comment, Directive, Section, walk

FIXTURES = Path(__file__).parent / "fixtures"
REAL_FILES = sorted(
    path
    for path in FIXTURES.rglob("*")
    if path.is_file()
    and not path.is_symlink()
    and path.name not in ("envvars", "magic", "README.md")
)


def test_a_tree_has_sections_directives_and_comments() -> None:
    tree, problems = parse_tree(
        '# note\n<VirtualHost *:80>\n  ServerName "a b"\n</virtualhost>\n', "x.conf"
    )
    assert problems == ()
    assert tree[0] == Comment("# note")
    assert tree[1] == Section("VirtualHost", ("*:80",), (Directive("ServerName", ('"a b"',)),))


def test_backends_name_file_and_line() -> None:
    tree, _problems = parse_tree("\nA 1 \\\n  2\nB\n", "x.conf")
    places = [str(node.place) for node in tree if isinstance(node, Directive)]
    assert places == ["x.conf:2", "x.conf:4"]
    assert tree[1] == Directive("A", ("1", "2"))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        pytest.param("<A>\nB\n", "x:1", "<A> is never closed", id="unclosed"),
        pytest.param("B\n</A>\n", "x:2", "</A> closes nothing", id="never opened"),
        pytest.param(
            "<A>\n<B>\n</A>\n", "x:3", "</A> comes while <B> of line 2 is open", id="crossed"
        ),
        pytest.param("<A x\n</A>\n", "x:1", "has no closing `>`", id="no bracket"),
        pytest.param("<>\n", "x:1", "names no section", id="no name"),
        pytest.param("<A>\n</A\n", "x:2", "`</A` doesn't end <A>", id="end without bracket"),
        pytest.param("<A>\n</A>>\n", "x:2", "`</A>>` doesn't end <A>", id="end with two brackets"),
        pytest.param("<A>\n</A >\n", "x:2", "`</A >` doesn't end <A>", id="end with a blank"),
        pytest.param("A\0B\n", "x:1", "NUL", id="binary"),
    ],
)
def test_mistakes_carry_file_and_line_and_reading_goes_on(
    text: str, place: str, message: str
) -> None:
    tree, problems = parse_tree(text + "After it\n", "x")
    assert str(problems[0].place) == place
    assert message in problems[0].message
    assert any(isinstance(node, Directive) and node.name == "After" for node in walk(tree))


def test_an_expression_is_one_word() -> None:
    tree, _problems = parse_tree("<If  %{HTTP_HOST} == 'a  b'>\n</If>\n", "x")
    assert tree[0] == Section("If", ("%{HTTP_HOST} == 'a  b'",))


@pytest.mark.parametrize("path", REAL_FILES, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_real_files_come_back_without_loss(path: Path) -> None:
    text = path.read_text(errors="surrogateescape")
    tree, problems = parse_tree(text, path.name)
    assert problems == ()
    assert parse_tree(print_tree(tree), path.name) == (tree, ())
    kept = [line.split() for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    printed = [line.split() for line in print_tree(tree).splitlines() if line.strip()]
    assert [line[0].lower() for line in kept] == [line[0].lower() for line in printed]
