"""Directives with a grammar of their own, which httpd refuses to read otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set

from ....reading.server import PlacedDirective, Scope, Server
from ....reading.view import FLAGS, balancer_name, is_tilde
from ....vocabulary.statuses import KNOWN_STATUSES
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, is_outside, sections, values, written
from ..routing.rewrite_patterns import MOD_REWRITE
from ..routing.rule_order import MOD_PROXY

MOD_HEADERS = "https://httpd.apache.org/docs/2.4/mod/mod_headers.html"
_URL = re.compile(r"(?:unix:[^|]*\|)?[a-z][a-z0-9+.-]*:/?/?[^/]", re.IGNORECASE)
_ABSOLUTE = re.compile(r"unix:[^|]*\|[a-z][a-z0-9+.-]*:|[a-z][a-z0-9+.-]*://[^/]", re.IGNORECASE)
_CONDITION_FLAGS = frozenset({"nocase", "nc", "ornext", "or", "novary", "nv"})
_FLAG_NAMES = """
b backrefescaping bne bnp backrefernoplus bctls c chain co cookie e env end f forbidden g gone h handler l last n next
ne noescape ns nosubreq nc nocase p proxy pt passthrough qsa qsappend qsd qsdiscard qsl qslast r redirect s skip t type
unsafeprefixstat unsafeallow3f unc
"""
_RULE_FLAGS = frozenset(_FLAG_NAMES.split())
# The words that follow each action: at least, and at most without a condition.
_ACTIONS = {
    **dict.fromkeys(("set", "setifempty", "add", "append", "merge", "note"), (2, 2)),
    **dict.fromkeys(("unset", "echo"), (1, 1)),
    **dict.fromkeys(("edit", "edit*"), (3, 3)),
}
_VARIABLE = re.compile(r"\$\{\w+\}|@\{")
_CLAUSE = re.compile(r"early|env=!?[^!].*|expr=.*", re.IGNORECASE | re.DOTALL)


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass /app http://10.0.0.1:8080/app keepalive",
    good="ProxyPass /app http://10.0.0.1:8080/app keepalive=On",
)
def proxy_words_unreadable(server: Server) -> Iterator[Finding]:
    """A directive of mod_proxy lacks its path or target, or has a word that is no `key=value`: httpd refuses to start.

    Outside of sections ProxyPass and ProxyPassReverse name a path and a target, BalancerMember a balancer and a URL,
    ProxySet a balancer that is defined before it. In <Location> and <Proxy> the section names the first.
    """
    for placed in everywhere(server, *_READERS):
        problem = _READERS[placed.name](placed)
        if problem and not _is_open(placed):
            message = f"`{written(placed)}` {problem}"
            fix = f"write it as httpd's manual of {placed.directive.name} says"
            yield Finding(placed.directive.place, message, fix)
    yield from _sets_of_nothing(server)


def _passed(placed: PlacedDirective) -> str:
    words = values(placed)
    if is_outside(placed):
        words = words[1:] if is_tilde(placed.name, words) else words
        if words[:1] == ("~",) or (len(words) == 1 and not _URL.match(words[0])):
            return (
                "has no target"
                if placed.name == "proxypass"
                else "has a `~`, which is for ProxyPass alone"
            )
        rest = words[2:]
    elif words[:1] and words[0].startswith(("/", "^")):
        return ""  # another rule says so
    else:
        rest = words[1:]
    if not words:
        return "has no target"
    bare = [word for word in rest if "=" not in word and word.lower() not in FLAGS]
    return f"has `{bare[0]}`, which is no parameter" if bare else ""


def _reversed(placed: PlacedDirective) -> str:
    words = values(placed)
    second = words[1].lower() if len(words) > 1 else ""
    if is_outside(placed):
        return "has no target" if words and second in ("", "interpolate") else ""
    is_told = words[:1] and words[0].startswith(("/", "^"))
    return "" if is_told or second in ("", "interpolate") else "has a path in a section"


def _member(placed: PlacedDirective) -> str:
    names = [word for word in values(placed) if "=" not in word]
    around = sections(placed)
    if around:
        path = around[-1][1:2]
        if around[-1][0] == "location" and path and not _ABSOLUTE.match(path[0]):
            return "has no balancer"
        names = [*path, *names] if path else ["", *names]
    if len(names) < 2:
        return "has no URL" if names else "has no balancer"
    if len(names) > 2:
        return f"has `{names[2]}`, which is no parameter"
    if not around and not _ABSOLUTE.match(names[0]):
        return f"has no balancer: `{names[0]}` is none"
    return "" if _ABSOLUTE.match(names[1]) else f"has no URL: `{names[1]}` has no host"


def _set(placed: PlacedDirective) -> str:
    around = sections(placed)
    is_named = bool(around) and around[-1][0].startswith("proxy")
    words = values(placed) if is_named else values(placed)[1:]
    bare = [word for word in words if "=" not in word]
    if bare:
        return f"has `{bare[0]}`, which is no parameter"
    first = "".join(values(placed)[:1])
    return (
        "" if is_named or "://" in first else "names no worker, which it needs outside of <Proxy>"
    )


_READERS: dict[str, Callable[[PlacedDirective], str]] = {
    "proxypass": _passed,
    "proxypassmatch": _passed,
    "proxypassreverse": _reversed,
    "balancermember": _member,
    "proxyset": _set,
}


def _sets_of_nothing(server: Server) -> Iterator[Finding]:
    """Find each ProxySet of a balancer that isn't there yet."""
    scopes = [
        scope
        for scope in server.scopes
        if any(not _is_in_proxy(placed) for placed in scope.named("proxyset"))
    ]
    if not scopes:
        return
    sections_of = {
        balancer_name(section.args[0].strip("\"'"))
        for section, _around in server.sections
        if section.name.lower() == "proxy" and len(section.args) > 1
    }
    for scope in scopes:
        yield from _sets_before_balancer(scope, sections_of)


