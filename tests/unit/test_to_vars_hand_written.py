"""Laws of adoption over hand-written virtual hosts: nothing is lost, and requests are decided as before."""

from __future__ import annotations

from typing import Any

from examples import examples
from hand_written import LINES, PATHS, decision, is_on, said, server_tree
from hypothesis import given
from hypothesis import strategies as st
from module_utils._httpd.adopting.to_vars import to_vars
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.server import Balancer, VirtualHost
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.tree import Section

TEXTS = st.lists(st.sampled_from(LINES), max_size=9).map("\n".join)


def adopted(text: str) -> tuple[dict[str, Any], VirtualHost, VirtualHost]:
    """Adopt one virtual host; return its variables, it, and what they compile to."""
    tree = server_tree(f"<VirtualHost *:80>\nServerName x.example.com\n{text}\n</VirtualHost>\n")
    server = view(tree)
    variables = to_vars(tree, server).variables
    again = view(check_variables(variables, CONCERN_NAMES)[0].whole_tree)
    return variables, server.vhosts[0], again.vhosts[-1]


@given(TEXTS)
@examples(500)
def test_requests_are_decided_as_before(text: str) -> None:
    _variables, before, after = adopted(text)
    assert [decision(after, path) for path in PATHS] == [decision(before, path) for path in PATHS]


@given(TEXTS)
@examples(500)
def test_what_holds_for_every_rule_holds_as_before(text: str) -> None:
    _variables, before, after = adopted(text)
    assert is_on(after, "ProxyRequests", "off") == is_on(before, "ProxyRequests", "off")
    assert (after.server_name, set(after.server_aliases)) == (
        before.server_name,
        set(before.server_aliases),
    )
    if before.scope.rules:
        assert is_on(after, "ProxyPreserveHost", "off") == is_on(before, "ProxyPreserveHost", "off")
    if any(rule.url.startswith("https:") for rule in before.scope.rules):
        assert is_on(after, "SSLProxyCheckPeerName", "on") == is_on(
            before, "SSLProxyCheckPeerName", "on"
        )


@given(TEXTS)
@examples(500)
def test_balancers_of_rules_have_the_same_members(text: str) -> None:
    _variables, before, after = adopted(text)
    assert {one.name: members(one) for one in after.scope.balancers} == {
        one.name: members(one) for one in before.scope.balancers
    }


def members(balancer: Balancer) -> tuple[object, ...]:
    """Return the candidates of a balancer, and how they are chosen."""
    return balancer.members, balancer.parameters


@given(TEXTS)
@examples(500)
def test_no_directive_is_lost(text: str) -> None:
    tree = server_tree(f"<VirtualHost *:80>\nServerName x.example.com\n{text}\n</VirtualHost>\n")
    result = to_vars(tree, view(tree))
    compiled = check_variables(result.variables, CONCERN_NAMES)[0].whole_tree
    written = list(said(compiled))
    listed = {kept.place for kept in result.kept}
    host = next(node for node in tree if isinstance(node, Section))
    for node in host.children:
        for words in said((node,)):
            assert words in written or is_balancer_part(words) or node.place in listed


def is_balancer_part(words: tuple[str, ...]) -> bool:
    """Tell what the law of balancers holds: their members and parameters are gathered from several places."""
    return words[0] in ("proxyset", "balancermember") or words[:2] == ("proxy", "balancer://one")
