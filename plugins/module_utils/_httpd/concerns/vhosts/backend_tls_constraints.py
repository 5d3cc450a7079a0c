"""What must hold between the keys of `ssl_proxy`, beyond each key's own kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ..ssl.model import SslProxy
from ..ssl.problem_kinds import TWO_CERTIFICATES
from .model import Vhost
from .problem_kinds import (
    MACHINE_CERTIFICATE_MISSING,
    MACHINE_KEY_ENCRYPTED,
    MACHINE_KEY_MISSING,
)

_PAIRS = ("ca_certificate", "machine_certificate")


def backends_problems(vhosts: Iterable[Vhost]) -> Iterator[Problem]:
    """Yield what is wrong, in input order."""
    for vhost in vhosts:
        yield from _two_sources(vhost.ssl_proxy)
        if vhost.ssl_proxy.machine_certificate_content:
            yield from _unusable(vhost.ssl_proxy)


def _two_sources(ssl: SslProxy) -> Iterator[Problem]:
    """Yield what is given twice, of which httpd would take the last."""
    for name in _PAIRS:
        if getattr(ssl, f"{name}_file") and getattr(ssl, f"{name}_content"):
            place, message = ssl.place.at(f"{name}_content"), f"`{name}_file` is set too"
            yield TWO_CERTIFICATES.problem(place, message, "remove one of the two")


def _unusable(ssl: SslProxy) -> Iterator[Problem]:
    """Yield why backends would be shown nothing: httpd takes a certificate with its key, without a passphrase."""
    content, place = ssl.machine_certificate_content, ssl.place.at("machine_certificate_content")
    blocks = (
        ("CERTIFICATE", MACHINE_CERTIFICATE_MISSING),
        ("PRIVATE KEY", MACHINE_KEY_MISSING),
    )
    for block, kind in blocks:
        if f"{block}-----\n" not in content:
            message = f"the secret (not shown) has no {block}, so backends would be shown nothing"
            fix = "write the certificate and its key, one behind the other"
            yield kind.problem(place, message, fix)
    if "ENCRYPTED" in content:
        message = "the key (not shown) has a passphrase, with which httpd doesn't start (AH02252)"
        fix = "write it without: `openssl pkey -in KEY`"
        yield MACHINE_KEY_ENCRYPTED.problem(place, message, fix)
