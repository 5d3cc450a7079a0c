"""What is wrong with a certificate that a virtual host is to show, before any client finds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..syntax.problem import Problem
from ..syntax.tree import Place
from . import problem_kinds as kinds
from .certificate import Certificate, PublicKey

LEAST_BITS = {"RSA": 2048, "EC": 256, "EdDSA": 256, "DSA": 10**6}
BROKEN_HASHES = frozenset({"md5", "sha1"})
SOON = timedelta(days=14)
# httpd doesn't start with these; a server that runs already ends at its next reload.
FATAL = frozenset(
    {kinds.UNREADABLE.id, kinds.KEY_MISSING.id, kinds.KEY_MISMATCH.id, kinds.ORDER.id}
)


@dataclass(frozen=True)
class CertificateChain:
    """A chain as a virtual host shows it, with the public half of its key, and what it must be good for.

    `file` names it to its user; `roots` are the encoded names of the authorities that the system trusts; `key_kinds` are
    those that the profile's clients take, any if empty.
    """

    place: Place
    file: str
    chain: Sequence[Certificate]
    key: PublicKey | None
    names: Sequence[str]
    roots: Set[str] = frozenset()
    use_stapling: bool = False
    key_kinds: Sequence[str] = ()


def certificate_problems(shown: CertificateChain, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with a chain, worst first."""
    yield from _key_problems(shown)
    yield from _time_problems(shown, now)
    yield from _name_problems(shown)
    yield from _strength_problems(shown)
    yield from _kind_problems(shown)
    yield from _chain_problems(shown)
    if shown.use_stapling and not shown.chain[0].ocsp_urls:
        message = f"{shown.file} names no OCSP responder, so there is nothing to staple"
        yield kinds.WITHOUT_OCSP.problem(shown.place, message, "remove use_stapling")


def unreadable(place: Place, file: str, reason: str) -> Problem:
    """Return the refusal of a file that holds no certificate or key."""
    fix = "write PEM, put the file there before you deploy, and take a key without a passphrase"
    return kinds.UNREADABLE.problem(place, f"{file} {reason}", fix)


def key_missing(place: Place, file: str) -> Problem:
    """Return a certificate that is named alone, in a file without a key (AH02579)."""
    message = f"`certificate_key_file` is missing, and {file} holds no private key"
    return kinds.KEY_MISSING.problem(place, message, "add `certificate_key_file`")


def list_ended(place: Place, file: str, issuer: str, ended: datetime) -> Problem:
    """Return a list of revoked certificates that has ended: httpd refuses everybody whom its issuer signed."""
    message = f"the list of {issuer} in {file} expired on {_day(ended)}"
    fix = "fetch the present list, and from now on each one before the last expires"
    return kinds.LIST_ENDED.problem(place, message, fix)


def list_missing(place: Place, file: str) -> Problem:
    """Return a file of authorities where lists of what they revoked should be: httpd refuses everybody for want of those."""
    message = f"{file} has certificates, and no list of revoked ones"
    return kinds.LIST_MISSING.problem(
        place, message, "name the file of the list, in PEM (`X509 CRL`)"
    )


def never_shown(place: Place, file: str) -> Problem:
    """Return a file from which httpd takes nothing to show backends, without a word (AH02268 once one asks)."""
    message = f"{file} has no certificate together with its key, so backends are shown none"
    fix = "write both into this file, the certificate first"
    return kinds.NEVER_SHOWN.problem(place, message, fix)


def _key_problems(shown: CertificateChain) -> Iterator[Problem]:
    """Yield a key that isn't the certificate's: httpd doesn't start (AH02565)."""
    leaf = shown.chain[0]
    if shown.key is None or shown.key.digest == leaf.key.digest:
        return
    others = [one for one in shown.chain if one.key.digest == shown.key.digest]
    if others:
        message = f"the first certificate of {shown.file} is {leaf.subject}, and the key is that of {others[0].subject}"
        yield kinds.ORDER.problem(shown.place, message, "put the server's own first")
    else:
        message = f"the key isn't that of {leaf.subject} in {shown.file}"
        fix = "name the key that the certificate was asked for with"
        yield kinds.KEY_MISMATCH.problem(shown.place, message, fix)


