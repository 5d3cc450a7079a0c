"""What was decided otherwise than httpd answered is right now, or open; each was asked of httpd 2.4.71."""

from __future__ import annotations

from typing import Any

import pytest
from deciding import PROXY, decide
from module_utils._httpd.reading.server import Server
from module_utils._httpd.reading.view import view
from module_utils._httpd.resolve.request import Decision, Request
from module_utils._httpd.resolve.resolver import Resolver
from module_utils._httpd.syntax.parse import parse_tree

DENIED, RULE = "Require all denied", "RewriteEngine On\nRewriteRule . - [F]"
FILES = "DocumentRoot /srv\n{}\n<Directory /srv>\n{}\n</Directory>"
REDIRECTED = "<Location /app>\nRedirect /app/x http://x.test/\n</Location>"
REFUSED = f"<Location /app>\n{DENIED}\n</Location>"
ERROR = f"<Location />\n{DENIED}\n</Location>\n<Location /403.html>\nRequire all granted\n</Location>\nErrorDocument 403 /403.html"

# Lines before a ProxyPass of everything, the request, and the status that httpd gave; 200 is the backend's.
OF_A_PROXY: dict[str, tuple[str, dict[str, Any], int]] = {
    "a container in LimitExcept": (
        f"<Location />\n<LimitExcept GET>\n<RequireAll>\n{DENIED}\n</RequireAll>\n</LimitExcept>\n</Location>", {"method": "POST"}, 403,
    ),
    "a condition in Limit": (
        f"<Location />\n<Limit GET>\n<IfDefine !Q>\n{DENIED}\n</IfDefine>\n</Limit>\n</Location>", {}, 403,
    ),
    "a condition in a container": (
        f"<Location />\n<RequireAll>\nRequire all granted\n<IfDefine !Q>\n{DENIED}\n</IfDefine>\n</RequireAll>\n</Location>", {}, 403,
    ),
    "Limit HEAD": (f"<Location />\n<Limit HEAD>\n{DENIED}\n</Limit>\n</Location>", {}, 403),
    "LimitExcept HEAD": (f"<Location />\n<LimitExcept HEAD>\n{DENIED}\n</LimitExcept>\n</Location>", {}, 200),
    "Limit get": (f"<Location />\n<Limit get>\n{DENIED}\n</Limit>\n</Location>", {}, 200),
    "Satisfy alone": (
        "<Location />\nOrder deny,allow\nDeny from all\n</Location>\n<Location /a>\nSatisfy All\n</Location>", {"target": "/a"}, 200,
    ),
    "a variable of mod_unique_id": ("RewriteEngine On\nRewriteCond %{ENV:UNIQUE_ID} .\nRewriteRule . - [F]", {}, 403),
    "a variable of the process": ("RewriteEngine On\nRewriteCond %{ENV:HOSTNAME} .\nRewriteRule . - [F]", {}, 403),
    "a group with a name": ("<LocationMatch \"^/(?<who>\\w+)\">\nRequire env MATCH_WHO\n</LocationMatch>", {"target": "/a"}, 200),
    "a rewrite to a socket": ("RewriteEngine On\nRewriteRule ^/(.*)$ unix:/s.sock|http://x/$1 [P]", {}, 200),
    "so many rounds": ("RewriteEngine On\nRewriteRule ^/(.*)a(.*)$ /$1b$2 [N=2]", {"target": "/a"}, 500),
    "two statuses": ("RewriteEngine On\nRewriteRule ^ /y [R=404,R]", {}, 404),
    "a scheme of a ServerName": (
        "ServerName https://v0.example\nRewriteEngine On\nRewriteCond %{REQUEST_SCHEME} =https\nRewriteRule . - [F]", {}, 403,
    ),
    "options that add up": (
        "RewriteEngine On\nRewriteOptions Inherit\nRewriteOptions AllowAnyURI\nRewriteRule ^/zz - [F]", {}, -1,
    ),
    "a worker that is stopped": ("ProxyPass /a http://127.0.0.1:1/ status=+D", {"target": "/a"}, 503),
    "heartbeats": (
        "ProxyPass /a balancer://b/\n<Proxy balancer://b>\nBalancerMember http://127.0.0.1:1\nProxySet lbmethod=heartbeat\n</Proxy>",
        {"target": "/a"}, 503,
    ),
    "an <If> that resets slashes": ("AllowEncodedSlashes NoDecode\n<If \"true\">\nOptions None\n</If>", {"target": "/a/x%2fy"}, -1),
    "mapping beside nocanon": ("ProxyPass /p.html http://127.0.0.1:1 mapping=servlet nocanon", {"target": "/%70.html"}, 400),
    "an escaped star": (f"<Location \"/g\\*\">\n{DENIED}\n</Location>", {"target": "/g*"}, 200),
    "a set with a bracket": (f"<Location \"/[]]q\">\n{DENIED}\n</Location>", {"target": "/]q"}, 403),
    "a condition around a RewriteCond": (
        "RewriteEngine On\n<IfDefine Q>\nRewriteCond %{HTTP_HOST} ^x\n</IfDefine>\nRewriteRule . - [F]", {}, 403,
    ),
    "a condition around a name": ("<IfDefine Q>\nServerAlias *\n</IfDefine>", {}, -1),
    "a method that is none": ("", {"method": "G@T"}, 400),
    "no method": ("", {"method": ""}, 400),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "fields", "status"), OF_A_PROXY.values(), ids=OF_A_PROXY)
