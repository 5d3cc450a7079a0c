"""What Mozilla's guideline says of TLS on servers, version 5.7.

https://ssl-config.mozilla.org/guidelines/5.7.json; https://wiki.mozilla.org/Security/Server_Side_TLS says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

GUIDELINE = "https://ssl-config.mozilla.org/guidelines/5.7.json"
_TLS13 = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
_CURVES = ("X25519", "prime256v1", "secp384r1")
_INTERMEDIATE = """
    ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384
    ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305
    DHE-RSA-AES128-GCM-SHA256 DHE-RSA-AES256-GCM-SHA384 DHE-RSA-CHACHA20-POLY1305
"""
_OLD = """
    ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA
    ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384 ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA
    DHE-RSA-AES128-SHA256 DHE-RSA-AES256-SHA256 AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-SHA256
    AES256-SHA256 AES128-SHA AES256-SHA DES-CBC3-SHA
"""


@dataclass(frozen=True)
class Profile:
    """Settings that belong together: names as OpenSSL has them, best first.

    `ciphers` are those up to TLS 1.2. `security_level` is OpenSSL's; Debian's own (2) refuses TLS 1.0 and 1.1 whatever
    is configured. Tickets are off: httpd's key for them lives as long as the process.
    """

    protocols: tuple[str, ...]
    ciphers: tuple[str, ...] = ()
    tls13_ciphers: tuple[str, ...] = _TLS13
    curves: tuple[str, ...] = _CURVES
    honor_cipher_order: bool = False
    session_tickets: bool = False
    security_level: int | None = None


PROFILES: Mapping[str, Profile] = {
    "modern": Profile(("TLSv1.3",)),
    "intermediate": Profile(("TLSv1.2", "TLSv1.3"), tuple(_INTERMEDIATE.split())),
    "old": Profile(
        ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
        tuple((_INTERMEDIATE + _OLD).split()),
        honor_cipher_order=True,
        security_level=0,
    ),
}
