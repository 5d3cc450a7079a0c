"""How a backend is asked, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..._httpd.vocabulary.url import Url
from .backend_certificate import Certificate

TLS_SCHEMES = frozenset({"https", "wss", "h2"})


@dataclass(frozen=True)
class BackendQuery:
    """As a virtual host's `ssl_proxy` and `proxy_preserve_host` say; `timeout` is in seconds.

    `host` is the client's name that is passed on; empty asks each backend for its own.
    """

    ca_file: str
    client_certificate: str = ""
    host: str = ""
    verify: bool = True
    check_name: bool = True
    check_expire: bool = True
    timeout: float = 10

    def name(self, url: Url) -> str:
        """Return the name that a backend must have, without a port."""
        return self.host.partition(":")[0] if self.host else bare(url)

    def host_header(self, url: Url) -> str:
        """Return the Host of a request to a backend."""
        return self.host or (f"{url.host}:{url.port}" if url.port else url.host)


@dataclass(frozen=True)
class BackendReport:
    """What became of it; `cause` is one of CAUSES. `status` is the backend's own answer, 0 where there was none."""

    url: str
    cause: str
    address: str = ""
    detail: str = ""
    status: int = 0
    protocol: str = ""
    cipher: str = ""
    certificate: Certificate = field(default_factory=Certificate)


class BackendFailure(Exception):
    """What went wrong, by its name in CAUSES; `status` is the backend's answer, where it gave one."""

    def __init__(self, cause: str, detail: object = "", status: int = 0) -> None:
        super().__init__(str(detail))
        self.cause = cause
        self.status = status


def bare(url: Url) -> str:
    """Return a URL's host without the brackets of an IPv6 address."""
    return url.host.strip("[]")
