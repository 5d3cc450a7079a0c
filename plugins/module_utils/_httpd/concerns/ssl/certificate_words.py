"""Where certificates and keys lie on a host: what the configuration says of it, and what the host must know."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.digests import digest_of
from ...syntax.quoting import quote
from ...tls.certificate import SELF_SIGNED_FILES
from ...tls.entries import CertificateEntry
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..write import RELEASE_VARIABLE
from .model import Ssl

KEYS, SELF_SIGNED = "keys", "self_signed"
KEYS_VARIABLE, SELF_SIGNED_VARIABLE = "GATEHOUSE_KEYS", "GATEHOUSE_SELF_SIGNED"
CERTIFICATE_DIRECTIVES = ("SSLCertificateFile", "SSLCertificateKeyFile")


def certificate_entries(inventory: Inventory) -> Iterator[CertificateEntry]:
    """Yield what a host must know of each virtual host's certificate."""
    for vhost in inventory.vhosts:
        if vhost.ssl is not None:
            words = (*certificate_words(vhost.ssl, vhost, inventory.owner), "", "")
            yield CertificateEntry(
                place=str(vhost.ssl.place),
                kind=vhost.ssl.certificate or "given",
                names=names_of(vhost),
                certificate=words[0],
                key=words[1],
                use_stapling=vhost.ssl.use_stapling,
                key_kinds=inventory.profile_of(vhost.ssl).key_kinds,
            )


def certificate_words(ssl: Ssl, vhost: Vhost, owner: str) -> tuple[str, ...]:
    """Return where httpd finds a virtual host's certificate and key, as its words; nothing for a managed one."""
    if ssl.certificate == "self_signed":
        return self_signed_words(names_of(vhost))
    if ssl.certificate_content:
        return (content_word(owner, ssl.certificate_content), key_word(ssl.certificate_key_content))
    files = (ssl.certificate_file, ssl.certificate_key_file)
    return tuple(quote(path) for path in files if path)


def self_signed_words(names: tuple[str, ...]) -> tuple[str, str]:
    """Return the same of a self-signed certificate, which its names identify."""
    directory = f"${{{SELF_SIGNED_VARIABLE}}}/{self_signed_name(names)}"
    certificate, key = (f"{directory}/{name}" for name in SELF_SIGNED_FILES)
    return (certificate, key)


def self_signed_name(names: tuple[str, ...]) -> str:
    """Return what identifies a self-signed certificate in the store."""
    return digest_of(sorted(names))


def names_of(vhost: Vhost) -> tuple[str, ...]:
    """Return the names that a virtual host's certificate must have, in order."""
    return tuple(dict.fromkeys((vhost.server_name.lower(), *map(str.lower, vhost.server_aliases))))


def content_word(owner: str, content: str) -> str:
    """Return the word for a certificate that was given as content, a file of the same release."""
    return f"${{{RELEASE_VARIABLE}}}/{content_file(owner, content)}"


def content_file(owner: str, content: str) -> str:
    """Return that file's path within the release."""
    return f"{owner}/certificates/{digest_of((content,))}.pem"


def key_word(content: str) -> str:
    """Return the word for a private key that was given as content."""
    return f"${{{KEYS_VARIABLE}}}/{digest_of((content,))}.pem"


def given_contents(inventory: Inventory) -> dict[str, str]:
    """Return every certificate that was given as content by its file within the release."""
    contents = (
        content
        for vhost in inventory.vhosts
        for content in (
            *(
                (vhost.ssl.certificate_content, vhost.ssl.ca_certificate_content)
                if vhost.ssl
                else ()
            ),
            vhost.ssl_proxy.ca_certificate_content,
        )
    )
    return {content_file(inventory.owner, content): content for content in contents if content}


def given_keys(inventory: Inventory) -> dict[str, str]:
    """Return every private key that was given as content by its digest."""
    contents = (
        content
        for vhost in inventory.vhosts
        for content in (
            vhost.ssl.certificate_key_content if vhost.ssl else "",
            vhost.ssl_proxy.machine_certificate_content,
        )
    )
    return {digest_of((content,)): content for content in contents if content}
