"""Regular expressions and addresses that httpd can't read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from ....reading.server import Server
from ....reading.view import is_tilde
from ....syntax.quoting import read_words
from ....syntax.tree import Place
from ....vocabulary.address import ipv4_of, is_numeric
from ....vocabulary.patterns.pattern_piece import Malformed, Unreadable
from ....vocabulary.patterns.pattern_syntax import read_pattern
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, is_outside, named, shared, values

REGEX = "https://httpd.apache.org/docs/2.4/glossary.html#regex"
LISTEN = "https://httpd.apache.org/docs/2.4/mod/mpm_common.html#listen"
_MATCH_SECTIONS = frozenset({"locationmatch", "directorymatch", "filesmatch", "proxymatch"})
_TILDE_SECTIONS = frozenset({"location", "directory", "files"})
_UNRESOLVABLE = '"{}" is no address: an IPv4 address is four numbers from 0 to 255'
_AN_IPV4 = "write one such as 10.0.0.1"
_STATUSES = frozenset({"permanent", "temp", "seeother", "gone"})
Words = tuple[str, ...]


@rule(
    "error",
    source=REGEX,
    bad="RedirectMatch ^/(shop|store /app",
    good="RedirectMatch ^/(shop|store) /app",
)
def invalid_pattern(server: Server) -> Iterator[Finding]:
    """A regular expression has a mistake that PCRE refuses, and httpd with it: it doesn't start (AH00526).

    A parenthesis or bracket without its partner, a range that ends before it begins, a quantifier with nothing before it.
    """
    for pattern, place in _patterns(server):
        problem = "" if "${" in pattern else _mistake(pattern)
        if problem:
            yield Finding(place, f'"{pattern}" is no regular expression: {problem}', "correct it")


@rule(
    "error",
    source=LISTEN,
    bad="Listen 127.0.0.1",
    good="Listen 127.0.0.1:80",
)
def invalid_address(server: Server) -> Iterator[Finding]:
    """A Listen has no port, or one that isn't between 1 and 65535: httpd refuses to start (AH00526).

    A <VirtualHost> may leave the port out, or write `*`; a number has the same limits there. An address such as 10.0.0.256 is
    none: httpd doesn't start with it in a Listen (AH00077), and ignores it in a <VirtualHost> (AH00547), whose site goes dark.
    """
    for placed in named(server.main, "listen"):
        for word in values(placed)[:1]:
            if "${" not in word and not _has_port(word):
                message = f'"{word}" has no port between 1 and 65535'
                yield Finding(placed.directive.place, message, "write [ADDRESS:]PORT")
            elif _is_unresolvable(word):
                yield Finding(placed.directive.place, _UNRESOLVABLE.format(word), _AN_IPV4)
    for section, _around in server.sections:
        for word in section.args if section.name.lower() == "virtualhost" else ():
            if re.search(r":[0-9]+\"?$|^[0-9]+$", word) and not _has_port(word.strip('"')):
                message = f'"{word}" has no port between 1 and 65535'
                yield Finding(section.place, message, "write ADDRESS[:PORT]")
            elif _is_unresolvable(word.strip('"')):
                yield Finding(section.place, _UNRESOLVABLE.format(word.strip('"')), _AN_IPV4)


def _has_port(word: str) -> bool:
    """Tell whether an address ends in a port as httpd reads one: digits alone, or behind a colon."""
    found = re.fullmatch(r"(?:.*:)?0*([0-9]{1,5})", word)
    return found is not None and 0 < int(found[1]) < 65536


def _is_unresolvable(word: str) -> bool:
    """Tell whether the host of an address has digits and dots only, of which httpd makes no address."""
    host = re.sub(r":[0-9*]*$", "", word)
    # A number alone is a port.
    is_port = re.fullmatch("[0-9]+", word) is not None
    return is_numeric(host) and not is_port and not ipv4_of(host)


@lru_cache(maxsize=4096)
def _mistake(pattern: str) -> str:
    """Say what PCRE refuses in a pattern; empty for nothing, and for what isn't read here."""
    try:
        read_pattern(pattern, ignore_case=False)
    except Malformed as malformed:
        return str(malformed)
    except Unreadable:
        return ""
    return ""


def _patterns(server: Server) -> Iterator[tuple[str, Place]]:
    """Yield every regular expression with its place."""
    for placed in everywhere(server, *shared(server, _NAMES)):
        if placed.name != "proxypassmatch" or is_outside(placed):
            for pattern in _PATTERNS[placed.name](values(placed)):
                yield pattern, placed.directive.place
    for placed in everywhere(server, "proxypass"):
        if is_tilde(placed.name, values(placed)) and is_outside(placed):
            yield values(placed)[1], placed.directive.place
    for section, _around in server.sections:
        name = section.name.lower()
        if name not in _TILDE_SECTIONS and name not in _MATCH_SECTIONS:
            continue
        words = read_words(section.name, section.args)
        if name in _TILDE_SECTIONS and words[:1] == ("~",):
            words, name = words[1:], "locationmatch"
        if name in _MATCH_SECTIONS and words:
            yield words[0], section.place


def _first(words: Words) -> Words:
    return words[:1] if len(words) > 1 else ()


def _second(words: Words) -> Words:
    return words[1:2] if len(words) > 2 else ()


def _redirected(words: Words) -> Words:
    """Return the pattern of a RedirectMatch, behind the status if there is one."""
    has_status = words[:1] and (words[0].lower() in _STATUSES or "0" <= words[0][:1] <= "9")
    return words[1:2] if has_status else _first(words)


def _rewritten(words: Words) -> Words:
    return tuple(word.removeprefix("!") for word in _first(words))


def _compared(words: Words) -> Words:
    """Return the pattern of a RewriteCond, unless it compares otherwise."""
    patterns = tuple(word.removeprefix("!") for word in words[1:2])
    is_other = words[:1] and words[0].lower() == "expr"
    return () if is_other or any(pattern[:1] in "-=<>" for pattern in patterns) else patterns


def _edited(words: Words) -> Words:
    """Return the pattern of a Header that edits."""
    rest = words[1:] if words[:1] and words[0].lower() in ("always", "onsuccess") else words
    return rest[2:3] if len(rest) > 3 and rest[0].lower() in ("edit", "edit*") else ()


_PATTERNS: dict[str, Callable[[Words], Words]] = {
    **dict.fromkeys(("proxypassmatch", "aliasmatch", "scriptaliasmatch"), _first),
    **dict.fromkeys(("browsermatch", "browsermatchnocase", "proxyremotematch"), _first),
    **dict.fromkeys(("setenvif", "setenvifnocase"), _second),
    **dict.fromkeys(("header", "requestheader"), _edited),
    "redirectmatch": _redirected,
    "rewriterule": _rewritten,
    "rewritecond": _compared,
}
_NAMES = frozenset(_PATTERNS)
