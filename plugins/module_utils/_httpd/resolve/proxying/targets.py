"""What the backend is asked of a request that is to be proxied, and which worker or balancer member asks it.

https://httpd.apache.org/docs/2.4/mod/mod_proxy.html; read in modules/proxy/mod_proxy_http.c (proxy_http_canon) and
mod_proxy_balancer.c.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ...syntax.record import record
from ...syntax.tree import Place
from ...vocabulary.depends import Depends
from ...vocabulary.effects.word_effects import open_parameters
from ...vocabulary.needed_modules import SPEAKERS
from ...vocabulary.url import DEFAULT_PORTS
from ..exchange import Exchange, holds
from ..paths.url_paths import canonical, has_controls
from .session_routes import members_with, parameters_of, route_of, usable
from .workers import candidates, find_worker, split_socket

_TARGET = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//([^/]*)(?:/(.*))?)?", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]")
# Schemes whose requests have a query string.
_WITH_QUERY = frozenset({"http", "https", "ws", "wss", "h2", "h2c", "ajp", "balancer"})


@record(frozen=True)
class Target:
    """What is asked of whom; `urls` are what each of `members` is asked. `status` is httpd's own answer if nobody is.

    `is_malformed` says that httpd sees so as soon as it reads the URL, `takes_upgrades` that an Upgrade is passed on.
    """

    url: str = ""
    worker: str = ""
    members: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    status: int = 0
    is_malformed: bool = False
    takes_upgrades: bool = False


_MALFORMED = Target(status=400, is_malformed=True)


def find_target(exchange: Exchange) -> Target:
    """Return what the backend is asked, of a request that is to be proxied."""
    url = exchange.filename[len("proxy:") :]
    found = _TARGET.fullmatch(url)
    scheme = found.group(1).lower() if found else ""
    if url.lower().startswith("unix:"):
        raise Depends("option", "a rewrite to a unix socket", exchange.rule)
    speakers = SPEAKERS.get(scheme, ())
    if speakers and not exchange.site.has_one_of(speakers):
        exchange.say(
            f"mod_{speakers[0]} isn't loaded, so nobody asks {url} (AH01144)", exchange.rule
        )
        return Target(status=500)
    if scheme == "balancer":
        return _of_balancer(exchange, url)
    if scheme not in DEFAULT_PORTS:
        exchange.say(f"no module proxies {url} (AH01144)", exchange.rule)
        return Target(status=500)
    target = _canonical(exchange, url)
    if isinstance(target, Target):
        return target
    worker = find_worker(exchange.site.workers, target)
    _refuse_open(worker.parameters if worker else {}, exchange.rule)
    if worker and "status" in worker.parameters:
        raise Depends("option", "the status of a worker that is no balancer's", exchange.rule)
    name = worker.url if worker else _authority(target)
    if scheme == "uwsgi" and "]:" not in name and not re.search(":[0-9]+(/|$)", target[8:]):
        exchange.say(
            "mod_proxy_uwsgi asks its default port, 3031, at port 0 (AH00957)", exchange.rule
        )
        return Target(worker=name, status=503)
    upgrades = _takes_upgrades(scheme, worker.parameters if worker else {})
    return Target(target, name, takes_upgrades=upgrades)


def _takes_upgrades(scheme: str, parameters: Mapping[str, str]) -> bool:
    """Tell whether a WebSocket opens."""
    return scheme in ("ws", "wss") or "upgrade" in parameters


def _refuse_open(parameters: Mapping[str, str], place: Place) -> None:
    """Raise Depends for a parameter that isn't modelled."""
    for name in open_parameters(parameters):
        raise Depends("option", f"the parameter {name}", place)


def _is_told(told: Sequence[Mapping[str, str]], name: str) -> bool:
    """Tell whether a switch is on; the last that is said of it holds."""
    values = [parameters[name] for parameters in told if name in parameters]
    return values[-1:] != [] and values[-1].lower() == "on"


