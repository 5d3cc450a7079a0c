"""What a host must know of certificates, and of the files that httpd reads at its start."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CertificateEntry:
    """A virtual host's certificate (kind `managed`, `self_signed` or `given`), for the names that it must have.

    `certificate` and `key` are words of the configuration; of a managed one, and of the key in a file of both, empty.
    `key_kinds` are those that the profile's clients take, best first.
    """

    place: str
    kind: str
    names: tuple[str, ...]
    certificate: str = ""
    key: str = ""
    use_stapling: bool = False
    key_kinds: tuple[str, ...] = ("EC", "RSA")


@dataclass(frozen=True)
class HostFile:
    """A file of the host that httpd reads when it starts and not again, and the directive, in lower case, that names it."""

    place: str
    directive: str
    path: str
