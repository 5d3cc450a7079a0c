"""Whether a request may be asked over a connection whose handshake was another virtual host's (421 where it may not).

Read in modules/ssl/ssl_engine_kernel.c (ssl_hook_ReadReq, ssl_check_vhost_sni_policy); docs/httpd.md#server-names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..reading.server import PlacedDirective, Scope, Server
from ..syntax.condition_sections import CONDITIONS
from ..syntax.tree import NOWHERE, Place
from ..vocabulary.depends import Depends
from ..vocabulary.effects.directive_effects import spelling_of
from .exchange import Exchange
from .hosts import MAIN, Hosts, handshake_name

Values = tuple[tuple[str, ...], ...]  # those of each directive of a name, in order

# What SSLVHostSNIPolicy compares under `authonly`, and beside it under `secure`, the default.
_OF_CLIENTS = frozenset({
    "sslcacertificatefile", "sslcacertificatepath", "sslcadnrequestfile", "sslcadnrequestpath", "sslcarevocationcheck",
    "sslcarevocationfile", "sslcarevocationpath", "sslocspdefaultresponder", "sslocspenable",
    "sslocspoverrideresponder", "sslopensslconfcmd", "sslverifyclient", "sslverifydepth",
})  # fmt: skip
_OF_CONNECTIONS = frozenset({
    "sslcertificatefile", "sslcertificatekeyfile", "sslciphersuite", "sslprotocol",
})  # fmt: skip
_ENGINE = "sslengine"
_READ = _OF_CLIENTS | _OF_CONNECTIONS | {_ENGINE}
_CERTIFICATES = frozenset({"sslcertificatefile", "sslcertificatekeyfile"})
_ADDED_UP = _CERTIFICATES | {"sslopensslconfcmd"}
# What is as if it weren't written.
_VERSIONS = ("tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3")  # nobody builds SSLv3 any more
_DEFAULTS: Mapping[str, Values] = {
    "sslcarevocationcheck": (("none",),),
    "sslocspenable": (("off",),),
    "sslocspoverrideresponder": (("off",),),
    "sslprotocol": (_VERSIONS,),
    "sslverifyclient": (("none",),),
    "sslverifydepth": (("1",),),
}
_IS_PATH = re.compile("ssl.*(?:file|path)")
_PLAIN_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[^/$]+)+")


def is_misdirected(server: Server, hosts: Hosts, exchange: Exchange, asked: int) -> bool:
    """Tell whether a connection's handshake was for another virtual host, whose TLS isn't that of the one asked.

    Raises Depends where it isn't known.
    """
    request = exchange.request
    name = handshake_name(request, exchange.host)
    if name and name == exchange.host.name:
        return False
    handshake = hosts.handshake(request, name)
    if not name:
        _refuse_strict_check(server, handshake, asked)
    differing = _misdirected_by(server, handshake, asked)
    if differing:
        what, place = differing
        was = request.sni or exchange.host.name
        exchange.say(f"the handshake was for `{was}`, whose virtual host differs in {what}", place)
    return differing is not None


def _misdirected_by(server: Server, handshake: int, asked: int) -> tuple[str, Place] | None:
    """Say in what the virtual host of a handshake and the one that is asked differ, and where that is written.

    None where the request goes on.
    """
    if handshake == asked or MAIN in (handshake, asked):
        return None
    policy = server.main.last("sslvhostsnipolicy")
    says = policy.args[0].strip("\"'").lower() if policy and policy.args else "secure"
    if says == "insecure":
        return None
    if policy and says == "strict":
        return "SSLVHostSNIPolicy strict", policy.place
    names = _OF_CLIENTS if says == "authonly" else _OF_CLIENTS | _OF_CONNECTIONS
    return _difference(server, server.vhosts[handshake].scope, server.vhosts[asked].scope, names)


def _refuse_strict_check(server: Server, handshake: int, asked: int) -> None:
    """Raise Depends where a connection that names no server may be refused."""
    scopes = [server.vhosts[index].scope for index in (handshake, asked) if index != MAIN]
    for scope in (server.main, *scopes):
        said = scope.last("sslstrictsnivhostcheck")
        if said and said.args[:1] and said.args[0].lower() != "off":
            message = "SSLStrictSNIVHostCheck, for a client that names no server"
            raise Depends("option", message, said.place)


def _difference(
    server: Server, handshake: Scope, asked: Scope, names: frozenset[str]
) -> tuple[str, Place] | None:
    """Return the first setting that differs for sure, and its place. Raises Depends where one may."""
    ours, theirs = _merged(server.main, asked), _merged(server.main, handshake)
    if theirs.get("sslverifyclient") == (("require",),):
        raise Depends("authentication", "the certificate that a client shows in the handshake")
    keys = sorted({*ours, *theirs})
    unsure = ""
    for key in keys:
        name = key.partition(" ")[0]
        if name not in names | {_ENGINE} or ours.get(key) == theirs.get(key):
            continue
        if name != _ENGINE and _differ_surely(name, ours.get(key), theirs.get(key)):
            return spelling_of(name), _place_of((asked, handshake, server.main), name)
        unsure = unsure or name
    if not unsure and not all("sslcertificatefile" in settings for settings in (ours, theirs)):
        unsure = "sslcertificatefile"
    if unsure:
        message = f"whether {spelling_of(unsure)} is that of the connection's virtual host"
        raise Depends("option", message, _place_of((asked, handshake, server.main), unsure))
    return None


def _differ_surely(name: str, ours: Values | None, theirs: Values | None) -> bool:
    """Tell whether two settings that aren't written alike aren't the same either."""
    words = [word for values in (*(ours or ()), *(theirs or ())) for word in values]
    if ours and theirs and _IS_PATH.match(name):
        return all(map(_PLAIN_PATH.fullmatch, words))
    return not any("${" in word for word in words)


def _place_of(scopes: Iterable[Scope], name: str) -> Place:
    """Return where the first of the scopes says it that does."""
    found = (scope.last(name) for scope in scopes)
    return next((said.place for said in found if said), NOWHERE)


def _merged(main: Scope, scope: Scope) -> Mapping[str, Values]:
    """Return a virtual host's settings over the main server's, as mod_ssl merges them, without defaults."""
    inherited, own = main.derived(_read), scope.derived(_read)
    merged = {**inherited, **own}
    for name in _ADDED_UP & merged.keys():
        ours, theirs = own.get(name, ()), inherited.get(name, ())
        # The first certificate here replaces the first one there, and so on.
        merged[name] = ours + theirs[len(ours) :] if name in _CERTIFICATES else theirs + ours
    return {name: values for name, values in merged.items() if values != _DEFAULTS.get(name)}


def _read(scope: Scope) -> Mapping[str, Values]:
    """Return what a scope says outside of sections; of most directives the last one holds."""
    found: dict[str, Values] = {}
    for name in _READ & scope.names:
        for placed in scope.named(name):
            if any(parts[0] in CONDITIONS for parts in placed.around):
                message = f"{spelling_of(name)}, which is within an open condition"
                raise Depends("condition", message, placed.directive.place)
            if not placed.around:
                key, values = _normalized(placed)
                found[key] = (*(found.get(key, ()) if key in _ADDED_UP else ()), values)
    return found


def _normalized(placed: PlacedDirective) -> tuple[str, tuple[str, ...]]:
    """Return what a directive sets, and to what: SSLCipherSuite sets one thing for each protocol."""
    name, values = placed.name, placed.values
    if name == "sslciphersuite":
        protocol = values[0].lower() if len(values) > 1 else "ssl"
        return (name if protocol == "ssl" else f"{name} {protocol}"), values[-1:]
    if name == "sslprotocol":
        return name, _versions(values)
    is_switch = name in _DEFAULTS or name == _ENGINE
    return name, tuple(value.lower() for value in values) if is_switch else values


def _versions(words: Iterable[str]) -> tuple[str, ...]:
    """Return the versions that SSLProtocol lets in."""
    allowed: set[str] = set()
    for word in words:
        version = word.lstrip("+-").lower()
        meant = set(_VERSIONS) if version == "all" else {version}
        if word.startswith("-"):
            allowed -= meant
        else:
            allowed = allowed | meant if word.startswith("+") else meant
    return tuple(version for version in _VERSIONS if version in allowed)
