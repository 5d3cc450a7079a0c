"""What must hold between the keys about TLS, beyond each key's own kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ...tls.profiles import CURVES, PROFILES, TLS13_CIPHERS
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..vhosts.vhost_parts import HTTP_PORT
from .in_vhost import speaks_tls
from .managed_constraints import managed_problems, overlap_problems
from .model import Ssl, SslProxy
from .problem_kinds import (
    CERTIFICATE_UNDEFINED,
    CERTIFICATE_WITHOUT_KEY,
    CIPHERS_UNKNOWN,
    CLIENT_AUTHORITY_MISSING,
    CURVES_DIFFER,
    KEY_WITHOUT_CERTIFICATE,
    MIXED_TLS,
    TLS_ON_HTTP_PORT,
    TWO_AUTHORITIES,
    TWO_CERTIFICATES,
    VERIFY_CLIENT_EVERYWHERE,
    VERIFY_CLIENT_MISSING,
)

_CLIENT_KEYS = (
    "verify_client_paths",
    "verify_depth",
    "ca_certificate_file",
    "ca_certificate_content",
    "ca_revocation_file",
)


def tls_problems(inventory: Inventory, refused: Iterable[Problem] = ()) -> Iterator[Problem]:
    """Yield what is wrong between keys, in input order; a certificate that was `refused` isn't missing too."""
    places = [str(problem.place) for problem in refused]
    for vhost in inventory.vhosts:
        yield from _cipher_problems(vhost.ssl_proxy)
        if vhost.ssl is not None:
            yield from _cipher_problems(vhost.ssl)
            yield from _tls13_problems(vhost.ssl)
            yield from _certificate_problems(vhost.ssl, places)
            yield from _client_problems(vhost.ssl)
            yield from _port_problems(vhost)
            if vhost.ssl.certificate == "managed":
                yield from managed_problems(vhost, vhost.ssl, inventory, places)
    yield from overlap_problems(inventory.vhosts)
    yield from _curve_problems(inventory.vhosts)
    yield from _mixed_problems(inventory.vhosts)


def _certificate_problems(ssl: Ssl, refused: list[str]) -> Iterator[Problem]:
    """Yield why a certificate isn't one: none, two, or half of one."""
    sources = ("certificate", "certificate_file", "certificate_content")
    given = [name for name in sources if getattr(ssl, name)]
    is_refused = any(
        place == str(ssl.place) or place.startswith(f"{ssl.place}.certificate") for place in refused
    )
    if not given and not is_refused:
        fix = "write `certificate: managed`, `certificate: self_signed`, or name files"
        yield CERTIFICATE_UNDEFINED.problem(ssl.place, "`ssl` names no certificate", fix)
    for name in given[1:]:
        message = f"`{given[0]}` is set too, and a virtual host shows one certificate"
        yield TWO_CERTIFICATES.problem(ssl.place.at(name), message, "remove one of the two")
    for key, certificate in (
        ("certificate_key_file", "certificate_file"),
        ("certificate_key_content", "certificate_content"),
    ):
        if getattr(ssl, key) and not getattr(ssl, certificate) and not is_refused:
            message = f"`{certificate}` is missing, whose key this is"
            yield KEY_WITHOUT_CERTIFICATE.problem(
                ssl.place.at(key), message, f"add `{certificate}`"
            )
    if ssl.certificate_content and not ssl.certificate_key_content:
        place, fix = ssl.place.at("certificate_content"), "add `certificate_key_content`"
        yield CERTIFICATE_WITHOUT_KEY.problem(
            place, "`certificate_key_content` is missing, its key", fix
        )


