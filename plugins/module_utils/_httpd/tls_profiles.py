"""stub"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    protocols: tuple[str, ...]
    ciphers: tuple[str, ...]
    tls13_ciphers: tuple[str, ...]
    curves: tuple[str, ...]
    honor_cipher_order: bool
    session_tickets: bool


_C = ("X25519", "prime256v1", "secp384r1")
_T = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
_I = ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256")
PROFILES: Mapping[str, Profile] = {
    "modern": Profile(("TLSv1.3",), (), _T, _C, False, False),
    "intermediate": Profile(("TLSv1.2", "TLSv1.3"), _I, _T, _C, False, False),
    "old": Profile(("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"), _I, _T, _C, True, False),
}
