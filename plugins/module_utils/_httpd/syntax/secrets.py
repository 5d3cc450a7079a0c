"""What is hidden of a text that people read: private keys, passwords and what proxies and backends know each other by."""

from __future__ import annotations

import re

MASK = "********"
_SECRETS = (
    # A key as it is, or quoted with its line breaks escaped.
    re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
    ),
    re.compile(r"(?<=\bsecret=)[^\s\"]+"),
    # Of a URL what stands between the name and the host.
    re.compile(r"(?<=://)(?=[^/\s:@\"]*:)[^/\s@\"]+(?=@)"),
    re.compile(
        r"(?<=AuthLDAPBindPassword )[^;\n]+|(?<=SSLProxyMachineCertificatePassPhrase )[^;\n]+",
        re.IGNORECASE,
    ),
    re.compile(r"(?<=\bBasic)(?:\\n|\s)+[^\s\"]+|(?<=\bBearer)(?:\\n|\s)+[^\s\"]+"),
)
_HINTS = ("PRIVATE KEY", "secret=", "@", "assword", "assPhrase", "asic", "earer", "ASIC", "EARER")


def masked(text: str) -> str:
    """Return a text with the values of secrets hidden."""
    if any(hint in text for hint in _HINTS):
        for pattern in _SECRETS:
            text = pattern.sub(MASK, text)
    return text
