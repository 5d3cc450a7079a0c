"""What became of a backend, as plain data: with what httpd would answer its clients, and what helps."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..._httpd.vocabulary.url import Url
from .backend_causes import cause_of
from .backend_query import BackendQuery, BackendReport


def to_plain(reached: BackendReport, url: Url, asking: BackendQuery) -> dict[str, Any]:
    """Fill the words of the cause."""
    shown = {name: _plain(value) for name, value in asdict(reached.certificate).items()}
    cause = cause_of(
        reached.cause,
        is_shaken=bool(reached.protocol),
        is_verified=asking.verify,
        shows=bool(asking.client_certificate),
    )
    words = {**shown, **_words(reached, url, asking)}
    return {
        "url": reached.url,
        "reachable": reached.cause == "ok",
        "cause": reached.cause,
        "message": cause.message.format(**words),
        "remedy": cause.remedy.format(**words),
        "address": reached.address,
        "status": reached.status,
        "httpd": {
            "status": reached.status or cause.status,
            "codes": [] if reached.status else list(cause.codes),
            "codes_at_info": list(cause.quiet_codes),
        },
        "tls": {
            "protocol": reached.protocol,
            "cipher": reached.cipher,
            **shown,
        },
    }


def _words(reached: BackendReport, url: Url, asking: BackendQuery) -> dict[str, str]:
    """Return what the words of a cause may name, beside what the certificate shows."""
    return {
        "host": url.host,
        "name": asking.name(url),
        "address": reached.address,
        "detail": reached.detail,
        "timeout": f"{asking.timeout:g}",
        "names": reached.certificate.shown_names,
        "issuer": reached.certificate.issuer or "somebody",
        "ca_file": asking.ca_file,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else (value or "")
