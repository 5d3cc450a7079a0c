"""The certificates that a server shows by directives, in the words of a release's own entries, and its other files of TLS."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from ..reading.server import Scope, Server
from ..syntax.quoting import quote, unquote
from .entries import CertificateEntry, HostFile
from .files_read_at_start import served_files


@dataclass(frozen=True)
class TlsFiles:
    """What a release or a server names: certificates of virtual hosts, and files that httpd reads when it starts."""

    certificates: tuple[CertificateEntry, ...] = ()
    files: tuple[HostFile, ...] = ()

    def without(self, paths: Set[str]) -> TlsFiles:
        """Return what is left where some files aren't looked at."""
        return TlsFiles(
            tuple(one for one in self.certificates if unquote(one.certificate) not in paths),
            tuple(one for one in self.files if one.path not in paths),
        )


def named_by(server: Server) -> TlsFiles:
    """Return what a server names."""
    return TlsFiles(tuple(_served_certificates(server)), served_files(server))


def _served_certificates(server: Server) -> Iterator[CertificateEntry]:
    """Yield the certificate of each virtual host that names one; of several, httpd's last."""
    for vhost in server.vhosts:
        certificate = _last_file(vhost.scope, "sslcertificatefile")
        if certificate:
            yield CertificateEntry(
                place=str(vhost.place),
                kind="given",
                names=(vhost.server_name, *vhost.server_aliases),
                certificate=certificate,
                key=_last_file(vhost.scope, "sslcertificatekeyfile"),
            )


def _last_file(scope: Scope, name: str) -> str:
    """Return the word of the last such directive; empty where there is none."""
    named = [placed.values[0] for placed in scope.named(name) if placed.values]
    return quote(named[-1]) if named else ""