def test_proxy(lines: str, fields: dict[str, Any], status: int) -> None:
    config = PROXY.replace(
        "ProxyPass / http://127.0.0.1:19201/\n{}", f"{lines}\nProxyPass / http://127.0.0.1:19201/"
    )
    assert_is_no_guess(decide(config, **fields), status)


# Lines of a virtual host that serves files, the request, and the status that httpd gave; 200 is a backend's.
OF_FILES: dict[str, tuple[str, dict[str, Any], int]] = {
    "an error's document of a directory": (
        FILES.format(REFUSED, "ErrorDocument 403 http://else.test/"), {"target": "/app/x"}, 302,
    ),
    "Satisfy of a directory": (
        FILES.format(REFUSED, "Satisfy Any\nOrder allow,deny\nAllow from all"), {"target": "/app/x"}, 200,
    ),
    "an <If> of a directory": (
        FILES.format(REFUSED, "<If \"true\">\nRequire all granted\n</If>"), {"target": "/app/x"}, 200,
    ),
    "a directory that is closed": (FILES.format(REDIRECTED, DENIED), {"target": "/app/x"}, 403),
    "methods of a directory": (FILES.format(REDIRECTED, "AllowMethods POST"), {"target": "/app/x"}, 405),
    "a path with two slashes": (
        "DocumentRoot /srv//app/\n<Directory /srv/app>\nSetHandler proxy:http://127.0.0.1:1\n</Directory>", {}, 200,
    ),
    "a path that goes back": (
        "DocumentRoot /srv/app\n<Directory /srv/x/../app>\nSetHandler proxy:http://127.0.0.1:1\n</Directory>", {}, 200,
    ),
    "a relative path": (
        "DocumentRoot app\n<Directory /etc/apache2/app>\nSetHandler proxy:http://127.0.0.1:1\n</Directory>", {}, 200,
    ),
    "what follows a file": (
        "DocumentRoot /srv\n<DirectoryMatch \"/static/f\\.txt$\">\nSetHandler proxy:http://127.0.0.1:1\n</DirectoryMatch>",
        {"target": "/static/f.txt/more"}, 200,
    ),
    "a file's own extension": (
        "DocumentRoot /srv\nAddHandler proxy:http://127.0.0.1:1 .php\nRewriteEngine On\nRewriteRule ^/(.*)\\.html$ /$1.php [L]",
        {"target": "/a.html"}, 200,
    ),
    "an Alias in a Location": (
        "DocumentRoot /srv\n<Location /q>\nAlias /srv/o.txt\n</Location>\n<Files o.txt>\nSetHandler proxy:http://127.0.0.1:1\n</Files>",
        {"target": "/q"}, 200,
    ),
    "MultiViews": (
        "DocumentRoot /srv\n<Directory /srv>\nOptions +MultiViews\nRequire all granted\n</Directory>\n"
        "<FilesMatch \"\\.php$\">\nSetHandler proxy:http://127.0.0.1:1\n</FilesMatch>", {"target": "/a"}, 200,
    ),
    "indexes that add up": (
        "DocumentRoot /srv\nDirectoryIndex /api/x\nDirectoryIndex index.html\nProxyPass /api http://127.0.0.1:1", {}, 200,
    ),
    "the method of an index": (
        "DocumentRoot /srv\nRewriteEngine On\nRewriteCond %{REQUEST_METHOD} =GET\nRewriteRule ^/index http://127.0.0.1:1/ [P]",
        {"method": "POST"}, 200,
    ),
    "a variable of an index": (
        "DocumentRoot /srv\nSetEnv FOO bar\nRewriteEngine On\nRewriteCond %{ENV:FOO} =bar\nRewriteRule ^/i http://127.0.0.1:1/ [P]",
        {}, 200,
    ),
    "a handler before an index": (
        "DocumentRoot /srv\n<Location /app>\nSetHandler send-as-is\nRedirect /app/index.html http://x.test/\n</Location>",
        {"target": "/app/"}, 302,
    ),
    "a type that is a handler": (
        FILES.format("", "ForceType proxy:http://127.0.0.1:1/q"), {"target": "/a"}, 200,
    ),
    "a type in an <If>": (
        "DocumentRoot /srv\n<If \"true\">\nForceType proxy:http://127.0.0.1:1/q\n</If>", {"target": "/a"}, 200,
    ),
    "TRACE of a section's redirect": (
        "DocumentRoot /srv\n<Location />\nRedirect / http://else.test/q\n</Location>", {"method": "TRACE"}, 200,
    ),
    "a status that is none": ("DocumentRoot /srv\nRedirect 599 /a", {"target": "/a"}, 500),
    "a redirect that is none": ("DocumentRoot /srv\nRedirect 399 /a /b", {"target": "/a"}, 500),
    "a condition around an error's document": (
        f"DocumentRoot /srv\nErrorDocument 403 http://else.test/\n<Location />\n{DENIED}\n</Location>\n"
        "<IfDefine Q>\nErrorDocument 403 default\n</IfDefine>", {}, 302,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "fields", "status"), OF_FILES.values(), ids=OF_FILES)
