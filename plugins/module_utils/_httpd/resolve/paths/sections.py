"""Which <Location>s and <Proxy>s a request meets. Read in server/request.c and modules/proxy/mod_proxy.c (proxy_walk)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match
from ..blocks import Block
from ..exchange import Exchange
from .globs import fits, is_glob


def match_locations(exchange: Exchange) -> None:
    """Set the <Location>s whose path the request has now, in file order."""
    plain = exchange.uri
    if "//" in plain and not exchange.is_on("mergeslashes", default=True):
        # Otherwise slashes are merged already, but for what a RewriteRule with PT has put in.
        plain = re.sub("//+", "/", plain)
    merged = [block for block in exchange.site.locations if _is_at(block, exchange.uri, plain)]
    exchange.matched = list(_known(merged))


def add_proxies(exchange: Exchange) -> None:
    """Put the <Proxy>s of the request's target before its <Location>s, which come after and win."""
    url = exchange.filename[len("proxy:") :]
    found = [block for block in exchange.site.proxies if _is_for(block, url)]
    exchange.matched = [*_known(found), *exchange.matched]


def _known(blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks. Raises Depends for one that an open condition decides."""
    for block in blocks:
        if block.condition:
            raise Depends("condition", f"a section is within {block.condition}", block.place)
        yield block


def _is_at(block: Block, uri: str, path: str) -> bool:
    """Tell whether a section has a request; a regular expression is tried on the slashes as they are."""
    if block.is_regex:
        return match(block.pattern, uri, place=block.place) is not None
    if is_glob(block.pattern):
        return fits(block.pattern, path, "[^/]", place=block.place)
    if not path.startswith(block.pattern):
        return False
    rest = path[len(block.pattern) :]
    return not rest or not block.pattern or block.pattern.endswith("/") or rest.startswith("/")


def _is_for(block: Block, url: str) -> bool:
    if block.is_regex:
        return match(block.pattern, url, place=block.place) is not None
    if is_glob(block.pattern):
        return fits(block.pattern, url, ".", place=block.place)
    return url.startswith(block.pattern)