def _sets_before_balancer(scope: Scope, sections_of: Set[str]) -> Iterator[Finding]:
    """Find the same in one scope; `sections_of` are the balancers that a <Proxy> with parameters defines."""
    known: set[str] = set()
    for placed in scope.placed:
        name, words = placed.name, values(placed)
        if name == "proxyset" and not _is_in_proxy(placed):
            balancer = "".join(words[:1])
            is_balancer = balancer.lower().startswith("balancer://")
            is_there = balancer_name(balancer) in known or balancer_name(balancer) in sections_of
            if is_balancer and "${" not in balancer and not is_there:
                message = f"`{written(placed)}` sets a balancer that isn't defined before it"
                yield Finding(
                    placed.directive.place, message, "move it behind, or into its <Proxy>"
                )
        elif name in _READERS:
            texts = [*words, *(part for parts in placed.around for part in parts[1:])]
            known |= {balancer_name(text) for text in texts if text.lower().startswith("balancer:")}


def _is_in_proxy(placed: PlacedDirective) -> bool:
    """Tell whether the section around a directive names a worker or balancer."""
    around = sections(placed)
    return bool(around) and around[-1][0] in ("proxy", "proxymatch")


@rule(
    "error",
    source=f"{MOD_REWRITE}#rewriteflags",
    bad="""
        RewriteEngine On
        RewriteRule ^/old/(.*) /new/$1 [R=301, L]
    """,
    good="""
        RewriteEngine On
        RewriteRule ^/old/(.*) /new/$1 [R=301,L]
    """,
)
def rewrite_flags_unreadable(server: Server) -> Iterator[Finding]:
    """The flags of a RewriteRule or RewriteCond aren't in brackets, or one of them is none that httpd knows.

    Nor may R have a number that is no status. httpd refuses to start (AH00526). A blank ends the flags, unless they are quoted.
    """
    for placed in everywhere(server, "rewriterule", "rewritecond"):
        known = _RULE_FLAGS
        if placed.name == "rewritecond":
            known = _CONDITION_FLAGS
        for flags in () if _is_open(placed) else values(placed)[2:3]:
            problem = _flags_problem(flags, known)
            if problem:
                yield Finding(placed.directive.place, problem, "write [FLAG,FLAG=VALUE]")


def _flags_problem(flags: str, known: frozenset[str]) -> str:
    """Say what is wrong with flags; empty for nothing."""
    if not flags.startswith("[") or not flags.endswith("]"):
        return f"the flags `{flags}` aren't in brackets"
    for flag in flags[1:-1].split(","):
        name = flag.partition("=")[0].strip().lower()
        # Whatever begins with a D is taken.
        if known is _RULE_FLAGS and name in ("r", "redirect") and _is_refused_status(flag):
            return f"`{flag.strip()}` has a status that httpd doesn't know"
        if name and name not in known and not (name[0] == "d" and known is _RULE_FLAGS):
            return f"`{flag.strip()}` is no flag that httpd knows"
    return ""


def _is_refused_status(flag: str) -> bool:
    """Tell whether a flag R has a number that is no status; of what is no number httpd makes a 302."""
    digits = re.match("[0-9]+", flag.partition("=")[2])
    return digits is not None and int(digits.group()[:9]) not in KNOWN_STATUSES


@rule(
    "error",
    source=f"{MOD_HEADERS}#header",
    bad="Header set X-Frame-Options SAMEORIGIN deny",
    good="Header always set X-Frame-Options SAMEORIGIN",
)
def header_unreadable(server: Server) -> Iterator[Finding]:
    """A Header or RequestHeader has an action that httpd doesn't know, or words that don't fit it (AH00526).

    A value with blanks is quoted; behind it only `early`, `env=` or `expr=` may stand.
    """
    for placed in everywhere(server, "header", "requestheader"):
        words = list(values(placed))
        if placed.name == "header" and words[:1]:
            words = words[1:] if words[0].lower() in ("always", "onsuccess") else words
        problem = _header_problem(words)
        if problem and not _is_open(placed):
            message = f"`{written(placed)}` {problem}"
            yield Finding(
                placed.directive.place,
                message,
                f"quote the value; httpd's manual of {placed.directive.name} has every form",
            )


def _header_problem(words: Sequence[str]) -> str:
    """Say what is wrong with a header's words; empty for nothing."""
    action = words[0].lower() if words else ""
    if action not in _ACTIONS:
        return "begins with no action"
    least, most = _ACTIONS[action]
    if len(words) - 1 < least:
        return f"has too few words for `{action}`"
    rest = words[1 + most :]
    if len(rest) > 1:
        return f"has too many words for `{action}`"
    return f"has `{rest[0]}`, which is no condition" if rest and not _CLAUSE.match(rest[0]) else ""


def _is_open(placed: PlacedDirective) -> bool:
    """Tell whether a variable is left that may stand for any words."""
    return any(map(_VARIABLE.search, values(placed)))
