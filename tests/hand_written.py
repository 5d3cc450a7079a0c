"""Hand-written servers for the adopter's tests: read as text, adopted, and compiled back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.server import ProxyPass, VirtualHost
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.syntax.quoting import read_words
from module_utils._httpd.syntax.tree import Comment, Directive, Section, Tree, is_named, walk

APPS = sorted((Path(__file__).parent / "unit" / "fixtures" / "apps").glob("*.conf"))
# What may not stand in a virtual host, so an application's file that has it is no body of one.
MAIN_ONLY = ("LoadModule", "Listen", "User", "Group", "NameVirtualHost", "Define", "SSLRandomSeed",
             "SSLSessionCache", "SSLMutex", "SSLPassPhraseDialog", "SSLCryptoDevice")  # fmt: skip
STATUSES = {
    name: {"permanent": "301", "temp": "302", "gone": "410"}
    for name in ("redirect", "redirectmatch")
}
# What is found in virtual hosts: what variables say, nearly say, and can't say.
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
PATHS = ("/", "/app", "/app/", "/app/v1", "/app/v1/x", "/app/old/x", "/app/icons/x", "/old", "/old/x", "/static/x",
         "/gone", "/gone/x", "/v1", "/query", "/odd", "/check", "/tls", "/b/x", "/two/x", "/r", "/else")  # fmt: skip


def server_tree(text: str) -> Tree:
    """Read a text as httpd would where nothing is known of its modules."""
    tree, _problems = parse_tree(text, "httpd.conf")
    return expand(tree, Environment()).tree


def app_text(path: Path) -> str:
    """Return an application's configuration, inside a virtual host where it has none of its own."""
    text = path.read_text()
    tree = parse_tree(text, path.name)[0]
    if any(is_named(node, "VirtualHost") for node in walk(tree)):
        return text
    main = tuple(node for node in tree if is_named(node, *MAIN_ONLY))
    body = tuple(node for node in tree if not is_named(node, *MAIN_ONLY))
    host = Section("VirtualHost", ("*:80",), (Directive("ServerName", ("app.example.com",)), *body))
    return print_tree((*main, host))


def said(tree: Tree) -> Iterator[tuple[str, ...]]:
    """Yield every directive and section as words, but for quotes, the letter case of names, and the order of parameters."""
    for node in walk(tree):
        if isinstance(node, Comment):
            continue
        name, words = node.name.lower(), list(read_words(node.name, node.args))
        words = [word.lower() if word.lower() in ("on", "off") else word for word in words]
        if name in STATUSES and words:
            words[:1] = [STATUSES[name].get(words[0], words[0])]
            words = words if words[0].isdigit() else ["302", *words]
        if name in ("proxypass", "proxypassmatch"):
            words[2:] = sorted(word.lower() for word in words[2:])
        if name == "serveralias":
            yield from ((name, word) for word in words)
            continue
        yield (name, *words)


def decision(vhost: VirtualHost, path: str) -> tuple[str, ...]:
    """Return what plain rules make of a plain path: a <Location>'s proxy, the first rule's, a redirect or an alias."""
    here = [rule for rule in vhost.scope.rules if rule.location and is_below(path, rule.location)]
    rules = (
        here[-1:]
        or [rule for rule in vhost.scope.rules if not rule.location and takes(rule, path)][:1]
    )
    if rules and not rules[0].is_exclusion:
        return (
            rules[0].url,
            str(sorted(rules[0].parameters.items())).lower(),
            *sorted(rules[0].flags),
        )
    mapped = [one for names in MAPPERS for one in mappings(vhost, names) if maps(one, path)]
    return mapped[0] if mapped else ("local",)


MAPPERS = (("redirect", "redirectmatch"), ("alias", "aliasmatch"))


def mappings(vhost: VirtualHost, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return mod_alias's directives of the names, in order, as `said` writes them."""
    nodes = tuple(placed.directive for placed in vhost.scope.placed if not placed.around)
    return [words for words in said(nodes) if words[0] in names]


def maps(words: tuple[str, ...], path: str) -> bool:
    """Tell whether a directive of mod_alias is for a path."""
    source = words[2] if words[0].startswith("redirect") else words[1]
    if words[0].endswith("match"):
        return re.search(source, path) is not None
    return is_below(path, source)


def takes(rule: ProxyPass, path: str) -> bool:
    """Tell whether a rule takes a path."""
    if rule.is_match:
        return re.search(rule.path, path) is not None
    return path.startswith(rule.path) if rule.path.endswith("/") else is_below(path, rule.path)


def is_below(path: str, prefix: str) -> bool:
    """Tell whether a path is a prefix or below it."""
    return path == prefix or path.startswith(f"{prefix.rstrip('/')}/")


def is_on(vhost: VirtualHost, name: str, default: str) -> bool:
    """Tell whether the last directive of a name outside sections says On."""
    values = [
        placed.directive.args[0].lower()
        for placed in vhost.scope.placed
        if is_named(placed.directive, name) and not placed.around
    ]
    return [default, *values][-1] == "on"
