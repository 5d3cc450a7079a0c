"""A backend, asked as httpd would ask it: what goes wrong is named."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace
from datetime import datetime, timezone

from ..._httpd.vocabulary.url import Url
from ..machine.lock import HostError
from ..machine.x509 import HAS_CRYPTOGRAPHY, LACKS_LIBRARY
from . import backend_tls
from .backend_certificate import Certificate
from .backend_connection import ask, connect, connected, speaks_plain
from .backend_query import TLS_SCHEMES, BackendFailure, BackendQuery, BackendReport

# What is no HTTP/1.1; a connection is all that can be asked for.
_CONNECT_ONLY = frozenset({"ajp", "fcgi", "scgi", "uwsgi", "ftp", "h2c"})


def reach(url: Url, asking: BackendQuery) -> BackendReport:
    """Ask a backend once. Raises HostError where the files to ask with, or what is to read certificates, are missing."""
    if url.scheme in TLS_SCHEMES and not HAS_CRYPTOGRAPHY:
        raise HostError(f"{url} can't be asked: {LACKS_LIBRARY}")
    reached = BackendReport(
        str(url), "ok", address=url.socket or f"{url.host}:{url.effective_port}"
    )
    context = backend_tls.context_for(asking, protocols=("h2",) if url.scheme == "h2" else ())
    try:
        with connected(url, asking.timeout) as plain:
            if not url.socket:
                reached = replace(reached, address=_peer(plain))
            if url.scheme in _CONNECT_ONLY:
                return reached
            if url.scheme in TLS_SCHEMES:
                return _over_tls(plain, url, asking, reached, context)
            return replace(reached, status=ask(plain, url, asking))
    except BackendFailure as failed:
        return _failed(reached, failed)


def _failed(reached: BackendReport, failed: BackendFailure) -> BackendReport:
    return replace(reached, cause=failed.cause, detail=str(failed), status=failed.status)


def _peer(connection: socket.socket) -> str:
    """Return the address that took the connection."""
    host, port = connection.getpeername()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _over_tls(
    plain: socket.socket,
    url: Url,
    asking: BackendQuery,
    reached: BackendReport,
    context: ssl.SSLContext,
) -> BackendReport:
    """Shake hands, compare names, and ask."""
    try:
        secured = backend_tls.secure(context, plain, asking.name(url))
    except (OSError, ValueError) as error:
        return _unsecured(error, url, asking, reached)
    with secured:
        certificate = backend_tls.certificate_of(secured)
        reached = replace(
            reached,
            protocol=secured.version() or "",
            cipher=(secured.cipher() or ("",))[0],
            certificate=certificate,
        )
        # In this order httpd looks too.
        fault = certificate.fault_at(datetime.now(timezone.utc)) if asking.check_expire else ""
        if not fault and asking.check_name and not certificate.has_name(asking.name(url)):
            fault = "wrong_name"
        if fault:
            return replace(reached, cause=fault)
        try:
            backend_tls.await_refusal(secured, asking.timeout)
            if url.scheme == "h2":
                return _chosen(secured, reached)
            return replace(reached, status=ask(secured, url, asking))
        except BackendFailure as failed:
            return _failed(reached, failed)


def _chosen(secured: ssl.SSLSocket, reached: BackendReport) -> BackendReport:
    """Tell whether HTTP/2 was chosen."""
    chosen = secured.selected_alpn_protocol()
    if chosen == "h2":
        return reached
    return replace(reached, cause="no_h2", detail=f"ALPN chose {chosen or 'nothing'}")


def _unsecured(
    error: Exception, url: Url, asking: BackendQuery, reached: BackendReport
) -> BackendReport:
    """Say why no hands were shaken, with the certificate where the backend shows one."""
    cause, detail = backend_tls.explain(error)
    certificate = Certificate()
    if cause in backend_tls.OF_CERTIFICATES:
        certificate = backend_tls.look(lambda: connect(url, asking.timeout), asking.name(url))
    elif cause in backend_tls.MAYBE_PLAIN and speaks_plain(url, asking.timeout):
        cause = "plain_on_tls_port"
    return replace(reached, cause=cause, detail=detail, certificate=certificate)