def test_files(lines: str, fields: dict[str, Any], status: int) -> None:
    config = f"<VirtualHost *:19110>\nServerName v0.example\n{lines}\n</VirtualHost>"
    assert_is_no_guess(decide(config, **fields), status, of_files=True)


def assert_is_no_guess(decision: Decision, status: int, *, of_files: bool = False) -> None:
    """See that a decision is open, or says what httpd answered; -1 where only an open answer is right."""
    if decision.action == "depends":
        assert decision.cause != "loop" or "asks itself" not in decision.reasons[-1].text
        return
    assert status != -1, decision
    if status == 200:
        assert decision.action == "proxy", decision
        assert not of_files, decision
    else:
        assert (decision.action, decision.status) == ("denied", status), decision


def test_a_virtual_host_within_a_condition_leaves_its_address_open() -> None:
    first = "<VirtualHost *:19110>\nServerName a.test\n</VirtualHost>"
    second = "<IfDefine Q>\n<VirtualHost *:{}>\nServerName v0.example\n</VirtualHost>\n</IfDefine>"
    assert decide(f"{first}\n{second.format(19110)}").cause == "condition"
    assert decide(f"{first}\n{second.format(443)}").vhost == "a.test"


def test_an_error_document_is_not_looked_for_twice() -> None:
    config = f"<VirtualHost *:19110>\nDocumentRoot /srv\nErrorDocument 404 /404.html\n{ERROR}\n</VirtualHost>"
    assert decide(config, "/x").status == 403
    assert decide(config.replace(DENIED, "Require all granted"), "/x").action == "local"


