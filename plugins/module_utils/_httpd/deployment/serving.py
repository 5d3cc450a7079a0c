"""What a release serves: its virtual hosts, the backends behind each path, and how each backend is to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..reading.environment import Environment
from ..reading.expand import expand
from ..reading.included_files import Texts
from ..reading.server import ProxyPass, Scope, Server, VirtualHost
from ..reading.view import view
from ..syntax.parse import parse_tree
from ..syntax.quoting import Refused
from ..vocabulary.reserved_names import GATEHOUSE_HOSTS
from ..vocabulary.url import Url, parse_url

_TLS_SCHEMES = frozenset({"https", "wss", "h2"})


@dataclass(frozen=True)
class Backend:
    """A backend, and how httpd asks it: `url` with the path that is asked, `host` the client's name where that is passed on.

    What says how TLS is spoken is at httpd's defaults where the backend speaks none.
    """

    url: str
    host: str = ""
    ca_file: str = ""
    client_certificate: str = ""
    verify: bool = False
    check_name: bool = True
    check_expire: bool = True


@dataclass(frozen=True)
class Route:
    """A path of a virtual host and the backend that it may lead to, by its number; `balancer` is the one between them."""

    path: str
    backend: int
    balancer: str = ""


@dataclass(frozen=True)
class ServedSite:
    """A virtual host: its names, its addresses, and where it only redirects to its TLS."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]
    routes: tuple[Route, ...] = ()
    redirecting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Serving:
    """What a release serves; each backend stands there once, whoever asks it."""

    sites: tuple[ServedSite, ...] = ()
    backends: tuple[Backend, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def serving_from_plain(plain: Mapping[str, Any]) -> Serving:
    """Read what `to_plain` returned, from JSON or not."""
    return Serving(
        tuple(
            ServedSite(
                tuple(site["names"]),
                tuple(site["addresses"]),
                tuple(Route(**route) for route in site["routes"]),
                tuple(site["redirecting"]),
            )
            for site in plain.get("sites", ())
        ),
        tuple(Backend(**backend) for backend in plain.get("backends", ())),
    )


def read_release(frame: str, texts: Mapping[str, str], *, directory: str) -> Server:
    """Return the server of a release that lies (or will lie) in a directory: what its own files say, nothing of the host's."""
    files = Texts({f"{directory}/{path}": text for path, text in texts.items()})
    tree, _problems = parse_tree(frame, f"{directory}/gatehouse.conf")
    return view(expand(tree, Environment(files=files)).tree)


def serving_of(server: Server) -> Serving:
    """Return what a release's server serves, in the order of its virtual hosts."""
    backends = _Backends()
    sites: dict[tuple[str, ...], ServedSite] = {}
    for vhost in server.vhosts:
        if vhost.server_name in GATEHOUSE_HOSTS:
            continue
        site = ServedSite(
            names=(vhost.server_name, *vhost.server_aliases),
            addresses=tuple(map(str, vhost.addresses)),
            routes=tuple(_routes(vhost, server.main, backends)),
        )
        known = sites.get(site.names)
        sites[site.names] = _joined(known, site) if known else site
    return Serving(tuple(sites.values()), tuple(backends.queries))


class _Backends:
    """Backends by number: one stands there once, asked as whoever came first asks it."""

    def __init__(self) -> None:
        self.queries: list[Backend] = []
        self.numbers: dict[Backend, int] = {}

    def number(self, url: Url, vhost: VirtualHost) -> int:
        """Return the number of a backend. Its path doesn't tell it from others, nor does a name without TLS."""
        query = _query(url, vhost)
        host = query.host if url.scheme in _TLS_SCHEMES else ""
        known = replace(query, url=str(_with_path(url, "")), host=host)
        if known not in self.numbers:
            self.numbers[known] = len(self.queries)
            self.queries.append(query)
        return self.numbers[known]


def _joined(one: ServedSite, other: ServedSite) -> ServedSite:
    """Return a virtual host with its twin at other addresses: one that proxies nothing redirects."""
    if one.routes and not other.routes:
        return replace(one, redirecting=(*one.redirecting, *other.addresses))
    if other.routes and not one.routes:
        return replace(other, redirecting=(*one.addresses, *one.redirecting))
    routes = tuple(dict.fromkeys((*one.routes, *other.routes)))
    return replace(one, addresses=(*one.addresses, *other.addresses), routes=routes)


def _routes(vhost: VirtualHost, main: Scope, backends: _Backends) -> Iterator[Route]:
    """Yield each path with each backend behind it."""
    for rule in vhost.scope.rules:
        if rule.is_exclusion:
            continue
        for text, balancer in _targets(rule, (vhost.scope, main)):
            url = _askable(text)
            if url:
                yield Route(_path(rule), backends.number(url, vhost), balancer)


def _path(rule: ProxyPass) -> str:
    """Return the path that a rule is for, as somebody reads it."""
    path = rule.location or rule.path
    return f"~ {path}" if rule.is_match else path


def _targets(rule: ProxyPass, scopes: Iterable[Scope]) -> Iterator[tuple[str, str]]:
    """Yield each URL that a rule leads to, with the balancer between."""
    scheme, _colon, rest = rule.url.partition("://")
    if scheme.lower() != "balancer":
        yield rule.url, ""
        return
    name = rest.partition("/")[0].lower()
    found = (one for scope in scopes for one in scope.balancers if one.name == name)
    for member in next((one.members for one in found), ()):
        yield member.url, name


def _askable(text: str) -> Url | None:
    """Return what a backend can be asked for of a URL; None where only a request says which backend it is."""
    known, dollar, _rest = text.partition("$")
    try:
        url = parse_url(known)
    except Refused:
        return None
    if dollar:
        # It is known which server a pattern's target leads to, if its host ends before the variable; not what is asked there.
        return _with_path(url, "") if url.path else None
    return url


def _with_path(url: Url, path: str) -> Url:
    """Return a URL with another path."""
    return Url(url.scheme, url.host, url.port, path, url.socket)


def _query(url: Url, vhost: VirtualHost) -> Backend:
    """Return a backend as a virtual host asks it."""
    scope = vhost.scope
    if url.scheme not in _TLS_SCHEMES:
        passes_on = _last(scope, "proxypreservehost").lower() == "on"
        return Backend(str(url), host=vhost.server_name if passes_on else "")
    return Backend(
        str(url),
        host=vhost.server_name if _passes_name_on(scope) else "",
        ca_file=_last(scope, "sslproxycacertificatefile"),
        client_certificate=_last(scope, "sslproxymachinecertificatefile"),
        verify=_last(scope, "sslproxyverify").lower() == "require",
        check_name=_last(scope, "sslproxycheckpeername").lower() != "off",
        check_expire=_last(scope, "sslproxycheckpeerexpire").lower() != "off",
    )


def _passes_name_on(scope: Scope) -> bool:
    """Tell whether backends that speak TLS are asked for the client's name."""
    said = scope.named("proxypreservehost")
    is_off_for_tls = any(
        one.around and one.around[-1][0] == "proxymatch" and one.values[:1] == ("Off",)
        for one in said
    )
    return not is_off_for_tls and _last(scope, "proxypreservehost").lower() == "on"


def _last(scope: Scope, name: str) -> str:
    """Return the first word of the last such directive that stands in no section; empty where there is none."""
    named = [one.values[0] for one in scope.named(name) if one.values and not one.around]
    return named[-1] if named else ""
