"""ProxyPass and ProxyPassMatch as requests meet them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .plan import Asked, Block
from .sections_glob import is_glob
from .workers import split_socket


@dataclass(frozen=True)
class ProxyRule:
    """A ProxyPass or ProxyPassMatch; `words` are its parameters and flags."""

    path: str
    url: str
    words: tuple[str, ...]
    is_regex: bool
    asked: Asked

    @cached_property
    def mapping(self) -> str:
        """The value of `mapping=`."""
        for word in self.words:
            if word.lower().startswith("mapping="):
                return word.lower().partition("=")[2]
        return ""

    def has(self, flag: str) -> bool:
        """Tell whether a bare word is there."""
        return any(word.lower() == flag for word in self.words)


def read_proxy_rule(asked: Asked, block: Block | None) -> ProxyRule | None:
    """Read a rule; in a section its path is the section's."""
    values, is_regex = asked.values, asked.name == "proxypassmatch"
    if block is not None:
        is_regex = is_regex or is_glob(block.pattern)
        values = (block.pattern, *values)
    elif values[:1] == ("~",):
        values, is_regex = values[1:], True
    if len(values) < 2:
        return None
    return ProxyRule(values[0], split_socket(values[1])[1], values[2:], is_regex, asked)
