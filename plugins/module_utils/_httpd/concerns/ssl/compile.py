"""What one owner says of TLS for the host as a whole: who gives managed certificates, and what clients may resume."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.tree import Directive, Node, Place, Section, Tree
from ..inventory import Inventory
from ..write import block, directive, section
from .acme import Acme
from .model import SslDefaults

_KEYS = {
    "rsa2048": ("RSA", "2048"),
    "rsa3072": ("RSA", "3072"),
    "rsa4096": ("RSA", "4096"),
    "secp256r1": ("secp256r1",),
    "secp384r1": ("secp384r1",),
}


def compile_ssl(inventory: Inventory) -> Tree:
    """Write what holds for every virtual host's TLS, on a host where any speaks it: a part of its own, which knows none."""
    return (
        *_where_loaded("md", Place("apache_acme"), *_acme(inventory.acme)),
        *_where_loaded(
            "ssl",
            Place("apache_ssl"),
            *_session_cache(inventory.ssl),
            *_sni_policy(inventory.ssl),
        ),
    )[1:]


def _where_loaded(module: str, place: Place, *nodes: Node) -> Tree:
    """Write a module's settings, which don't have it loaded."""
    if not nodes:
        return ()
    return block(place, section("IfModule", f"mod_{module}.c", children=nodes, place=place))


def _acme(acme: Acme) -> Iterator[Node]:
    """Write the account; nothing is asked of an authority whose terms aren't agreed to."""
    if not acme.terms_agreed:
        return
    place = acme.place
    if acme.directory_url:
        where = place.at("directory_url")
        yield directive("MDCertificateAuthority", acme.directory_url, place=where)
    if acme.ca_certificate_file:
        where = place.at("ca_certificate_file")
        yield directive("MDCACertificateFile", acme.ca_certificate_file, place=where)
    yield directive("MDCertificateAgreement", "accepted", place=place.at("terms_agreed"))
    if acme.contact_email:
        yield directive("MDContactEmail", acme.contact_email, place=place.at("contact_email"))
    yield directive("MDCAChallenges", *acme.challenges, place=place.at("challenges"))
    yield directive("MDPrivateKeys", *_KEYS[acme.private_key], place=place.at("private_key"))
    yield directive("MDRenewWindow", f"{acme.renew_window}%", place=place.at("renew_window"))


def _session_cache(ssl: SslDefaults) -> Iterator[Node]:
    """Write the cache of sessions; the last that a configuration names is used."""
    if ssl.session_cache_size is not None:
        cache = f"shmcb:${{APACHE_RUN_DIR}}/gatehouse_sessions({ssl.session_cache_size})"
        yield Directive("SSLSessionCache", (cache,), ssl.place.at("session_cache_size"))


def _sni_policy(ssl: SslDefaults) -> Iterator[Node]:
    """Write the policy where httpd has the directive, which came with 2.4.66."""
    if ssl.vhost_sni_policy:
        place = ssl.place.at("vhost_sni_policy")
        policy = directive("SSLVHostSNIPolicy", ssl.vhost_sni_policy, place=place)
        yield Section("IfVersion", (">=", "2.4.66"), (policy,), place)
