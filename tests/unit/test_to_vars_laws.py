"""Law 1 of adoption: what variables compile to is adopted as variables that compile to the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from examples import examples
from hypothesis import assume, example, given
from hypothesis import strategies as st
from module_utils._httpd.adopting.to_vars import to_vars
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.server import PlacedDirective, Scope, Server, VirtualHost
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.tree import Tree
from module_utils._httpd.vocabulary.reserved_names import UNKNOWN_HOST
from strategies import BALANCER_NAMES, BALANCERS, PATHS, inventories, matched

Plain = dict[str, Any]
EVERYTHING = Path(__file__).parent / "golden" / "everything" / "variables.yml"
AMBIGUOUS = {"two-defaults", "duplicate-balancer", "two-sticky-cookies"}

# Of URLs that no rule has: what a rule might imply is adopted as implied, wherever it stands.
REVERSES = PATHS.map(
    lambda path: {"path": path, "url": matched(path, "http://internal.example.com")}
)
# What the inventories of the other laws don't say.
FURTHER = st.fixed_dictionaries(
    {},
    optional={
        "document_root": st.sampled_from(["/srv/shop", "/srv/a b"]),
        "error_log": st.just("/var/log/apache2/shop.log"),
        "log_level": st.sampled_from(["warn", "info"]),
        "custom_log": st.fixed_dictionaries(
            {"path": st.just("/var/log/x")}, optional={"format": st.just("common")}
        ),
        "redirects": st.lists(
            st.sampled_from(
                [
                    {"path": "/old", "url": "https://x.example.com/new", "status": 301},
                    {"match": "^/v1/(.*)$", "url": "/v2/$1"},
                    {"path": "/", "url": "/app/"},
                ]
            ),
            max_size=3,
        ),
        "proxy_pass_reverse": st.lists(REVERSES, max_size=2),
        "proxy_pass_reverse_cookie_path": st.just([{"internal": "/app", "public": "/"}]),
        "proxy_pass_reverse_cookie_domain": st.just([{"internal": "x.y", "public": "z.y"}]),
    },
)


@st.composite
def whole_inventories(draw: st.DrawFn) -> Plain:
    """An inventory whose virtual hosts say something of everything, and what adoption may not confuse."""
    variables = draw(inventories())
    for vhost in variables["apache_vhosts"]:
        vhost.update(draw(FURTHER))
        if vhost.get("proxy_pass") and draw(st.booleans()):
            draw(st.sampled_from(vhost["proxy_pass"]))["reverse"] = False
    variables["apache_balancers"] = [
        {**draw(BALANCERS), "name": name}
        for name in draw(st.lists(st.sampled_from(BALANCER_NAMES), unique=True))
    ]
    if draw(st.booleans()):
        variables["apache_proof_port"] = 9999
    return variables


def meaning(tree: Tree) -> Server:
    """Return the view with what has no order put in one: listeners, and what serves unknown hosts."""
    server = view(tree)
    return Server(
        tuple(sorted(server.listens, key=str)),
        Scope(placed=tuple(sorted(_anywhere(server.main), key=str))),
        tuple(sorted(map(_vhost_anywhere, server.vhosts), key=_place_of_catch_all)),
    )


def _anywhere(scope: Scope) -> tuple[PlacedDirective, ...]:
    """Return the directives without the places of their sections."""
    return tuple(replace(placed, section_place=None) for placed in scope.placed)


def _vhost_anywhere(vhost: VirtualHost) -> VirtualHost:
    return replace(vhost, scope=replace(vhost.scope, placed=_anywhere(vhost.scope)))


def _place_of_catch_all(vhost: VirtualHost) -> str:
    """Sort those for unknown hosts to the front; the others keep their order."""
    return str(vhost.addresses) if vhost.server_name == UNKNOWN_HOST else "~"


def without_tests(variables: Plain) -> Plain:
    """Return variables without route tests: nobody writes by hand what their virtual hosts answer them with."""
    vhosts = [
        {key: value for key, value in vhost.items() if key != "expect"}
        for vhost in variables["apache_vhosts"]
    ]
    return {**variables, "apache_vhosts": vhosts}


@given(whole_inventories())
@example(without_tests(yaml.safe_load(EVERYTHING.read_text())))
@examples(300)
def test_law_1_what_is_compiled_is_adopted_as_itself(variables: Plain) -> None:
    compiled, problems = check_variables(variables, CONCERN_NAMES)
    # A rule that never fires compiles too; of two things with one name, one is lost.
    assume(not AMBIGUOUS & {problem.rule for problem in problems})
    tree = compiled.whole_tree
    adopted = to_vars(tree, view(tree))
    again, mistakes = check_variables(adopted.variables, CONCERN_NAMES)
    assert {problem.rule for problem in mistakes} <= {problem.rule for problem in problems}
    assert meaning(again.whole_tree) == meaning(tree)


@given(whole_inventories())
@examples(100)
def test_adopting_twice_says_the_same(variables: Plain) -> None:
    compiled, problems = check_variables(variables, CONCERN_NAMES)
    assume(not AMBIGUOUS & {problem.rule for problem in problems})
    once = to_vars(compiled.whole_tree, view(compiled.whole_tree)).variables
    tree = check_variables(once, CONCERN_NAMES)[0].whole_tree
    assert to_vars(tree, view(tree)).variables == once