def _client_problems(ssl: Ssl) -> Iterator[Problem]:
    """Yield what is missing, or said for nothing, of clients' certificates."""
    authorities = [name for name in _CLIENT_KEYS[2:4] if getattr(ssl, name)]
    if not ssl.verify_client:
        for name in _CLIENT_KEYS:
            if getattr(ssl, name) not in ("", (), None):
                message = "no client is asked for a certificate"
                fix = "add `verify_client: require` (or optional)"
                yield VERIFY_CLIENT_MISSING.problem(ssl.place.at(name), message, fix)
        return
    place = ssl.place.at("verify_client")
    if not authorities:
        fix = "add `ca_certificate_file` or `ca_certificate_content`"
        yield CLIENT_AUTHORITY_MISSING.problem(
            place, "no authority is named that signs clients' certificates", fix
        )
    if len(authorities) == 2:
        message = "`ca_certificate_file` is set too"
        where = ssl.place.at("ca_certificate_content")
        yield TWO_AUTHORITIES.problem(where, message, "remove one of the two")
    if ssl.verify_client_paths and ssl.verify_client == "require":
        message = "`verify_client: require` asks for a certificate on every path already"
        where, fix = ssl.place.at("verify_client_paths"), "write `verify_client: optional`"
        yield VERIFY_CLIENT_EVERYWHERE.problem(where, message, fix)


def _port_problems(vhost: Vhost) -> Iterator[Problem]:
    """Yield the port of plain HTTP where a virtual host speaks TLS."""
    if any(address.port == HTTP_PORT for address in vhost.addresses):
        message = "clients ask port 80 in plain HTTP, and TLS is spoken there: they get 400"
        fix = "remove `listen`, or write 443 in place of 80"
        yield TLS_ON_HTTP_PORT.problem(vhost.place.at("listen"), message, fix)


def _cipher_problems(tls: Ssl | SslProxy) -> Iterator[Problem]:
    """Yield a list that has ciphers of TLS 1.3 alone, which aren't chosen there; the others are the host's to know."""
    ciphers = tls.cipher_suite.split(":")
    if all(cipher in TLS13_CIPHERS for cipher in ciphers):
        message = f"{tls.cipher_suite} is of TLS 1.3, and this list is of the versions up to 1.2"
        fix = "write it as `cipher_suite_tls13`"
        if isinstance(tls, SslProxy):
            fix = "leave it out: towards backends httpd's own of TLS 1.3 hold"
        yield CIPHERS_UNKNOWN.problem(tls.place.at("cipher_suite"), message, fix)


def _tls13_problems(ssl: Ssl) -> Iterator[Problem]:
    """Yield ciphers that TLS 1.3 doesn't have: its few ones are those of every OpenSSL."""
    if ssl.cipher_suite_tls13 and TLS13_CIPHERS.isdisjoint(ssl.cipher_suite_tls13.split(":")):
        message = f"{ssl.cipher_suite_tls13} has no cipher of TLS 1.3"
        usual = ", ".join(PROFILES["modern"].tls13_ciphers)
        fix = f"write some of {usual}, or leave it out for all of them"
        yield CIPHERS_UNKNOWN.problem(ssl.place.at("cipher_suite_tls13"), message, fix)


def _curve_problems(vhosts: tuple[Vhost, ...]) -> Iterator[Problem]:
    """Yield curves that are never used: each connection keeps those of its address's first virtual host."""
    speaking = [(vhost, vhost.ssl) for vhost in vhosts if vhost.ssl]
    # A default virtual host comes first where it listens.
    speaking.sort(key=lambda one: not one[0].default)
    first: dict[str, tuple[str, Vhost]] = {}
    for vhost, ssl in speaking:
        own = ":".join(ssl.curves or CURVES)
        for address in map(str, vhost.addresses):
            curves, other = first.setdefault(address, (own, vhost))
            if curves != own:
                message = f"{own} are never used at {address}: httpd takes those of its first virtual host, {curves}"
                fix = f"write the same curves here as in {other.place}"
                yield CURVES_DIFFER.problem(ssl.place.at("curves"), message, fix)


def _mixed_problems(vhosts: tuple[Vhost, ...]) -> Iterator[Problem]:
    """Yield the second kind of an address: the first virtual host there decides whether connections are TLS."""
    seen: dict[str, tuple[bool, Vhost]] = {}
    for vhost in vhosts:
        listened = [(str(address), speaks_tls(vhost)) for address in vhost.addresses]
        listened += [(str(address), False) for address in vhost.redirect_addresses]
        for address, is_tls in listened:
            was_tls, first = seen.setdefault(address, (is_tls, vhost))
            if was_tls is not is_tls:
                speaks = "TLS" if was_tls else "plain HTTP"
                message = f"{address} speaks {speaks} for {first.place} already"
                fix = "listen on another port, or have both speak TLS"
                yield MIXED_TLS.problem(vhost.place, message, fix)
