"""What is wrong with the files of TLS beside servers' certificates: authorities, lists of what was taken back, and what
backends are shown. What kills httpd here passes `httpd -t` (tried with 2.4.71)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place
from ..._httpd.tls.certificate_rules import (
    CertificateChain,
    certificate_problems,
    list_ended,
    list_missing,
    never_shown,
    unreadable,
)
from ..._httpd.tls.entries import HostFile
from ..._httpd.tls.files_read_at_start import AUTHORITIES, MACHINE_CERTIFICATES, REVOCATION_LISTS
from ..machine.file_kinds import regular
from ..machine.x509 import (
    Unreadable,
    has_certificate,
    has_key,
    has_list,
    read_chain,
    read_key,
    read_lists,
)

_OF_TIME = frozenset({"certificate-expired", "certificate-not-yet-valid", "certificate-ends-soon"})


def trusted_problems(files: Iterable[HostFile], now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with those of these files that no virtual host shows its clients."""
    for file in files:
        if file.directive in AUTHORITIES | REVOCATION_LISTS | MACHINE_CERTIFICATES:
            place = Place(file.place)
            try:
                with open(file.path, encoding="utf-8", errors="replace", opener=regular) as stream:
                    yield from _judged(file, place, stream.read(), now)
            except OSError as error:
                yield unreadable(place, file.path, f"can't be read: {error.strerror}")
            except Unreadable as error:
                yield unreadable(place, file.path, str(error))


def machine_problems(place: Place, file: str, text: str, now: datetime) -> Iterator[Problem]:
    """Yield why backends wouldn't take what they are shown. Raises Unreadable."""
    if not has_key(text):
        yield never_shown(place, file)
        return
    chain, key = read_chain(text), read_key(text)
    # httpd goes by the pairs that the file has, wherever they stand.
    leaf = next((one for one in chain if one.key.digest == key.digest), chain[0])
    shown = CertificateChain(place, file, (leaf,), key, names=())
    for problem in certificate_problems(shown, now):
        if problem.rule in _OF_TIME or problem.rule == "certificate-key-mismatch":
            yield problem


def _judged(file: HostFile, place: Place, text: str, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with a file. Raises Unreadable."""
    if file.directive in AUTHORITIES:
        yield from _authority_problems(place, file.path, text, now)
    elif file.directive in REVOCATION_LISTS:
        yield from _list_problems(place, file.path, text, now)
    else:
        yield from machine_problems(place, file.path, text, now)


def _list_problems(place: Place, path: str, text: str, now: datetime) -> Iterator[Problem]:
    """Yield lists by which nobody is let in. Raises Unreadable."""
    if has_certificate(text) and not has_list(text):
        yield list_missing(place, path)
        return
    for one in read_lists(text):
        if one.not_after and one.not_after <= now:
            yield list_ended(place, path, one.issuer, one.not_after)


def _authority_problems(place: Place, path: str, text: str, now: datetime) -> Iterator[Problem]:
    """Yield what has ended where nothing else is left: a bundle may have old ones."""
    chain = read_chain(text)
    if all(one.not_after <= now for one in chain):
        latest = max(chain, key=lambda one: one.not_after)
        shown = CertificateChain(place, path, (latest,), None, names=())
        yield from (one for one in certificate_problems(shown, now) if one.rule in _OF_TIME)
