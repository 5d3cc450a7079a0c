"""Conditions, Includes, Defines and Macros, in the order in which httpd reads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand, expand_branches
from module_utils._httpd.reading.included_files import Texts
from module_utils._httpd.reading.view import listeners, view
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.syntax.tree import Directive, walk

FIXTURES = Path(__file__).parent / "fixtures"
WORLD = Environment(
    version=(2, 4, 62),
    modules=frozenset({"ssl_module"}),
    variables={"LOGS": "/var/log"},
    files=Texts(
        {
            "/etc/apache2/a/2.conf": "Two\n",
            "/etc/apache2/a/1.conf": "One\n",
            "/etc/apache2/a/x.txt": "Text\n",
            "/etc/apache2/loop.conf": "Include loop.conf\n",
        }
    ),
)


def expanded(text: str, world: Environment = WORLD) -> tuple[str, list[str]]:
    """Return what is left of a text, and the messages."""
    expansion = expand(parse_tree(text, "x")[0], world)
    return print_tree(expansion.tree), [problem.message for problem in expansion.problems]


CASES = [
    pytest.param("<IfModule ssl_module>\nA\n</IfModule>\n", "A\n", id="loaded by identifier"),
    pytest.param("<IfModule mod_ssl.c>\nA\n</IfModule>\n", "A\n", id="loaded by source"),
    pytest.param("<IfModule http_core.c>\nA\n</IfModule>\n", "A\n", id="a source of another name"),
    pytest.param("<IfModule core.c>\nA\n</IfModule>\n", "A\n", id="the core's source"),
    pytest.param("<IfModule mod_http.c>\nA\n</IfModule>\n", "", id="no source of http"),
    pytest.param("<IfModule mod_core.c>\nA\n</IfModule>\n", "", id="no source of the core"),
    *(
        pytest.param(
            f"LoadModule mpm_event_module e.so\n<IfModule {name}>\nA\n</IfModule>\n",
            f"LoadModule mpm_event_module e.so\n{left}",
            id=f"an MPM by {name}",
        )
        for name, left in {
            "event.c": "A\n",
            "mpm_event_module": "A\n",
            "mod_mpm_event.c": "",
        }.items()
    ),
    pytest.param("<IfModule !mod_ssl.c>\nA\n</IfModule>\n", "", id="not loaded"),
    pytest.param(
        "LoadModule b_module b.so\n<IfModule b_module>\nA\n</IfModule>\n",
        "LoadModule b_module b.so\nA\n",
        id="loaded before",
    ),
    pytest.param(
        "<IfModule b_module>\nA\n</IfModule>\nLoadModule b_module b.so\n",
        "LoadModule b_module b.so\n",
        id="loaded after",
    ),
    pytest.param("<IfVersion >= 2.4.47>\nA\n</IfVersion>\n", "A\n", id="version at least"),
    pytest.param("<IfVersion < 2.4.47>\nA\n</IfVersion>\n", "", id="version below"),
    pytest.param("Define P 8080\nListen ${P}\n", "Listen 8080\n", id="define"),
    pytest.param(
        "Define P '80 80'\nListen ${P}\n",
        "Listen 80 80\n",
        id="a variable is replaced before words are split",
    ),
    pytest.param(
        "<IfDefine !P>\nA\n</IfDefine>\nDefine P\n<IfDefine P>\nB\n</IfDefine>\n",
        "A\nB\n",
        id="ifdefine",
    ),
    pytest.param("Define P\nUnDefine P\n<IfDefine P>\nA\n</IfDefine>\n", "", id="undefine"),
    pytest.param(
        "<IfDefine LOGS>\nA\n</IfDefine>\n", "", id="a variable of the process is no define"
    ),
    pytest.param(
        "Define logs /l\nA ${LOGS}\nUnDefine LOGS\nA ${LOGS}\n",
        "A /l\nA /var/log\n",
        id="undefine uncovers the variable of the process",
    ),
    pytest.param("Include a/*.conf\n", "One\nTwo\n", id="glob, by name"),
    pytest.param("Include a\n", "One\nTwo\nText\n", id="directory, by name"),
    pytest.param("IncludeOptional b/*.conf\n", "", id="optional"),
    pytest.param("Include ?/1.conf\n", "One\n", id="glob of directories"),
    pytest.param("IncludeOptional */none.conf\n", "", id="optional behind a glob"),
    pytest.param("IncludeOptional a/\\*.conf\n", "", id="escaped"),
    pytest.param("<IfFile a/1.conf>\nA\n</IfFile>\n", "A\n", id="file"),
    pytest.param(
        "<Macro M $a $ab>\nX $ab $a\n</Macro>\nUse M 1 2\n",
        "X 2 1\n",
        id="macro, longest name first",
    ),
    pytest.param(
        "<Macro M $a>\nX $a\n</Macro>\nUse M 1\nUndefMacro M\n<Macro M $a>\nY $a\n</Macro>\nUse m 2\n",
        "X 1\nY 2\n",
        id="macro, undefined and defined anew",
    ),
    pytest.param(
        "<Location /x>\nInclude a/1.conf\n</Location>\n",
        "<Location /x>\n  One\n</Location>\n",
        id="include inside",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_text_expands(text: str, expected: str) -> None:
    assert expanded(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "Include missing.conf\n", 'Include of "missing.conf" finds no file', id="strict include"
        ),
        pytest.param(
            "Include */none.conf\n",
            'Include of "*/none.conf" finds no /etc/apache2/a/none.conf',
            id="strict behind a glob",
        ),
        pytest.param(
            "Include loop.conf\n", 'Include of "loop.conf" is nested too deeply', id="cycle"
        ),
        pytest.param(
            "Listen ${NOPE}\n",
            "${NOPE} is not defined, so httpd takes it literally (AH00111)",
            id="variable",
        ),
        pytest.param(
            "Define T\nListen ${t}\n",
            "${t} is not defined, so httpd takes it literally (AH00111)",
            id="variable without a value, in another case",
        ),
        pytest.param(
            "Define T\nListen ${T}\n",
            "`Define T` has no value, so httpd takes ${T} literally (AH00111)",
            id="variable without a value",
        ),
        pytest.param(
            "Listen ${logs}\n",
            "${logs} is not defined, so httpd takes it literally (AH00111)",
            id="variable of the process in another case",
        ),
        pytest.param("Use M 1\n", "Use of an unknown macro M 1", id="macro"),
        pytest.param(
            "<Macro M>\n</Macro>\nUndefMacro M\nUse M\n",
            "Use of an unknown macro M",
            id="macro that was undefined",
        ),
    ],
)
def test_what_cannot_be_expanded_is_a_problem(text: str, message: str) -> None:
    assert message in expanded(text)[1]


# As httpd was seen to read them.
MACROS = [
    ("@a", "X B/@a", "x", 'X B/"x"'),
    ("@a", "X @a", '"x y"', 'X "x y"'),
    ("@a", "X B/@a", """'x"y'""", r'X B/"x\"y"'),
    ("@a", "X B/@a", r"x\y", r'X B/"x\\y"'),
    ("@ab @a", "X B/@a@ab", "x y", 'X B/"y""x"'),
    ("$a $b", "X B/$a", "$b x", "X B/$b"),
    ("$a $b", "X B/$a$b", "$b x", "X B/$bx"),
    ("$a xb", "X B/$ab", "x y", "X B/xb"),
    ("$a $ab", "X B/$a$ab$abc", "x y", "X B/xyyc"),
    ("$A", "X B/$a", "x", "X B/$a"),
    ("$a", "X B/$a/$a", "x", "X B/x/x"),
]


@pytest.mark.parametrize(("names", "line", "values", "read"), MACROS)
def test_a_macro_is_filled_as_httpd_fills_it(names: str, line: str, values: str, read: str) -> None:
    assert expanded(f"<Macro M {names}>\n{line}\n</Macro>\nUse M {values}\n") == (f"{read}\n", [])


@pytest.mark.parametrize("values", ["1", "1 2 3"])
def test_a_macro_wants_a_value_for_each_parameter(values: str) -> None:
    text = f"<Macro M $a $b>\nX $a $b\n</Macro>\nUse M {values}\n"
    assert expanded(text)[1] == [f"Use of M has {len(values.split())} arguments instead of 2"]


def test_what_a_macro_brings_has_the_lines_of_its_file() -> None:
    text = "A\n<Macro M $a>\n\n  X $a\n</Macro>\nUse M 1\n"
    (found,) = (
        node
        for node in expand(parse_tree(text, "x")[0], WORLD).tree
        if isinstance(node, Directive) and node.name == "X"
    )
    assert str(found.place) == "x:4 (included from x:6)"


def test_an_unknown_condition_stays_open() -> None:
    text = "<IfModule ssl_module>\n  A\n</IfModule>\n"
    assert expanded(text, replace(WORLD, modules=None)) == (text, [])


BRANCHES = """\
<IfModule ssl_module>
  Define X held
  A ${X}
