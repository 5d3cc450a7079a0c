"""Ciphers and curves of a release that the host's OpenSSL doesn't know: httpd doesn't start with them, and names no place.

See docs/httpd.md#openssl-words.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..._httpd.concerns.ssl.problem_kinds import CIPHERS_UNKNOWN, CURVES_UNKNOWN
from ..._httpd.reading.server import PlacedDirective, Server
from ..._httpd.syntax.problem import Problem
from ..._httpd.tls.profiles import PROFILE_CIPHERS, PROFILE_TLS13_CIPHERS, curves_known_to
from ..draft.draft import Draft
from ..machine.openssl import takes_ciphers, takes_curves

_KEYS = {
    "sslciphersuite": "`cipher_suite`",
    "sslproxyciphersuite": "`ssl_proxy.cipher_suite`",
    "sslopensslconfcmd": "`curves`",
}


def openssl_problems(draft: Draft) -> Iterator[Problem]:
    """Yield an error for each list of ciphers and of curves of a release that the host's OpenSSL refuses."""
    layout = draft.machine.layout
    usual = curves_known_to(draft.machine.httpd.curves)
    for placed in _directives(draft.after.server, f"{layout.gatehouse}/releases/"):
        said = f"{placed.directive.name} {' '.join(placed.values)} ({_key(placed)})"
        if placed.name == "sslopensslconfcmd":
            unknown = ", ".join(_unknown_curves(placed, usual, layout.openssl))
            if unknown:
                message = f"{said} has what the host's OpenSSL doesn't know: {unknown}"
                fix = "take that out, or write no curves, for those that the host knows"
                yield CURVES_UNKNOWN.problem(placed.directive.place, message, fix)
        elif not _takes_ciphers(placed, layout.openssl):
            message = f"{said} names no cipher that the host's OpenSSL has"
            fix = "write others (`openssl ciphers -v` there lists them), or none, for the profile's"
            yield CIPHERS_UNKNOWN.problem(placed.directive.place, message, fix)


def _key(placed: PlacedDirective) -> str:
    """Return the variable's key that a directive is written from."""
    return "`cipher_suite_tls13`" if _is_of_tls13(placed) else _KEYS[placed.name]


def _is_of_tls13(placed: PlacedDirective) -> bool:
    """Tell whether a list of ciphers is that of TLS 1.3."""
    return [word.lower() for word in placed.values[:-1]] == ["tlsv1.3"]


def _directives(server: Server, own: str) -> Iterator[PlacedDirective]:
    """Yield the directives about ciphers and curves in files below `own`, those with an open variable left out."""
    for scope in server.scopes:
        for placed in (one for name in _KEYS for one in scope.named(name)):
            is_own = placed.directive.place.source.startswith(own)
            if is_own and placed.values and not any("${" in word for word in placed.values):
                yield placed


def _takes_ciphers(placed: PlacedDirective, openssl: str) -> bool:
    """Tell whether OpenSSL takes a list of ciphers; those of profiles need no asking."""
    ciphers = placed.values[-1]
    words = [word for word in ciphers.split(":") if not word.startswith("@SECLEVEL=")]
    is_tls13 = _is_of_tls13(placed)
    usual = PROFILE_TLS13_CIPHERS if is_tls13 else PROFILE_CIPHERS
    return usual.issuperset(words) or takes_ciphers(openssl, ciphers, is_tls13=is_tls13)


def _unknown_curves(placed: PlacedDirective, usual: tuple[str, ...], openssl: str) -> Iterator[str]:
    """Yield the curves that OpenSSL doesn't know; the `usual` ones need no asking."""
    if placed.values[0].lower() in ("curves", "groups"):
        for curve in placed.values[-1].split(":"):
            if curve not in usual and not takes_curves(openssl, curve):
                yield curve
