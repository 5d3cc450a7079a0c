"""ProxyPass and ProxyPassMatch as requests meet them."""

from __future__ import annotations

from ...reading.view import is_tilde
from ...syntax.record import record
from ..blocks import Block, Setting
from ..paths.globs import is_glob
from .workers import split_socket


@record(frozen=True)
class ProxyRule:
    """A ProxyPass or ProxyPassMatch; `flags` are its bare words, `mapping` the value of that parameter."""

    path: str
    url: str
    is_regex: bool
    setting: Setting
    flags: frozenset[str]
    mapping: str


def read_proxy_rule(setting: Setting, block: Block | None) -> ProxyRule | None:
    """Read a rule; in a section its path is the section's."""
    values, is_regex = setting.values, setting.name == "proxypassmatch"
    if block is not None:
        is_regex = is_regex or is_glob(block.pattern)
        values = (block.pattern, *values)
    elif is_tilde(setting.name, values):
        values, is_regex = values[1:], True
    if len(values) < 2:
        return None
    words = [word.lower() for word in values[2:]]
    mapping = next((word for word in words if word.startswith("mapping=")), "")
    return ProxyRule(
        path=values[0],
        url=split_socket(values[1])[1],
        is_regex=is_regex,
        setting=setting,
        flags=frozenset(words),
        mapping=mapping.partition("=")[2],
    )
