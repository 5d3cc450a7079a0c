"""How certificates that httpd manages itself are asked for, as its variable says it (mod_md)."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...syntax.tree import NOWHERE, Place
from ...variables.fields import key, list_of
from ...variables.kinds import boolean, choice, integer, text

CHALLENGES = ("http-01", "tls-alpn-01")


@dataclass(frozen=True)
class Acme:
    """An account at a certificate authority that speaks ACME."""

    terms_agreed: bool = key(
        boolean(),
        "Agree to the authority's terms of service; without it no certificate is requested.",
        default=False,
    )
    directory_url: str = key(
        text(pattern=r"https://\S+", wanted="a URL, https://HOST/directory"),
        "The authority's directory; mod_md's default (Let's Encrypt) without it.",
        default="",
    )
    ca_certificate_file: str = key(
        text(pattern=r"/[^|]*", wanted="the absolute path of a file on the host"),
        "Authorities by which the directory itself is verified; the system's without it.",
        default="",
    )
    contact_email: str = key(
        text(pattern=r"[^\s@]+@[^\s@]+", wanted="a mail address"),
        "Address that the authority may write to.",
        default="",
    )
    challenges: tuple[str, ...] = key(
        list_of(choice(*CHALLENGES)), "How names are proved.", default=CHALLENGES
    )
    private_key: str = key(
        choice("rsa2048", "rsa3072", "rsa4096", "secp256r1", "secp384r1"),
        "Kind of the certificates' keys.",
        default="secp256r1",
    )
    renew_window: int = key(
        integer(1, 99, unit="percent"),
        "Renew when so much of a certificate's life is left.",
        default=33,
    )
    wait: int = key(
        integer(0, 3600, unit="seconds"),
        "Wait so long after a commit for certificates that aren't there yet.",
        default=120,
    )
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def key_kind(self) -> str:
        """The kind of the certificates' keys: `EC` or `RSA`."""
        return "RSA" if self.private_key.startswith("rsa") else "EC"
