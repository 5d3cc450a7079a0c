"""Versions of TLS and ciphers, towards clients and backends."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from ....reading.server import Scope, Server
from ....syntax.quoting import unquote
from ....syntax.tree import Directive
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, named, values, with_scopes, written

MOD_SSL = "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html"
BROKEN_PROTOCOLS = frozenset({"sslv2", "sslv3", "tlsv1", "tlsv1.1"})
VERSIONS = ("tlsv1.3", "tlsv1.2", "tlsv1.1", "tlsv1")  # newest first
# What OpenSSL 3 lets in at level 0 only.
_BELOW_LEVEL = frozenset({"tlsv1", "tlsv1.1"})
_WEAK = re.compile(r"RC4|RC2|3?DES|EXP|NULL|ADH|AECDH|MD5|LOW|IDEA|SEED|SSLV2|COMPLEMENTOFALL")


@rule(
    "warning",
    source=f"{MOD_SSL}#sslprotocol",
    bad="SSLProtocol all -SSLv3",
    good="SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1",
)
def broken_tls_protocol(server: Server) -> Iterator[Finding]:
    """A protocol is allowed that is broken or that no current guideline allows: SSLv3, TLS 1.0, TLS 1.1."""
    for placed in everywhere(server, "sslprotocol", "sslproxyprotocol"):
        directive = placed.directive
        allowed = sorted(allowed_protocols(directive) & BROKEN_PROTOCOLS)
        if allowed:
            message = f"`{written(placed)}` allows {', '.join(allowed)}"
            fix = f"write `{directive.name} all -SSLv3 -TLSv1 -TLSv1.1`"
            yield Finding(directive.place, message, fix)


@rule(
    "warning",
    source=f"{MOD_SSL}#sslprotocol",
    bad="SSLProtocol -all +TLSv1.1 +TLSv1.3",
    good="SSLProtocol -all +TLSv1.2 +TLSv1.3",
)
def protocol_below_gap(server: Server) -> Iterator[Finding]:
    """A version of TLS is allowed and never spoken: one between it and the newest is not allowed.

    mod_ssl gives OpenSSL the newest version, and the oldest that follows from there without a gap.
    """
    for placed in everywhere(server, "sslprotocol", "sslproxyprotocol"):
        unspoken = _below_gap(allowed_protocols(placed.directive))
        if unspoken:
            message = f"`{written(placed)}` allows {', '.join(unspoken)}, which is never spoken: a version above it isn't allowed"
            fix = "allow the versions between, or leave out those below the gap"
            yield Finding(placed.directive.place, message, fix)


def _below_gap(allowed: set[str]) -> list[str]:
    """Return what is allowed behind the first gap, newest first."""
    runs = itertools.groupby(VERSIONS, allowed.__contains__)
    unbroken = [list(names) for is_allowed, names in runs if is_allowed]
    return [name for names in unbroken[1:] for name in names]


@rule(
    "warning",
    source="https://docs.openssl.org/3.0/man3/SSL_CTX_set_security_level/",
    bad="""
        SSLEngine on
        SSLCertificateFile /etc/ssl/shop.pem
        SSLProtocol -all +TLSv1.1 +TLSv1.2
        SSLCipherSuite HIGH:!aNULL
    """,
    good="""
        SSLEngine on
        SSLCertificateFile /etc/ssl/shop.pem
        SSLProtocol -all +TLSv1.2 +TLSv1.3
        SSLCipherSuite HIGH:!aNULL
    """,
)
def old_protocol_refused(server: Server) -> Iterator[Finding]:
    """TLS 1.0 or 1.1 is allowed, and OpenSSL 3 refuses it all the same: its security level is above 0.

    The client gets "internal error", and the usual log level shows nothing. Where no newer version is allowed, nobody gets
    in. Only `@SECLEVEL=0` in the list of ciphers lets such clients in; the list must have ciphers of theirs, too.
    """
    for scope, placed in with_scopes(server, "sslprotocol"):
        old = {word.lstrip("+").lower() for word in values(placed)} & _BELOW_LEVEL
        if old and not _has_lowest_level(scope) and not _has_lowest_level(server.main):
            is_all = allowed_protocols(placed.directive) <= _BELOW_LEVEL
            whom = "everybody is refused" if is_all else "clients of those versions are refused"
            message = f"`{written(placed)}` names {', '.join(sorted(old))}, which OpenSSL refuses here: {whom}"
            fix = "name TLSv1.2 and TLSv1.3 only, or add `@SECLEVEL=0` to SSLCipherSuite (profile `old` does)"
            yield Finding(placed.directive.place, message, fix)


def _has_lowest_level(scope: Scope) -> bool:
    """Tell whether a scope lets OpenSSL go below its own level."""
    several = named(scope, "sslciphersuite", "sslopensslconfcmd")
    return any("@SECLEVEL=0" in word for placed in several for word in values(placed))


@rule(
    "warning",
    source=f"{MOD_SSL}#sslciphersuite",
    bad="SSLCipherSuite HIGH:RC4-SHA:!aNULL",
    good="SSLCipherSuite HIGH:!aNULL:!MD5:!RC4:!3DES",
)
def weak_cipher(server: Server) -> Iterator[Finding]:
    """A cipher list names ciphers that are broken: RC4, DES and 3DES, EXPORT, NULL, anonymous ones, MD5."""
    for placed in everywhere(server, "sslciphersuite", "sslproxyciphersuite"):
        weak = [word for word in _ciphers(values(placed)) if _WEAK.search(word.upper())]
        if weak:
            message = f"`{placed.directive.name}` allows {', '.join(weak)}"
            yield Finding(placed.directive.place, message, f"leave out {weak[0]}")


def _ciphers(words: tuple[str, ...]) -> Iterator[str]:
    """Yield what a cipher list adds: `!` and `-` take away, `+` only moves to the end."""
    for word in re.split(r"[:, ]", words[-1] if words else ""):
        parts = word.split("+")
        if word[:1] not in ("!", "-", "+", "@", "") and not any("!" in part for part in parts):
            yield word


def allowed_protocols(directive: Directive) -> set[str]:
    """Return the protocols that a directive comes to; `all` has had no SSLv3 since OpenSSL lost it."""
    allowed: set[str] = set()
    for word in map(str.lower, map(unquote, directive.args)):
        names = {word.lstrip("+-")}
        if names == {"all"}:
            names = set(VERSIONS)
        allowed = allowed - names if word.startswith("-") else allowed | names
    return allowed