@pytest.mark.parametrize("expression", ["(" * 5000 + "true" + ")" * 5000, "!" * 5000 + "true"])
def test_an_expression_of_any_depth_is_read_or_open(expression: str) -> None:
    config = PROXY.format(f'<If "{expression}">\n{DENIED}\n</If>')
    assert decide(config).cause == "expression"


@pytest.mark.parametrize(
    ("target", "is_open"),
    [("/a.txt", False), ("/.htaccess", True), ("/x/.htpasswd/y", True), ("/", False)],
)
def test_a_pattern_of_files_reaches_those_that_it_may_name(target: str, *, is_open: bool) -> None:
    config = '<VirtualHost *:19110>\nDocumentRoot /srv\n<FilesMatch "^\\.ht">\nRequire all denied\n</FilesMatch>\n</VirtualHost>'
    assert (decide(config, target).action == "depends") is is_open


def server(text: str, *names: str) -> Server:
    """Return the server of a text that has these modules."""
    tree, _problems = parse_tree(text, "server.conf")
    return view(tree, frozenset(f"{name}_module" for name in names))


MISSING = [
    ("ProxyPass / scgi://127.0.0.1:1/", ("proxy", "proxy_http"), 500),
    ("ProxyPass / http://127.0.0.1:1/", ("proxy",), 500),
    ("ProxyPass / ws://127.0.0.1:1/", ("proxy", "proxy_wstunnel"), 0),
    ("ProxyPass / balancer://b", ("proxy", "proxy_http"), 500),
    ("RewriteEngine On\nRewriteRule ^ http://127.0.0.1:1/ [P]", ("rewrite",), 403),
]


@pytest.mark.parametrize(("lines", "names", "status"), MISSING)
def test_what_no_module_speaks_is_not_asked(
    lines: str, names: tuple[str, ...], status: int
) -> None:
    decision = Resolver(server(lines, *names)).resolve(Request("/", "a.test"))
    assert decision.status == status
    assert (decision.action == "proxy") is not status


@pytest.mark.parametrize(
    ("address", "is_heard"), [("127.0.0.2", True), ("127.0.0.1", False), ("", True)]
)
def test_nobody_answers_where_nobody_listens(address: str, *, is_heard: bool) -> None:
    found = server("Listen 127.0.0.2:80\nProxyPass / http://127.0.0.1:1/", "proxy", "proxy_http")
    decision = Resolver(found).resolve(Request("/", "a.test", address=address))
    assert (decision.action == "proxy") is is_heard


HEADERS = [
    ("ProxyVia On", "Via"),
    ("ProxyMaxForwards 2", "Max-Forwards"),
    ("<Location />\nAuthBasicFake demo demo\n</Location>", "Authorization"),
    ('RequestHeader set X-A "a\\tb"', "X-A"),
    ("RequestHeader unset Host\nRequestHeader set X-Forwarded-Host x", "X-Forwarded-Host"),
    ("RequestHeader add Host b", "X-Forwarded-Host"),
]


@pytest.mark.parametrize(("lines", "name"), HEADERS)
def test_header_that_something_else_sets_is_open(lines: str, name: str) -> None:
    decision = decide(PROXY.format(lines))
    assert name in decision.open_headers
    assert name not in decision.headers


def test_backend_is_told_the_name_as_it_is_written() -> None:
    config = PROXY.format("").replace("v0.example", "V0.ExAmple")
    assert decide(config).headers["X-Forwarded-Server"] == "V0.ExAmple"


def test_a_server_without_a_name_has_none_to_be_canonical() -> None:
    config = "<VirtualHost *:19110>\nUseCanonicalName On\nRedirect /a /b\n</VirtualHost>"
    assert decide(config, "/a").cause == "address"