</IfModule>
<IfModule !ssl_module>
  Define X passed
  Include a/1.conf
  Include missing.conf
  B ${X}
  <IfVersion < 2.4>
    C ${NOPE}
  </IfVersion>
</IfModule>
D ${X}
"""


def test_branches_are_kept_in_their_place_and_those_passed_over_change_nothing() -> None:
    expansion = expand_branches(parse_tree(BRANCHES, "x")[0], WORLD)
    assert print_tree(expansion.tree) == "A held\nD held\n"
    assert expansion.problems == ()
    assert (
        print_tree(expansion.branches)
        == """\
<IfModule ssl_module>
  A held
</IfModule>
<IfModule !ssl_module>
  One
  B passed
  <IfVersion < 2.4>
    C ${NOPE}
  </IfVersion>
</IfModule>
D held
"""
    )


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_holds_is_the_same_whether_branches_are_kept_or_not(text: str, expected: str) -> None:
    tree = parse_tree(text, "x")[0]
    once, kept = expand(tree, WORLD), expand_branches(tree, WORLD)
    assert (kept.tree, kept.problems) == (once.tree, once.problems)
    assert print_tree(kept.tree) == expected


def test_an_backend_names_the_include_that_led_to_it() -> None:
    tree = expand(parse_tree("\nInclude a/1.conf\n", "main.conf")[0], WORLD).tree
    places = [str(node.place) for node in walk(tree) if isinstance(node, Directive)]
    assert places == ["/etc/apache2/a/1.conf:1 (included from main.conf:2)"]


@pytest.mark.parametrize("release", ["debian12", "debian13"])
def test_a_distribution_default_tree_is_read_whole(release: str) -> None:
    root = FIXTURES / release / "apache2"
    files = {
        f"/etc/apache2/{path.relative_to(root)}": path.read_text() for path in root.rglob("*.conf")
    } | {
        f"/etc/apache2/{path.relative_to(root)}": path.read_text() for path in root.rglob("*.load")
    }
    variables = {
        "APACHE_RUN_DIR": "/run/apache2",
        "APACHE_PID_FILE": "/run/p",
        "APACHE_RUN_USER": "www-data",
        "APACHE_RUN_GROUP": "www-data",
        "APACHE_LOG_DIR": "/var/log/apache2",
        "APACHE_LOCK_DIR": "/run/lock",
    }
    world = Environment((2, 4, 71), frozenset(), variables, Texts(files))
    expansion = expand(
        parse_tree(files["/etc/apache2/apache2.conf"], "/etc/apache2/apache2.conf")[0], world
    )
    assert expansion.problems == ()
    server = view(expansion.tree)
    assert [str(listen.address) for listen in server.listens] == ["*:80"]
    assert [str(address) for address in server.vhosts[0].addresses] == ["*:80"]
    ports = expand_branches(parse_tree(files["/etc/apache2/ports.conf"], "p")[0], world)
    assert [(str(listen.address), listen.conditions) for listen in listeners(ports.branches)] == [
        ("*:80", ()),
        ("*:443", (("ifmodule", "ssl_module"),)),
        ("*:443", (("ifmodule", "mod_gnutls.c"),)),
    ]
    assert "mpm_event_module" in (expansion.environment.modules or ())


def test_a_server_root_holds_for_what_comes_after_it() -> None:
    text = (
        "Include a.conf\nServerRoot /other\nInclude a.conf\nServerRoot /nowhere\nInclude a.conf\n"
    )
    files = Texts({"/etc/apache2/a.conf": "Timeout 1\n", "/other/a.conf": "Timeout 2\n"})
    expansion = expand(parse_tree(text, "x")[0], Environment(files=files))
    said = [node.args for node in walk(expansion.tree) if node.name == "Timeout"]
    assert (said, expansion.problems) == ([("1",), ("2",), ("2",)], ())


@pytest.mark.parametrize(("last", "problems"), [(128, 0), (129, 1)])
def test_includes_go_as_deep_as_httpds(last: int, problems: int) -> None:
    """Asked of 2.4.71: the main file, and 128 files below it."""
    chain = {f"/{number}.conf": f"Include /{number + 1}.conf\n" for number in range(1, last)}
    files = Texts({**chain, f"/{last}.conf": "Timeout 1\n"})
    tree, _problems = parse_tree("Include /1.conf\n", "x")
    assert len(expand(tree, Environment(files=files)).problems) == problems