def _of_balancer(exchange: Exchange, url: str) -> Target:
    """Return the members that may be asked."""
    authority, slash, path = url[len("balancer://") :].partition("/")
    name = re.sub(":[0-9]+$", "", authority.rpartition("@")[2])
    balancer = exchange.site.balancers.get(name.lower())
    if not name:
        return _MALFORMED
    if balancer is None:
        exchange.say(f"there is no balancer `{name}` here (AH01144)", exchange.rule)
        return Target(status=500)
    told = (*parameters_of(exchange, balancer),)
    for parameters in told:
        _refuse_open(parameters, balancer.place)
        if parameters.get("lbmethod") == "heartbeat":
            raise Depends("option", "lbmethod=heartbeat, which asks whom it hears", balancer.place)
    worker = f"balancer://{balancer.name}"
    of_session = members_with(balancer, route_of(exchange, balancer, told, f"{slash}{path}"))
    own = usable(of_session)
    members = (own,) if own else candidates(balancer)
    if of_session and not own and _is_told(told, "nofailover"):
        exchange.say(f"the session's member of `{name}` is stopped (AH01167)", exchange.rule)
        return Target(worker=worker, status=503)
    if not members:
        exchange.say(f"the balancer `{name}` has no usable member (AH01171)", exchange.rule)
        return Target(worker=worker, status=503)
    targets = []
    for member in members:
        _refuse_open(member.parameters, member.place)
        target = _canonical(exchange, f"{split_socket(member.url)[1]}/{path if slash else ''}")
        if isinstance(target, Target):
            # Of a worker httpd finds out only when it connects.
            status = 503 if re.search(":0+(/|$)", member.url) else target.status
            return replace(target, status=status, worker=worker, is_malformed=False)
        targets.append(target)
    urls = tuple(member.url for member in members)
    upgrades = any(
        _takes_upgrades(member.url.partition(":")[0].lower(), member.parameters)
        for member in members
    )
    return Target(targets[0], worker, urls, tuple(targets), takes_upgrades=upgrades)


def _canonical(exchange: Exchange, url: str) -> str | Target:
    """Return the URL as the backend is asked, or how httpd refuses."""
    found = _TARGET.fullmatch(url)
    if not found or found.group(3) is None:
        return _MALFORMED
    scheme = found.group(1).lower()
    authority = _host_and_port(scheme, found.group(3))
    if authority == _MALFORMED:
        return authority
    path_and_query = _path_and_query(exchange, scheme, found.group(4) or "")
    if isinstance(path_and_query, Target):
        return path_and_query
    if isinstance(authority, Target):
        exchange.say(f"`{found.group(3)}` is no host with a port", exchange.rule)
        return authority
    return f"{scheme}://{authority}/{path_and_query}"


def _path_and_query(exchange: Exchange, scheme: str, path: str) -> str | Target:
    """Return what follows the host, or how httpd refuses."""
    query = exchange.args if scheme in _WITH_QUERY else None
    if exchange.nocanon:
        query = None
    elif not exchange.noencode:
        written = canonical(path, keep_encoded_slashes=_keeps_slashes(exchange))
        if written is None:
            return _MALFORMED
        path = written
    if has_controls(path) or (query and has_controls(query)):
        why = "the path or query has control characters or blanks (AH10415, AH10408)"
        exchange.say(why, exchange.rule)
        return Target(status=403, is_malformed=True)
    return path if query is None else f"{path}?{query}"


def _keeps_slashes(exchange: Exchange) -> bool:
    """Tell whether AllowEncodedSlashes NoDecode holds; a section with settings of the core sets it back to Off."""
    is_reset = any(block.has_core for block in exchange.matched)
    if is_reset or encoded_slashes(exchange) != "nodecode":
        return False
    if any(plan.has_branches for plan in exchange.site.plans):
        raise Depends("expression", "whether an <If> sets AllowEncodedSlashes back")
    return True


def encoded_slashes(exchange: Exchange) -> str:
    """Return AllowEncodedSlashes: off, on or nodecode. A virtual host doesn't inherit it."""
    setting = exchange.site.plan.own.last("allowencodedslashes")
    if setting is None or not setting.values:
        return "off"
    holds(setting)
    return setting.values[0].lower()


@lru_cache(maxsize=4096)
def _host_and_port(scheme: str, authority: str) -> str | Target:
    """Return host and port as httpd writes them, without the default port; how it refuses where they are none."""
    host, port = authority.rpartition("@")[2], ""
    found = re.fullmatch(r"(.*):([0-9]+)", host, re.DOTALL)
    if found:
        host, port = found.groups()
    port_number = _wrapped(port)
    # Digits alone are read as a port without a host.
    if not host or (not port and re.fullmatch("[0-9]+", host)):
        return _MALFORMED
    if port and not 0 < port_number < 65536:
        return _MALFORMED
    if not _HOST.fullmatch(host):
        # What has a colon httpd takes for an IPv6 address, and brackets it; nothing of the kind has an address.
        is_unclosed = ":" in host and re.match(r"[^\]?#]*[?#]", host)
        return Target(status=400 if is_unclosed or host.startswith("[") else 500)
    default = {"h2": 443, "h2c": 80}.get(scheme, DEFAULT_PORTS[scheme])
    shown = f":{port_number}" if port and port_number != default else ""
    return host.lower() + shown


def _wrapped(port: str) -> int:
    """Return a port's number as atoi does, which keeps the last 32 bits of what is too large."""
    return min(int(port.lstrip("0")[:20] or 0), 2**63 - 1) & 0xFFFFFFFF


def _authority(url: str) -> str:
    """Return scheme, host and port of a URL that has no worker of its own."""
    return "/".join(url.split("/")[:3])
