"""Where a virtual host's certificate and key lie on a host: what the configuration says of it."""

from __future__ import annotations

from ...syntax.digests import digest_of
from ...syntax.quoting import quote
from ...tls.certificate import SELF_SIGNED_FILES
from ...tls.entries import CertificateEntry
from ...vocabulary.reserved_names import SELF_SIGNED_VARIABLE
from ..contract import Blob
from ..given_contents import blob_word, content_word
from ..inventory import Inventory
from ..vhosts.model import Vhost
from .model import Ssl

CERTIFICATE_DIRECTIVES = ("SSLCertificateFile", "SSLCertificateKeyFile")


def certificate_entry(ssl: Ssl, vhost: Vhost, inventory: Inventory) -> CertificateEntry:
    """Return what a host must know of a virtual host's certificate."""
    words = (*certificate_words(ssl, vhost, inventory.owner), "", "")
    return CertificateEntry(
        place=str(ssl.place),
        kind=ssl.certificate or "given",
        names=vhost.names,
        certificate=words[0],
        key=words[1],
        use_stapling=ssl.use_stapling,
        key_kinds=inventory.profile_of(ssl).key_kinds,
    )


def certificate_words(ssl: Ssl, vhost: Vhost, owner: str) -> tuple[str, ...]:
    """Return where httpd finds a virtual host's certificate and key, as its words; nothing for a managed one."""
    if ssl.certificate == "self_signed":
        return self_signed_words(vhost.names)
    if ssl.certificate_content:
        return (
            content_word(owner, ssl.certificate_content),
            blob_word(Blob(ssl.certificate_key_content)),
        )
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
