"""What an expression of an <If> says of a request: true, false, or None where that isn't known.

https://httpd.apache.org/docs/2.4/expr.html. Read are comparisons of what a request brings with constants, and their
combinations; functions, files, lists and what httpd computes aren't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Optional

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match
from ..exchange import Exchange
from ..verdicts import Verdict, both, either, opposite

Texts = Optional[Sequence[str]]  # what a word may be; None where that isn't known
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<regex>m([\#/|,!'"^$%&\-_`;:.?~+])(?:\\.|(?!\2).)*\2[a-z]*|/(?:\\.|[^/\\])*/[a-z]*)
      | (?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      | (?P<variable>%\{[A-Za-z_]+(?::[A-Za-z0-9_-]+)?\})
      | (?P<number>[0-9]+(?![\w.]))
      | (?P<operator>&&|\|\||=~|!~|==|!=|<=|>=|[=<>!()]|-[a-z]+)
      | (?P<constant>(?:true|false)\b)
    )""",
    re.VERBOSE | re.DOTALL,
)
# By the variable's name; https://httpd.apache.org/docs/2.4/expr.html#vars
_HEADERS = {
    "HTTP_ACCEPT": "accept", "HTTP_COOKIE": "cookie", "HTTP_FORWARDED": "forwarded", "HTTP_HOST": "host",
    "HTTP_PROXY_CONNECTION": "proxy-connection", "HTTP_REFERER": "referer", "HTTP_USER_AGENT": "user-agent",
}  # fmt: skip


_DEEPEST = 100  # parentheses and negations of one expression


class _Unread(Exception):
    """The expression has what isn't read here."""


def verdict_of(expression: str, exchange: Exchange) -> Verdict:
    """Judge an expression as it stands in the configuration, without its quotes."""
    try:
        reader = _Reader(list(_tokens(expression)), exchange)
        verdict = reader.either()
        return verdict if reader.has_ended() else None
    except (_Unread, Depends):
        return None


def _tokens(expression: str) -> Iterator[tuple[str, str]]:
    """Yield each token's kind and text. Raises _Unread."""
    at = 0
    expression = expression.rstrip()
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if not found:
            raise _Unread
        yield str(found.lastgroup), found.group(str(found.lastgroup))
        at = found.end()


class _Reader:
    """Judges while it reads: an expression's parts are asked at most once."""

    def __init__(self, tokens: Sequence[tuple[str, str]], exchange: Exchange) -> None:
        self._tokens, self._exchange, self._at, self._depth = tokens, exchange, 0, 0

    def has_ended(self) -> bool:
        """Tell whether everything is read."""
        return self._at == len(self._tokens)

    def _take(self, *texts: str) -> bool:
        """Take an operator if it comes next."""
        if self._at < len(self._tokens) and self._tokens[self._at] in [
            ("operator", text) for text in texts
        ]:
            self._at += 1
            return True
        return False

    def _next(self) -> tuple[str, str]:
        if self.has_ended():
            raise _Unread
        self._at += 1
        return self._tokens[self._at - 1]

    def either(self) -> Verdict:
        """Judge `a || b`."""
        verdicts = [self._both()]
        while self._take("||"):
            verdicts.append(self._both())
        return either(verdicts)

    def _both(self) -> Verdict:
        verdicts = [self._one()]
        while self._take("&&"):
            verdicts.append(self._one())
        return both(verdicts)

    def _one(self) -> Verdict:
        # Each of them is a step inside.
        self._depth += self._at < len(self._tokens) and self._tokens[self._at][1] in ("!", "(")
        if self._depth > _DEEPEST:
            raise _Unread
        if self._take("!"):
            return opposite(self._one())
        if self._take("("):
            verdict = self.either()
            if not self._take(")"):
                raise _Unread
            return verdict
        kind, text = self._next()
        if kind == "constant":
            return text == "true"
        return self._comparison(self._word(kind, text))

    def _comparison(self, left: Texts) -> Verdict:
        kind, operator = self._next()
        if kind != "operator":
            raise _Unread
        kind, text = self._next()
        if operator in ("=~", "!~") and kind == "regex":
            verdict = _each(left, lambda value: _matches(text, value))
            return verdict if operator == "=~" else opposite(verdict)
        right = self._word(kind, text)
        if right is None or len(right) != 1 or operator not in ("==", "=", "!="):
            return None
        verdict = _each(left, lambda value: value == right[0])
        return opposite(verdict) if operator == "!=" else verdict

    def _word(self, kind: str, text: str) -> Texts:
        """Return what a word may be."""
        if kind == "number":
            return (text,)
        if kind == "text":
            inner = text[1:-1]
            return None if re.search(r"[%$\\]", inner) else (inner,)
        if kind == "variable":
            return self._variable(text[2:-1])
        raise _Unread

    def _variable(self, written: str) -> Texts:
        request = self._exchange.request
        name, _colon, key = written.upper().partition(":")
        header = key.lower() if name in ("HTTP", "REQ") and key else _HEADERS.get(name, "")
        if header:
            return (request.host if header == "host" else request.headers.get(header, ""),)
        if name == "REQUEST_URI":
            # It is asked for before the path is decoded and after.
            return (request.path, self._exchange.uri)
        if name == "QUERY_STRING":
            return (request.query or "", self._exchange.args or "")
        known = {
            "REQUEST_METHOD": request.method,
            "REQUEST_SCHEME": self._exchange.scheme,
            "HTTPS": "on" if request.scheme == "https" else "off",
        }
        return (known[name],) if name in known else None


def _each(texts: Texts, judge: Callable[[str], bool]) -> Verdict:
    """Judge every text that a word may be; None where they differ."""
    if texts is None:
        return None
    verdicts = {judge(text) for text in texts}
    return verdicts.pop() if len(verdicts) == 1 else None


def _matches(written: str, subject: str) -> bool:
    """Search for `/…/i` or `m#…#i`. Raises Depends, or _Unread for a flag that isn't known."""
    opening = 1 if written.startswith("m") else 0
    delimiter = written[opening]
    pattern, _delimiter, flags = written[opening + 1 :].rpartition(delimiter)
    if flags.strip("i"):
        raise _Unread
    return match(pattern, subject, ignore_case="i" in flags) is not None
