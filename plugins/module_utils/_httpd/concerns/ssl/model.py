"""TLS as its variables say it: towards clients, and towards backends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from ...syntax.tree import NOWHERE, Place
from ...variables.door import Door, Invalid, Kind
from ...variables.fields import key, list_of
from ...variables.kinds import boolean, choice, integer, parsed, pem, text
from ...variables.models import model_of
from ...vocabulary.address import Address, parse_address

_FILE = text(pattern=r"/[^|]*", wanted="the absolute path of a file on the host")
_CIPHERS = text(pattern=r"[A-Za-z0-9!+@:=_-]+", wanted="ciphers as OpenSSL lists them, `A:B:!C`")
_CURVE = text(pattern=r"[A-Za-z0-9_-]+", wanted="a curve's name, `X25519`")
_PATH = text(pattern=r"/[^\s?#]*", wanted="a path that begins with /", example="/admin/")
PROFILES = ("modern", "intermediate", "old")
PROTOCOLS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
CERTIFICATES = ("managed", "self_signed")
# A file where the certificate's origin is asked for.
_ORIGIN_SLIPS = {r"(/[^\s`]+)": r"write `certificate_file: \1` and `certificate_key_file: …`"}
_WORD_SLIPS = {r"(/[^\s`]+)": r"write `ssl: {certificate_file: \1, certificate_key_file: …}`"}


@dataclass(frozen=True)
class Hsts:
    """What browsers are told to remember: that this name speaks TLS only."""

    max_age: int = key(
        integer(0, unit="seconds"), "Seconds that browsers remember it.", default=63072000
    )
    include_subdomains: bool = key(boolean(), "Names below this one too.", default=False)
    preload: bool = key(boolean(), "Agree to the browsers' own lists.", default=False)
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Ssl:
    """TLS of one virtual host. Its certificate is one of a word, a pair of files or a pair of contents.

    What is empty or None follows from the profile. `WORD` is the key that a word alone stands for; of `ALTERNATIVES` a
    virtual host that names one has none of the others from its defaults.
    """

    WORD: ClassVar = "certificate"
    ALTERNATIVES: ClassVar = (
        (
            "certificate",
            "certificate_file",
            "certificate_key_file",
            "certificate_content",
            "certificate_key_content",
        ),
        ("ca_certificate_file", "ca_certificate_content"),
    )

    certificate: str = key(
        choice(*CERTIFICATES, slips=_ORIGIN_SLIPS),
        "Where the certificate comes from, if not from you.",
        default="",
    )
    certificate_file: str = key(
        _FILE, "The certificate and its chain, on the host (SSLCertificateFile).", default=""
    )
    certificate_key_file: str = key(
        _FILE, "Its private key, on the host (SSLCertificateKeyFile).", default=""
    )
    certificate_content: str = key(pem(), "The certificate and its chain as PEM.", default="")
    certificate_key_content: str = key(
        pem(is_secret=True), "Its private key as PEM, from a vault.", default=""
    )
    profile: str = key(choice(*PROFILES), "Mozilla's profile; apache_ssl's without it.", default="")
    protocol: tuple[str, ...] = key(
        list_of(choice(*PROTOCOLS)), "Versions of TLS instead of the profile's.", default=()
    )
    cipher_suite: str = key(_CIPHERS, "Ciphers up to TLS 1.2 instead of the profile's.", default="")
    cipher_suite_tls13: str = key(_CIPHERS, "Ciphers of TLS 1.3.", default="")
    curves: tuple[str, ...] = key(
        list_of(_CURVE),
        "Curves instead of the profile's, best first. A host whose OpenSSL doesn't know one refuses the deployment.",
        default=(),
    )
    honor_cipher_order: bool | None = key(
        boolean(), "Choose the cipher by the server's order, not the client's.", default=None
    )
    session_tickets: bool | None = key(
        boolean(), "Let clients resume sessions by tickets (SSLSessionTickets).", default=None
    )
    session_timeout: int | None = key(
        integer(0, 604800, unit="seconds"),
        "Seconds in which clients may resume a session (SSLSessionCacheTimeout); as long as the host's own, 300 on"
        " Debian, without it.",
        default=None,
    )
    use_stapling: bool = key(
        boolean(), "Staple the CA's OCSP answers, where it still gives them.", default=False
    )
    hsts: Hsts | None = key(model_of(Hsts), "Strict-Transport-Security.", default=None)
    redirect_from: tuple[Address, ...] | None = key(
        list_of(parsed(parse_address)),
        "Addresses that redirect here from plain HTTP; port 80 without it, none if empty.",
        default=None,
    )
    verify_client: str = key(
        choice("require", "optional"), "Ask clients for certificates (SSLVerifyClient).", default=""
    )
    verify_client_paths: tuple[str, ...] = key(
        list_of(_PATH), "Paths that need one, where it is optional elsewhere.", default=()
    )
    verify_depth: int | None = key(
        integer(0, 100), "Most authorities between a client's certificate and yours.", default=None
    )
    ca_certificate_file: str = key(
        _FILE, "Authorities of clients' certificates, on the host.", default=""
    )
    ca_certificate_content: str = key(pem(), "The same as PEM.", default="")
    ca_revocation_file: str = key(
        _FILE, "A list of revoked certificates, on the host (PEM).", default=""
    )
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class SslProxy:
    """TLS towards the backends of one virtual host; `ALTERNATIVES` as of `Ssl`."""

    ALTERNATIVES: ClassVar = (
        ("ca_certificate_file", "ca_certificate_path", "ca_certificate_content"),
        ("machine_certificate_file", "machine_certificate_content"),
    )

    verify: str = key(
        choice("require", "none"),
        "Verify backends' certificates (SSLProxyVerify).",
        default="require",
    )
    verify_depth: int | None = key(
        integer(0, 100), "Most authorities between a backend's certificate and yours.", default=None
    )
    ca_certificate_file: str = key(
        _FILE, "Authorities of backends, on the host; the system's without it.", default=""
    )
    ca_certificate_path: str = key(_FILE, "A directory of them, as c_rehash makes it.", default="")
    ca_certificate_content: str = key(pem(), "The same as PEM.", default="")
    ca_revocation_file: str = key(
        _FILE, "A list of revoked certificates, on the host (PEM).", default=""
    )
    ca_revocation_check: str = key(
        choice("chain", "leaf"),
        "Which certificates are looked up in ca_revocation_file: `chain`, all of them, and each authority then needs a"
        " list; `leaf`, the backend's own.",
        default="chain",
    )
    check_peer_name: bool = key(
        boolean(), "The certificate must be for the backend's name.", default=True
    )
    check_peer_expire: bool = key(boolean(), "Refuse an expired certificate.", default=True)
    machine_certificate_file: str = key(
        _FILE, "Certificate and key that backends are shown, on the host.", default=""
    )
    machine_certificate_content: str = key(
        pem(is_secret=True), "The same as PEM, from a vault.", default=""
    )
    protocol: tuple[str, ...] = key(
        list_of(choice(*PROTOCOLS)), "Versions of TLS towards backends.", default=()
    )
    cipher_suite: str = key(_CIPHERS, "Ciphers towards backends, up to TLS 1.2.", default="")
    log_failures: bool = key(
        boolean(),
        "Log why a backend isn't trusted, or doesn't trust the proxy, which httpd logs at `LogLevel ssl:info` only. New"
        " connections over TLS are logged then too.",
        default=True,
    )
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class SslDefaults:
    """TLS of the whole host."""

    profile: str = key(
        choice(*PROFILES),
        "Mozilla's profile where a virtual host names none, of version 6.0; `old` is of 5.8, the last that has it.",
        default="intermediate",
    )
    session_cache_size: int | None = key(
        integer(8192, 1 << 30, unit="bytes"),
        "Shared memory for sessions (SSLSessionCache), some 180 bytes a session; the host's own without it, on Debian for"
        " 2,800 sessions.",
        default=None,
    )
    vhost_sni_policy: str = key(
        choice("strict", "secure", "authonly", "insecure"),
        "What a request may ask of another virtual host than its SNI named (SSLVHostSNIPolicy).",
        default="",
    )
    place: Place = field(default=NOWHERE, compare=False)


def word_or_mapping() -> Kind:
    """Return the kind of a virtual host's `ssl`: a word is where its certificate comes from."""
    mapping = model_of(Ssl)
    further = "`{certificate_file: …, certificate_key_file: …}`"
    origin = choice(*CERTIFICATES, slips=_WORD_SLIPS, further=further)

    def read(raw: Any, place: Place, door: Door) -> Any:
        if isinstance(raw, Mapping):
            return mapping.read(raw, place, door)
        own_place = Place(place.source)
        try:
            return Ssl(certificate=origin.read(raw, own_place, door), place=own_place)
        except Invalid:
            # What else is said of a virtual host with TLS still holds.
            return Ssl(place=own_place)

    return replace(mapping, type_name="raw", read=read)
