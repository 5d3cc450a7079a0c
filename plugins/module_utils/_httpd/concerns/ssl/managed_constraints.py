"""What must hold of certificates that Apache gets from an authority."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ...syntax.problem import Problem
from ...syntax.tree import Place
from ...vocabulary.address import is_private
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..vhosts.vhost_parts import HTTP_PORT, HTTPS_PORT
from .acme import CHALLENGES, Acme
from .model import Ssl
from .problem_kinds import (
    ACME_KEY_KIND,
    ACME_OVERLAP,
    ACME_PRIVATE_NAME,
    ACME_TERMS,
    ACME_UNREACHABLE,
    ACME_WILDCARD,
)

_CHALLENGE_PORTS = {"http-01": HTTP_PORT, "tls-alpn-01": HTTPS_PORT}


def managed_problems(
    vhost: Vhost, ssl: Ssl, inventory: Inventory, refused: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield why no authority would give the certificate, or why clients wouldn't want it.

    What follows from a key of `apache_acme` that was `refused` is no news.
    """
    acme = inventory.acme
    if not acme.terms_agreed and not _is_refused("terms_agreed", refused):
        message = "nobody agreed to the authority's terms of service"
        fix = "read them, and set `apache_acme: {terms_agreed: true}`"
        yield ACME_TERMS.problem(ssl.place, message, fix)
    if not _is_refused("directory_url", refused):
        yield from _private_names(vhost, ssl, acme)
    for name in vhost.names:
        if "*" in name or "?" in name:
            place = vhost.place.at("server_aliases")
            message = (
                f'"{name}" has a wildcard, which an authority signs only for a record in your DNS'
            )
            yield ACME_WILDCARD.problem(
                place, message, "list the names one by one, or give the certificate as files"
            )
    if not _is_refused("challenges", refused):
        yield from _challenge_problems(vhost, ssl, acme)
    kinds = inventory.profile_of(ssl).key_kinds
    if acme.key_kind not in kinds and not _is_refused("private_key", refused):
        message = f"apache_acme.private_key is {acme.private_key}, and the profile's clients want {' or '.join(kinds)}"
        fix = "write another `private_key`, or choose another profile"
        yield ACME_KEY_KIND.problem(ssl.place, message, fix)


def _is_refused(key: str, refused: Collection[str]) -> bool:
    """Tell whether a key of `apache_acme`, or all of it, was refused."""
    place = f"apache_acme.{key}"
    return any(one in ("apache_acme", place) or one.startswith(f"{place}[") for one in refused)


def _challenge_problems(vhost: Vhost, ssl: Ssl, acme: Acme) -> Iterator[Problem]:
    """Yield why an authority can't prove the names."""
    if not acme.challenges:
        fix = f"leave it out, or write some of {', '.join(CHALLENGES)}"
        message = "the list is empty, so an authority has no way to prove names"
        place = Place("apache_acme.challenges", is_leaf=True)
        yield ACME_UNREACHABLE.problem(place, message, fix)
        return
    ports = {address.port for address in (*vhost.addresses, *vhost.redirect_addresses)}
    if not ports & {_CHALLENGE_PORTS[challenge] for challenge in acme.challenges}:
        challenges = " and ".join(acme.challenges)
        message = (
            f"the authority proves names by {challenges}, and the virtual host doesn't listen there"
        )
        yield ACME_UNREACHABLE.problem(ssl.place, message, "listen on 80 or 443")


def _private_names(vhost: Vhost, ssl: Ssl, acme: Acme) -> Iterator[Problem]:
    """Yield names that no public authority may sign; one of somebody's own has a directory of its own."""
    for name in vhost.names if not acme.directory_url else ():
        if is_private(name) and not ("*" in name or "?" in name):
            message = f'"{name}" is no name that a public authority signs a certificate for'
            fix = (
                "write `ssl: self_signed`, name the files of your own,"
                " or your authority's `directory_url` in apache_acme"
            )
            yield ACME_PRIVATE_NAME.problem(ssl.place, message, fix)


def overlap_problems(vhosts: tuple[Vhost, ...]) -> Iterator[Problem]:
    """Yield names of two different managed certificates, which mod_md refuses (AH10038)."""
    seen: dict[str, tuple[tuple[str, ...], Vhost]] = {}
    for vhost in vhosts:
        if vhost.ssl is None or vhost.ssl.certificate != "managed":
            continue
        names = vhost.names
        for name in names:
            other, first = seen.setdefault(name, (names, vhost))
            if other != names:
                message = f'"{name}" is in the managed certificate of {first.place} already'
                fix = "give both the same names in the same order, or remove it from one"
                yield ACME_OVERLAP.problem(vhost.place, message, fix)
