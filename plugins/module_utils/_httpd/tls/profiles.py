"""What Mozilla's guideline says of TLS on servers, version 6.0; TLSRef keeps it since 2026.

https://docs.tlsref.org/server-side-tls.html says why. Version 6.0 gave the profile `old` up; it is 5.8's here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

GUIDELINES: Mapping[str, str] = {
    "modern": "https://data.tlsref.org/guidelines/6.0.json",
    "intermediate": "https://data.tlsref.org/guidelines/6.0.json",
    "old": "https://data.tlsref.org/guidelines/5.8.json",
}
# Of every profile, best first.
CURVES = ("X25519MLKEM768", "X25519", "prime256v1", "secp384r1")
# OpenSSL refuses a whole list for one name that it doesn't know: these came with OpenSSL 3.5.
NEW_CURVES = frozenset({"X25519MLKEM768"})
_TLS13 = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
# All that TLS 1.3 has (RFC 8446, appendix B.4), and those without secrecy of RFC 9150.
TLS13_CIPHERS = frozenset(
    {
        *_TLS13,
        "TLS_AES_128_CCM_SHA256",
        "TLS_AES_128_CCM_8_SHA256",
        "TLS_SHA256_SHA256",
        "TLS_SHA384_SHA384",
    }
)
_INTERMEDIATE = """
    ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384
    ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305
"""
_OLD = """
    ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA
    ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384 ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA
    AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-SHA256 AES256-SHA256 AES128-SHA AES256-SHA DES-CBC3-SHA
"""


@dataclass(frozen=True)
class Profile:
    """Settings that belong together: names as OpenSSL has them, best first.

    `ciphers` are those up to TLS 1.2; `key_kinds` are those of certificates' keys.
    `security_level` is OpenSSL's; Debian's own (2) refuses TLS 1.0 and 1.1 whatever is configured. Tickets are off: httpd's
    key for them lives as long as the process.
    """

    protocols: tuple[str, ...]
    ciphers: tuple[str, ...] = ()
    tls13_ciphers: tuple[str, ...] = _TLS13
    key_kinds: tuple[str, ...] = ("EC", "RSA")
    honor_cipher_order: bool = False
    session_tickets: bool = False
    security_level: int | None = None


PROFILES: Mapping[str, Profile] = {
    "modern": Profile(("TLSv1.3",), key_kinds=("EC",)),
    "intermediate": Profile(("TLSv1.2", "TLSv1.3"), tuple(_INTERMEDIATE.split())),
    "old": Profile(
        ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
        tuple((_INTERMEDIATE + _OLD).split()),
        key_kinds=("RSA",),
        honor_cipher_order=True,
        security_level=0,
    ),
}
# Every cipher of a profile up to TLS 1.2, and of TLS 1.3: each OpenSSL that Debian has knows them.
PROFILE_CIPHERS = frozenset(cipher for profile in PROFILES.values() for cipher in profile.ciphers)
PROFILE_TLS13_CIPHERS = frozenset(_TLS13)


def curves_known_to(curves: Collection[str]) -> tuple[str, ...]:
    """Return the profiles' curves that an OpenSSL can do whose own are `curves`, best first."""
    return tuple(curve for curve in CURVES if curve not in NEW_CURVES or curve in curves)
