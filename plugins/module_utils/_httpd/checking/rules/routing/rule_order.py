"""Which rule gets a request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import ProxyPass, Scope, Server
from ...rule import Finding, rule

# Patterns that every path of a request matches, since it begins with a slash.
EVERYTHING = re.compile(r"\^?(?:\(?(?:/\??)?\(?\.\*|\(?\.\+)\)?\)?\$?|\^?(?:/\??)?")
MOD_PROXY = "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html"


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        ProxyPass / http://10.0.0.1:8080/
        ProxyPass /api/ http://10.0.0.2:8080/
    """,
    good="""
        ProxyPass /api/ http://10.0.0.2:8080/
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def rule_never_fires(server: Server) -> Iterator[Finding]:
    """An earlier rule takes every request that this one is for.

    httpd tries the ProxyPass rules of a virtual host in order, and the first whose path is a prefix of the request's
    wins. A rule behind one with a shorter path never fires, and an exclusion (`!`) behind it excludes nothing.
    """
    for scope in server.scopes:
        seen: dict[str, ProxyPass] = {}
        for proxy_pass in scope.rules:
            if proxy_pass.location or proxy_pass.is_match:
                continue
            earlier = next(
                (seen[prefix] for prefix in prefixes(proxy_pass.path) if prefix in seen), None
            )
            if earlier and not _is_harmless(proxy_pass, earlier):
                yield _never_fires(proxy_pass, earlier)
            seen.setdefault(_normal(proxy_pass.path), proxy_pass)


def _is_harmless(proxy_pass: ProxyPass, earlier: ProxyPass) -> bool:
    """Tell whether an earlier rule does no harm: both exclude, or `mapping=` has the later one tried before all others."""
    comes_first = "mapping" in proxy_pass.parameters and "mapping" not in earlier.parameters
    return comes_first or (proxy_pass.is_exclusion and earlier.is_exclusion)


def _never_fires(proxy_pass: ProxyPass, earlier: ProxyPass) -> Finding:
    """Say which rule is in the way."""
    return Finding(
        proxy_pass.place.at("path"),
        f'"{proxy_pass.path}" never fires: "{earlier.path}" at {earlier.place} comes first and takes its requests',
        f'move "{proxy_pass.path}" before "{earlier.path}"'
        if proxy_pass.path != earlier.path
        else "remove one of the two",
    )


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypassmatch",
    bad="""
        ProxyPassMatch ^/(.*)$ http://10.0.0.1:8080/$1
        ProxyPass /api/ http://10.0.0.2:8080/
    """,
    good="""
        ProxyPass /api/ http://10.0.0.2:8080/
        ProxyPassMatch ^/(.*)$ http://10.0.0.1:8080/$1
    """,
)
def rule_behind_pattern(server: Server) -> Iterator[Finding]:
    """An earlier ProxyPassMatch takes every request: it is one of the rules that are tried in order."""
    for scope in server.scopes:
        earlier: ProxyPass | None = None
        for proxy_pass in scope.rules:
            if proxy_pass.location:
                continue
            if earlier and not (earlier.is_exclusion and proxy_pass.is_exclusion):
                yield _never_fires(proxy_pass, earlier)
            elif proxy_pass.is_match and EVERYTHING.fullmatch(proxy_pass.path):
                earlier = proxy_pass


def prefixes(path: str) -> Iterator[str]:
    """Yield every path that takes all requests for `path`, in httpd's sense, as `_normal` writes them."""
    normal = _normal(path)
    yield normal
    if normal.endswith("/"):
        normal = normal[:-1]
        yield normal
    # A path of httpd's begins with a slash; a mistaken one may have none.
    while "/" in normal:
        normal = normal[: normal.rindex("/")]
        yield f"{normal}/"
        if normal:
            yield normal


def _normal(path: str) -> str:
    """Return a path with runs of slashes as one, as alias_match reads it; `/` alone is the shortest."""
    while "//" in path:
        path = path.replace("//", "/")
    return path


FirstRules = dict[str, tuple[int, ProxyPass]]


def first_rules(scope: Scope) -> FirstRules:
    """Return the first rule of each path, outside <Location>, with its position."""
    return scope.derived(_first_rules)


def _first_rules(scope: Scope) -> FirstRules:
    found: FirstRules = {}
    for position, proxy_pass in enumerate(scope.rules):
        if not proxy_pass.location and not proxy_pass.is_match:
            found.setdefault(_normal(proxy_pass.path), (position, proxy_pass))
    return found


def taker(path: str, rules: FirstRules) -> ProxyPass | None:
    """Return the rule that gets a path and all below it: the first in order of those that are a prefix of it."""
    candidates = [rules[prefix] for prefix in prefixes(path) if prefix in rules]
    return min(candidates, key=lambda candidate: candidate[0])[1] if candidates else None


def proxying_taker(path: str, rules: FirstRules) -> ProxyPass | None:
    """Return the same where it proxies, and None where it is an exclusion."""
    found = taker(path, rules)
    return None if found and found.is_exclusion else found
