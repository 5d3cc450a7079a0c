"""Laws of adoption over hand-written virtual hosts: nothing is lost, and requests are decided as before."""

from __future__ import annotations

from typing import Any

from hand_written import decision, is_on, said, server_tree
from hypothesis import given, settings
from hypothesis import strategies as st
from module_utils._httpd.check import check_variables
from module_utils._httpd.part import CONCERNS
from module_utils._httpd.server import Balancer, VirtualHost
from module_utils._httpd.to_vars import to_vars
from module_utils._httpd.tree import Section
from module_utils._httpd.view import view

LINES = (
    "# a comment",
    "ProxyPass /app http://127.0.0.1:18201/app",
    "ProxyPass /app/v1 http://127.0.0.1:18202/ timeout=5 keepalive=on",
    "ProxyPass /app/ http://127.0.0.1:18201/app/ nocanon",
    "ProxyPass / http://127.0.0.1:18203/",
    "ProxyPass / http://127.0.0.1:18203/ retry=0\nProxyPassReverse / http://127.0.0.1:18203/",
    "ProxyPass /old !",
    "ProxyPass /static !",
    "ProxyPassMatch ^/gone !",
    r"ProxyPassMatch ^/v(\d+)$ http://127.0.0.1:18204/$1",
    "ProxyPass /query http://127.0.0.1:18201/?q=1",
    "ProxyPass /odd http://127.0.0.1:18201/odd interpolate",
    "ProxyPass /check http://127.0.0.1:18201/check hcmethod=GET",
    "ProxyPass /tls https://127.0.0.1:18205/",
    "ProxyPass /b balancer://one/",
    "ProxyPass /two balancer://two/ maxattempts=1",
    "ProxyPassReverse /app http://127.0.0.1:18201/app",
    "ProxyPassReverse / http://127.0.0.1",
    "ProxyPassReverse / /relative",
    "ProxyPassReverseCookiePath /a /b",
    "ProxyPassReverseCookiePath /a /b interpolate",
    "Redirect permanent /old /new",
    "Redirect /app/old https://x.example.com/",
    "Redirect gone /gone",
    "RedirectMatch 307 ^/gone/(.*)$ /here/$1",
    "Alias /static /srv/static",
    "Alias /app/icons /srv/icons",
    "<Directory /srv/static>\nOptions None\nAllowOverride None\nRequire all granted\n</Directory>",
    "<Directory /srv/static/>\nOptions Indexes\nAllowOverride All\nRequire local\n</Directory>",
    "<Directory /srv/icons>\nRequire all granted\n</Directory>",
    "DocumentRoot /srv/static",
    "DocumentRoot /srv/other",
    "ProxyPreserveHost On",
    "ProxyPreserveHost Off",
    "ProxyTimeout 5",
    "ProxyTimeout 5s",
    "ProxyRequests Off",
    "ProxyRequests On",
    "ServerAlias www.example.com *.example.net",
    "ServerAlias <odd>",
    "ErrorLog /var/log/x.log",
    "ErrorLog logs/x.log",
    "LogLevel warn proxy:debug",
    "CustomLog /var/log/x.log combined",
    'CustomLog /var/log/y.log "%h"',
    "SSLProxyEngine On",
    "SSLProxyCheckPeerName off",
    "Header set X-Frame-Options deny",
    "RequestHeader set X-Forwarded-Proto https",
    "RewriteEngine On\nRewriteRule ^/r http://127.0.0.1:18201/r [P]",
    "<Location /app>\nProxyPass http://127.0.0.1:18206/\n</Location>",
    "<Location /app/v1>\nRequire all denied\n</Location>",
    "<IfModule mod_unknown.c>\nProxyPass /app http://127.0.0.1:18207/\n</IfModule>",
    "<IfModule mod_unknown.c>\nRedirect /app/old /other\n</IfModule>",
    "<Proxy balancer://one>\nBalancerMember http://127.0.0.1:18208 route=1\nProxySet stickysession=S\n</Proxy>",
    "<Proxy balancer://one>\nBalancerMember http://127.0.0.1:18209 status=+H\nRequire all granted\n</Proxy>",
    "<Proxy balancer://two>\nBalancerMember http://127.0.0.1:18209/\n</Proxy>",
    "ProxySet balancer://one lbmethod=bytraffic",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(LINES), max_size=9).map("\n".join)
PATHS = ("/", "/app", "/app/", "/app/v1", "/app/v1/x", "/app/old/x", "/app/icons/x", "/old", "/old/x", "/static/x",
         "/gone", "/gone/x", "/v1", "/query", "/odd", "/check", "/tls", "/b/x", "/two/x", "/r", "/else")  # fmt: skip


def adopted(text: str) -> tuple[dict[str, Any], VirtualHost, VirtualHost]:
    """Adopt one virtual host; return its variables, it, and what they compile to."""
    tree = server_tree(f"<VirtualHost *:80>\nServerName x.example.com\n{text}\n</VirtualHost>\n")
    server = view(tree)
    variables = to_vars(tree, server).variables
    again = view(check_variables(variables, CONCERNS)[0].whole_tree)
    return variables, server.vhosts[0], again.vhosts[-1]


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_requests_are_decided_as_before(text: str) -> None:
    _variables, before, after = adopted(text)
    assert [decision(after, path) for path in PATHS] == [decision(before, path) for path in PATHS]


@given(TEXTS)
@settings(max_examples=500, deadline=None)
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
@settings(max_examples=500, deadline=None)
def test_balancers_of_rules_have_the_same_members(text: str) -> None:
    _variables, before, after = adopted(text)
    assert {one.name: members(one) for one in after.scope.balancers} == {
        one.name: members(one) for one in before.scope.balancers
    }


def members(balancer: Balancer) -> tuple[object, ...]:
    """Return the candidates of a balancer, and how they are chosen."""
    return balancer.members, balancer.parameters


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_no_directive_is_lost(text: str) -> None:
    tree = server_tree(f"<VirtualHost *:80>\nServerName x.example.com\n{text}\n</VirtualHost>\n")
    result = to_vars(tree, view(tree))
    compiled = check_variables(result.variables, CONCERNS)[0].whole_tree
    written = list(said(compiled))
    listed = {kept.origin for kept in result.kept}
    host = next(node for node in tree if isinstance(node, Section))
    for node in host.children:
        for words in said((node,)):
            assert words in written or is_balancer_part(words) or node.origin in listed


def is_balancer_part(words: tuple[str, ...]) -> bool:
    """Tell what the law of balancers holds: their members and parameters are gathered from several places."""
    return words[0] in ("proxyset", "balancermember") or words[:2] == ("proxy", "balancer://one")