def _time_problems(shown: CertificateChain, now: datetime) -> Iterator[Problem]:
    """Yield what isn't valid now: httpd shows it without a word."""
    leaf = shown.chain[0]
    for one in shown.chain:
        if one.not_after <= now:
            message = f"{one.subject} in {shown.file} expired on {_day(one.not_after)}"
            yield kinds.EXPIRED.problem(shown.place, message, "renew it")
        elif one.not_before > now:
            message = f"{one.subject} in {shown.file} isn't valid before {_day(one.not_before)}"
            fix = "wait until then, or correct the host's clock"
            yield kinds.NOT_YET_VALID.problem(shown.place, message, fix)
    if now < leaf.not_after <= now + SOON:
        message = f"{leaf.subject} in {shown.file} expires on {_day(leaf.not_after)}"
        yield kinds.ENDS_SOON.problem(shown.place, message, "renew it")


def _name_problems(shown: CertificateChain) -> Iterator[Problem]:
    """Yield names that clients would be warned of."""
    leaf = shown.chain[0]
    missing = [name for name in shown.names if not _is_covered(name, leaf)]
    if missing:
        has = ", ".join(leaf.names[:5]) or "no name at all"
        message = f"{shown.file} isn't for {', '.join(missing)}: it has {has}"
        fix = "get one with these names (clients don't read the common name)"
        yield kinds.NAME_MISSING.problem(shown.place, message, fix)


def _is_covered(name: str, leaf: Certificate) -> bool:
    """Tell whether clients that ask for a name will take a certificate; a pattern is for them to have asked by."""
    if name.startswith("*.") and "*" not in name[2:] and "?" not in name:
        return name in leaf.names
    return "*" in name or "?" in name or leaf.covers(name)


def _strength_problems(shown: CertificateChain) -> Iterator[Problem]:
    """Yield keys and signatures that clients refuse."""
    for number, one in enumerate(shown.chain):
        if one.key.bits < LEAST_BITS[one.key.kind]:
            message = (
                f"{one.subject} in {shown.file} has a {one.key.kind} key of {one.key.bits} bits"
            )
            fix = "make a key with RSA of at least 2048 bits, or a curve of at least 256"
            yield kinds.WEAK_KEY.problem(shown.place, message, fix)
        # Nobody verifies a root's own signature.
        if one.signature in BROKEN_HASHES and (number == 0 or not one.is_self_issued):
            message = f"{one.subject} in {shown.file} is signed with {one.signature.upper()}"
            yield kinds.WEAK_SIGNATURE.problem(shown.place, message, "get a new one")
    if shown.chain[0].is_authority and not shown.chain[0].is_self_issued:
        message = f"{shown.chain[0].subject} in {shown.file} is an authority's certificate"
        fix = "put the server's own first"
        yield kinds.OF_AUTHORITY.problem(shown.place, message, fix)


def _kind_problems(shown: CertificateChain) -> Iterator[Problem]:
    """Yield a key that clients of the profile can't use, or that the guideline has no more."""
    leaf = shown.chain[0]
    if shown.key_kinds and leaf.key.kind not in shown.key_kinds:
        wanted = " or ".join(shown.key_kinds)
        message = f"{leaf.subject} in {shown.file} has a key of the kind {leaf.key.kind}, and the profile's clients want {wanted}"
        fix = f"get one for a key of the kind {wanted}, or choose another profile"
        problem = kinds.KEY_KIND.problem(shown.place, message, fix)
        yield replace(problem, severity="hint") if leaf.key.kind == "RSA" else problem


def _chain_problems(shown: CertificateChain) -> Iterator[Problem]:
    """Yield a chain that clients can't follow from the server's certificate to an authority that they know."""
    followed = _followed(shown.chain)
    last = followed[-1]
    if list(shown.chain) != followed:
        message = f"{shown.file} has certificates out of order, or that don't belong to it"
        fix = "write each before the one that signed it, and no others"
        yield kinds.CHAIN_ORDER.problem(shown.place, message, fix)
    if last.is_self_issued or last.issuer_id in shown.roots:
        return
    message = f"{shown.file} ends with {last.subject}, and the system doesn't know its issuer {last.issuer}"
    fix = f"append the certificate of {last.issuer}"
    # Whoever publishes its certificate is a public authority; a private one's root may lie with the clients.
    where = (
        f": {last.issuer_urls[0]}" if last.issuer_urls else ", or silence this if clients know it"
    )
    problem = kinds.CHAIN_INCOMPLETE.problem(shown.place, message, f"{fix}{where}")
    yield problem if last.issuer_urls else replace(problem, severity="warning")


def _followed(chain: Sequence[Certificate]) -> list[Certificate]:
    """Return the part of a chain that leads from its first certificate upwards, in that order."""
    followed, rest = [chain[0]], list(chain[1:])
    while not followed[-1].is_self_issued:
        above = [one for one in rest if followed[-1].is_signed_by(one)]
        if not above:
            break
        followed.append(above[0])
        rest.remove(above[0])
    return followed


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"
