"""TLS as a release's frame says it, once for all virtual hosts of all owners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...syntax.tree import Directive, Tree
from ...vocabulary.reserved_names import FRAME_PLACE, UNKNOWN_HOST
from ..contract import Facts, InFrame
from ..write import block, directive
from .certificate_words import CERTIFICATE_DIRECTIVES, self_signed_words
from .facts import VhostTls, read_tls

STAPLING_CACHE = "shmcb:${APACHE_RUN_DIR}/gatehouse_stapling(131072)"


def in_frame(facts: Sequence[Facts]) -> InFrame:
    """Write managed names, the cache of what is stapled, and the TLS of unknown names."""
    hosts = read_tls(facts)
    settings = (
        *block(FRAME_PLACE, *_managed(hosts), title="managed certificates"),
        *block(FRAME_PLACE, *_stapling(hosts), title="what is stapled"),
    )
    speaking = [address for one in hosts if one.speaks_tls for address in one.addresses]
    plain = {address for one in hosts if not one.speaks_tls for address in one.addresses}
    curves: dict[str, str] = {}
    for one in hosts:
        for address in one.addresses if one.curves else ():
            curves.setdefault(address, one.curves)
    unknown = {
        address: _unknown_tls(curves.get(address, ""))
        for address in dict.fromkeys(speaking)
        if address not in plain
    }
    return InFrame(settings, unknown)


def _managed(hosts: Sequence[VhostTls]) -> Iterator[Directive]:
    """Yield each set of names whose certificate mod_md gets, once."""
    certificates = (one.certificate for one in hosts if one.certificate)
    names = (entry.names for entry in certificates if entry.kind == "managed")
    for one in dict.fromkeys(names):
        yield directive("MDomain", *one, "manual", place=FRAME_PLACE)


def _stapling(hosts: Sequence[VhostTls]) -> Iterator[Directive]:
    """Yield where answers of authorities are kept, which virtual hosts that staple share."""
    if any(one.certificate.use_stapling for one in hosts if one.certificate):
        yield Directive("SSLStaplingCache", (STAPLING_CACHE,), FRAME_PLACE)


def _unknown_tls(curves: str) -> Tree:
    """Write what makes the virtual host of unknown names speak TLS: whoever names no host gets no certificate of theirs.

    A connection keeps the curves of the address's first virtual host, whatever name is asked for: SSL_set_SSL_CTX()
    changes certificate and ciphers, not the groups.
    """
    words = self_signed_words((UNKNOWN_HOST,))
    shown = (
        Directive(*pair, FRAME_PLACE)
        for pair in zip(CERTIFICATE_DIRECTIVES, ((one,) for one in words))
    )
    chosen = (Directive("SSLOpenSSLConfCmd", ("Curves", curves), FRAME_PLACE),) if curves else ()
    return (directive("SSLEngine", "On", place=FRAME_PLACE), *shown, *chosen)
