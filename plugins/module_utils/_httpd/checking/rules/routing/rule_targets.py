"""Where a rule sends its requests."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import ProxyPass, Server
from ....reading.view import balancer_name
from ....syntax.quoting import Refused
from ....vocabulary.url import Url, parse_url
from ...rule import Finding, rule
from ..helpers.scopes import is_incomplete
from .rule_order import MOD_PROXY

MOST_SHOWN = 10  # balancers that a message names


def target(text: str) -> Url | None:
    """Return a rule's target, or None where it is an exclusion or can't be read."""
    try:
        return None if text == "!" else parse_url(text)
    except Refused:
        return None


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://10.0.0.1:8080",
    good="ProxyPass / http://10.0.0.1:8080/",
)
def proxy_pass_target_without_slash(server: Server) -> Iterator[Finding]:
    """The path ends with a slash and the target doesn't, or the other way round.

    httpd cuts the path off the request and glues the rest to the target as it is. `ProxyPass / http://host:8080` asks
    DNS for `host:8080index.html` and answers 500 to everything but `/` (AH00898); `/app/` to `…/base` asks for
    `/basex`, and `/app` to `…/base/` for `/base//x`.
    """
    for scope in server.scopes:
        for proxy_pass in scope.rules:
            finding = None if proxy_pass.is_match else _slash_finding(proxy_pass)
            if finding:
                yield finding


def _slash_finding(proxy_pass: ProxyPass) -> Finding | None:
    """Compare the ends of a rule's path and target."""
    if proxy_pass.path.endswith("/") == proxy_pass.url.endswith("/"):
        return None
    url = target(proxy_pass.url)
    if url is None:
        return None
    place = proxy_pass.place.at("url")
    if proxy_pass.path.endswith("/"):
        message = f'"{proxy_pass.url}" has no slash at its end, but its path "{proxy_pass.path}" has: the rest of a request is glued to it'
        return Finding(place, message, f'write "{proxy_pass.url}/"')
    message = f'"{proxy_pass.url}" has a slash at its end, but its path "{proxy_pass.path}" has none: backends get `//`'
    return Finding(
        place, message, f'write path "{proxy_pass.path}/", or "{proxy_pass.url.rstrip("/")}"'
    )


@rule(
    "error",
    source=f"{MOD_PROXY}#balancermember",
    bad="ProxyPass / balancer://shop/",
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def undefined_balancer(server: Server) -> Iterator[Finding]:
    """A rule names a balancer that has no members.

    httpd starts, and answers each request with 503 (AH01171): a mistyped name, or a balancer that is defined in another
    virtual host only.
    """
    inherited = {balancer.name for balancer in server.main.balancers}
    for scope in server.scopes:
        if is_incomplete(server, scope):
            continue
        own = {balancer.name for balancer in scope.balancers if balancer.members}
        shown = ""
        for proxy_pass in scope.rules:
            name = balancer_name(proxy_pass.url)
            is_known = name in own or name in inherited
            if proxy_pass.url.lower().startswith("balancer://") and not is_known:
                shown = shown or _shown(own | inherited)
                yield Finding(
                    proxy_pass.place.at("url"),
                    f'"{proxy_pass.url}" names the balancer `{name}`, which has no members here',
                    f"define it, or write one of {shown}",
                )


def _shown(names: set[str]) -> str:
    """Name what is defined."""
    named = ", ".join(sorted(names)[:MOST_SHOWN])
    more = f" and {len(names) - MOST_SHOWN} others" if len(names) > MOST_SHOWN else ""
    return f"{named}{more}" if named else "those that are defined (none is)"
