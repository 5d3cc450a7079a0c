"""What is asked of a server, and what is decided of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import NamedTuple

from ..syntax.record import record
from ..syntax.tree import NOWHERE, Place


@record(frozen=True)
class Request:
    """One request; texts are bytes, a character each.

    `target` is what follows the method: path and query as sent. `address` is the local address that the client connects to,
    `client` its own; empty where they aren't known. Names of `headers` are lower-case; the Host is `host`. `sni` is the host
    that the connection's TLS is for; empty where that is the Host.
    """

    target: str
    host: str = ""
    method: str = "GET"
    scheme: str = "http"
    port: int = 80
    address: str = ""
    client: str = ""
    sni: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path as sent; leading slashes are one, whatever MergeSlashes says."""
        path = self.target.partition("?")[0]
        return f"/{path.lstrip('/')}" if path.startswith("/") else path

    @property
    def query(self) -> str | None:
        """The query as sent; None where there is no `?`."""
        _path, mark, query = self.target.partition("?")
        return query if mark else None

    @property
    def default_port(self) -> int:
        """The port that the scheme implies."""
        return 443 if self.scheme == "https" else 80


class Reason(NamedTuple):
    """One step on the way to a decision, and the place that made it."""

    text: str
    place: Place = NOWHERE

    def __str__(self) -> str:
        return f"{self.text} ({self.place})" if self.place != NOWHERE else self.text


@record(frozen=True)
class Decision:
    """What httpd does with a request.

    `action` is one of proxy, redirect, local, denied, depends; `status` is 0 where a backend or a file decides it. For
    proxy, `worker` is the URL of the worker or balancer (its members in `members`), `url` what the backend is asked (`urls`,
    what each member would be), `headers` what it gets beside the client's own, `open_headers` why that isn't known of some,
    `timeouts` are seconds by name. For redirect, `location` is where to. For depends, `cause` is one of CAUSES.
    """

    action: str
    vhost: str = ""
    vhost_place: Place = NOWHERE
    status: int = 0
    worker: str = ""
    members: tuple[str, ...] = ()
    url: str = ""
    urls: tuple[str, ...] = ()
    location: str = ""
    handler: str = ""
    cause: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    open_headers: Mapping[str, str] = field(default_factory=dict)
    timeouts: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
