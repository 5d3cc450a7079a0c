"""What is hidden of a text that people read: private keys, passwords and what proxies and backends know each other by.

Rather too much than too little: a value is hidden with whatever stands behind it, where its end could be meant otherwise.
"""

from __future__ import annotations

import re

MASK = "********"
_FLAGS = re.IGNORECASE | re.DOTALL | re.MULTILINE
_BLANKS = r"(?:[ \t]|\\\n)+"
# A backslash joins lines, and keeps a quote from ending a word.
_REST = r"(?:\\.|[^\\\n])+(?:\\\Z)?"
_WORD = r'(?:"(?:\\.|[^"\\\n])*"|[^\s"]\S*)'
_NAMES = r"password|passwd|passphrase|secret|token|api_?key"
# Directives of httpd and of modules around it, then every name that ends as one of a secret does: Define and SetEnv have some.
_DIRECTIVES = (
    r"\b(?:AuthBasicFake|DBDParams|MDExternalAccountBinding|OIDCOAuthVerifySharedKeys|SSLSRPUnknownUserSeed"
    rf"|[a-z]\w*(?:{_NAMES}|(?<!proxy)_pass|_pwd))"
)
_HEADERS = rf'"?(?:(?:Proxy-)?Authorization|[a-z0-9-]*-(?:key|{_NAMES}))"?'
# Each with what stays in front of the secret as its first group.
_SECRETS = (
    # A key as it is, or quoted with its line breaks escaped.
    re.compile(
        r"()-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
    ),
    # Of a URL what stands between `://` and the host, where that isn't a host and its port.
    re.compile(
        r"(://)(?!(?:\[[0-9a-f:.]*\]|[^/\s:@\"]*):[0-9]*(?:[^\w@.%!+-]|$))(?!\[[0-9a-f:.]*\])"
        r"[^/\s:@\"]*:\S*(?:[ \t][^\"\n]*)?(?=@)",
        _FLAGS,
    ),
    # In a message a directive stands between backticks.
    re.compile(rf"(?<=`)({_DIRECTIVES}{_BLANKS}){_REST}(?=`)", _FLAGS),
    re.compile(rf"({_DIRECTIVES}{_BLANKS})(?!\*{{8}}`|\}}\}}|\|){_REST}", _FLAGS),
    re.compile(
        rf"(\bProxyRemote(?:Match)?{_BLANKS}{_WORD}{_BLANKS}{_WORD}{_BLANKS}){_REST}", _FLAGS
    ),
    re.compile(
        rf"(\b(?:Request)?Header{_BLANKS}(?:(?:always|onsuccess){_BLANKS})?{_WORD}{_BLANKS}"
        rf"(?:{_HEADERS}|\"?Cookie\"?){_BLANKS}){_REST}",
        _FLAGS,
    ),
    # A key of a mapping, as a message shows one.
    re.compile(rf"((?:^|[{{,`]) *\"?(?:\w*(?:{_NAMES})|{_HEADERS})\"?: +){_REST}", _FLAGS),
    # A parameter: within quotes up to the last one of the line.
    re.compile(rf"([\"']\w*(?:{_NAMES}|pass|pwd)=){_REST}(?=[\"'])", _FLAGS),
    re.compile(rf"(\b\w*(?:{_NAMES}|pass|pwd)=)(?:[\"']{_REST}|(?!\*{{8}})\S+)", _FLAGS),
    # What a header has.
    re.compile(r"([\"'](?:Basic|Bearer)(?:\\n|\s)+)[^\"'`]+", _FLAGS),
    re.compile(r"(\b(?:Basic|BASIC|Bearer|BEARER)(?:\\n|[ \t])+)(?!\*{8})[^\s\"]+"),
)
# Most texts have none of these, and need no closer look.
_HINTS = (
    "private key", "@", "password", "passwd", "passphrase", "pass=", "_pass", "pwd", "secret", "token", "apikey", "api_key",
    "-key", "authorization", "authbasicfake", "dbdparams", "accountbinding", "sharedkeys", "userseed", "proxyremote", "cookie",
    "basic", "bearer",
)  # fmt: skip


def masked(text: str) -> str:
    """Return a text with the values of secrets hidden."""
    lowered = text.lower()
    if any(hint in lowered for hint in _HINTS):
        for pattern in _SECRETS:
            text = pattern.sub(rf"\g<1>{MASK}", text)
    return text
