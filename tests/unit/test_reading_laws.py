"""Whatever stands in a configuration that somebody else wrote, reading and checking it ends, with problems at worst."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from module_utils._httpd.checking.check import check
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.included_files import Texts
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.problem import Problem
from module_utils._httpd.vocabulary.needed_modules import needed_modules

BROKEN = Path(__file__).parent / "fixtures/broken.jsonl"
CASES = [json.loads(line) for line in BROKEN.read_text().splitlines()]


def one_of_words(text: str) -> st.SearchStrategy[str]:
    """Draw one of the words of a text."""
    return st.sampled_from(text.split())


# Names that some room looks at, and one that none knows.
DIRECTIVES = one_of_words("""ProxyPass ProxyPassMatch ProxyPassReverse BalancerMember ProxySet ProxyRequests ServerName ServerAlias Listen
    Define UnDefine Include IncludeOptional Use LoadModule Require SetHandler RewriteRule RewriteCond CustomLog ErrorLog
    Redirect Alias ServerLimit Header Nonesuch""")
SECTIONS = one_of_words(
    """VirtualHost Location LocationMatch Proxy Directory Macro If IfModule IfDefine IfVersion IfFile Nonesuch"""
)
WORDS = st.lists(
    st.one_of(
        one_of_words("""/ /app/ app ! // * *:80 80 [::1]:80 443 http://10.0.0.1:8080/ http:/ http:// balancer://one balancer://
            balancer:/ unix:/run/a|http://a/ unix: timeout=1s timeout= =1 route=a lbmethod=byrequests stickysession=A|b
            ^/(.*)$ ${NAME} ${} $1 on all granted not "a\\"b" 'a b' " \\ %{HTTP_HOST} >= 2.4.6 mod_ssl.c !ssl_module"""),
        st.text(max_size=8),
    ),
    max_size=4,
).map(" ".join)


def lines_of(depth: int) -> st.SearchStrategy[str]:
    """Draw lines, with sections within one another; some ends are missing."""
    line = st.tuples(DIRECTIVES, WORDS).map(" ".join)
    if depth == 0:
        return st.lists(line, max_size=4).map("\n".join)
    section = st.tuples(SECTIONS, WORDS, lines_of(depth - 1), st.booleans()).map(
        lambda drawn: (
            f"<{drawn[0]} {drawn[1]}>\n{drawn[2]}\n" + (f"</{drawn[0]}>" if drawn[3] else "")
        )
    )
    return st.lists(st.one_of(line, line, section), max_size=5).map("\n".join)


def problems_of(text: str) -> tuple[Problem, ...]:
    """Return what every room says of a text, on a host with a file to include."""
    tree, mistakes = parse_tree(text, "/etc/apache2/apache2.conf")
    environment = Environment(
        version=(2, 4, 62),
        modules=frozenset(),
        files=Texts({"/etc/apache2/more.conf": "Include more.conf\n"}),
    )
    expansion = expand(tree, environment)
    needed_modules(expansion.tree)
    return (*mistakes, *expansion.problems, *check(view(expansion.tree)))


@given(lines_of(2))
@examples(400)
@example("ProxyPass app http://10.0.0.1:8080/")
def test_anything_can_be_read_and_checked(text: str) -> None:
    for problem in problems_of(text):
        assert problem.message
        assert str(problem.place)


@given(st.text(max_size=200))
@examples(200)
def test_what_is_no_configuration_at_all_can_be_read(text: str) -> None:
    problems_of(text)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_that_went_wrong_can_be_read(case: dict[str, str]) -> None:
    problems_of(f"<VirtualHost *:80>\n{case['config']}\n</VirtualHost>\n")
    problems_of(case["config"])
