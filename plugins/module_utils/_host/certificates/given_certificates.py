"""Certificates that variables have as content, judged before any host is touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ..._httpd.concerns.inventory import Inventory
from ..._httpd.concerns.ssl.model import Ssl, SslProxy
from ..._httpd.concerns.vhosts.model import Vhost
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place
from ..._httpd.tls.certificate_rules import CertificateChain, certificate_problems, unreadable
from ..machine.x509 import HAS_CRYPTOGRAPHY, Unreadable, has_key, read_chain, read_key
from .trusted_files import machine_problems

# The host knows which roots its system trusts.
_FOR_THE_HOST = "certificate-chain-incomplete"
# The host knows whether it shows it already: an emergency change must go through on the day after its end.
_BY_TIME_ALONE = ("certificate-expired", "certificate-not-yet-valid")


def given_problems(inventory: Inventory, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with what is given as content; what is left out was refused before."""
    if not HAS_CRYPTOGRAPHY:
        return
    for vhost in inventory.vhosts:
        if vhost.ssl and vhost.ssl.certificate_content and vhost.ssl.certificate_key_content:
            kinds = inventory.profile_of(vhost.ssl).key_kinds
            yield from _own_problems(vhost, vhost.ssl, kinds, now)
        if vhost.ssl:
            yield from _authority_problems(vhost.ssl.place, vhost.ssl.ca_certificate_content)
        proxy = vhost.ssl_proxy
        yield from _authority_problems(proxy.place, proxy.ca_certificate_content)
        yield from _machine_problems(proxy, now)


def _own_problems(
    vhost: Vhost, ssl: Ssl, key_kinds: tuple[str, ...], now: datetime
) -> Iterator[Problem]:
    """Yield what is wrong with the certificate that a virtual host is to show."""
    name = "certificate_content"
    try:
        chain = read_chain(ssl.certificate_content)
        name = "certificate_key_content"
        key = read_key(ssl.certificate_key_content)
    except Unreadable as error:
        yield unreadable(ssl.place.at(name), name, str(error))
        return
    place = ssl.place.at("certificate_content")
    shown = CertificateChain(
        place=place,
        file="certificate_content",
        chain=chain,
        key=key,
        names=vhost.names,
        use_stapling=ssl.use_stapling,
        key_kinds=key_kinds,
    )
    for problem in certificate_problems(shown, now):
        if problem.rule in _BY_TIME_ALONE:
            yield replace(problem, severity="warning")
        elif problem.rule == "certificate-key-mismatch":
            yield replace(problem, place=ssl.place.at("certificate_key_content"))
        elif problem.rule != _FOR_THE_HOST:
            yield problem


def _machine_problems(proxy: SslProxy, now: datetime) -> Iterator[Problem]:
    """Yield why backends wouldn't take what they are shown; blocks that are missing were refused before."""
    content, name = proxy.machine_certificate_content, "machine_certificate_content"
    if not content or "CERTIFICATE-----" not in content or not has_key(content):
        return
    place = proxy.place.at(name)
    try:
        found = tuple(machine_problems(place, name, content, now))
    except Unreadable as error:
        yield unreadable(place, name, str(error))
        return
    for problem in found:
        is_by_time = problem.rule in _BY_TIME_ALONE
        yield replace(problem, severity="warning") if is_by_time else problem


def _authority_problems(place: Place, content: str) -> Iterator[Problem]:
    """Yield an authority that is none."""
    try:
        read_chain(content) if content else ()
    except Unreadable as error:
        name = "ca_certificate_content"
        yield unreadable(place.at(name), name, str(error))
