"""TLS towards backends as `ssl_proxy`, and whose name they are asked for: what compiling writes again is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...concerns.ssl.model import PROTOCOLS, SslProxy
from ...concerns.vhosts.backend_tls import (
    FAILURE_LOG,
    SYSTEM_AUTHORITIES,
    TELLING_LEVELS,
    Backends,
    own_names,
)
from ...reading.server import Scope
from ...syntax.condition_sections import CONDITIONS
from ...syntax.quoting import Refused
from ...syntax.tree import NOWHERE, Directive, Section, Tree
from ...variables.models import kind_of
from ...vocabulary.layout import DEBIAN
from .implied_lift import last_value, place_of
from .vhost_body import Body, Leftover, Plain, accepted, not_lifted, values_of

Words = tuple[str, ...]

_ENGINE_OFF = "it was off, so each request to an https backend failed; it will be on"
_NO_AUTHORITY = "none was named, so each request to an https backend failed; the system's will do"
_AUTHORITIES = ("ca_certificate_file", "ca_certificate_path")
_CHECKS = ("verify", "check_peer_name", "check_peer_expire")
_REVOCATION = ("ca_revocation_file", "ca_revocation_check")


def lift_backends_tls(body: Body, backends: Backends, main: Scope) -> tuple[Plain, list[Leftover]]:
    """Take what `ssl_proxy` says; return that, and what changes. What it can't say is written behind it, and so holds."""
    if not backends.over_tls:
        return {}, []
    lifted: Plain = {"verify": "none"}  # what httpd does without a word
    # Of a list that nobody looks at, and of a look without a list, nothing can be said.
    has_revocation = all(body.directives(_KEYS[key][0]) for key in _REVOCATION)
    for keys in ((key,) for key in _KEYS if key not in _REVOCATION):
        lifted.update(_lift(body, keys, main, is_verified=lifted["verify"] == "require"))
    if has_revocation:
        lifted.update(_lift(body, _REVOCATION, main, is_verified=False))
    changes = [*_take_engine(body, main), *_take_authorities(body, lifted)]
    said = {key: value for key, value in lifted.items() if value != getattr(SslProxy(), key)}
    return said, changes


def take_failure_log(body: Body) -> int | None:
    """Take the LogLevel by which failures are logged, where it holds; return its index."""
    name, value = FAILURE_LOG
    found = body.directives(name)
    if not found or values_of(found[-1][1]) != (value,):
        return None
    body.taken.add(found[-1][0])
    return found[-1][0]


def lift_failure_log(body: Body, backends: Backends, taken: int | None, log_level: str) -> Plain:
    """Say whether failures were logged; what was taken for nothing is given back."""
    is_readable = not body.directives(FAILURE_LOG[0])
    if taken is not None and not (backends.over_tls and is_readable):
        body.taken.discard(taken)
        taken = None
    is_implied = not backends.over_tls or log_level in TELLING_LEVELS or taken is not None
    return {} if is_implied else {"log_failures": False}


def lift_preserve_host(body: Body, backends: Backends, *, inherited: bool, proxies: bool) -> Plain:
    """Take ProxyPreserveHost; without one, say what httpd does where the virtual host proxies."""
    found = body.directives("ProxyPreserveHost")
    values = [values_of(directive) for _index, directive in found]
    is_on = inherited
    if all(len(value) == 1 and value[0].lower() in ("on", "off") for value in values):
        body.take_last(found)
        is_on = values[-1][0].lower() == "on" if values else inherited or not proxies
    if not (backends.over_tls and backends.in_plain):
        return {} if is_on != backends.over_tls else {"proxy_preserve_host": is_on}
    if is_on and _take_sections(body, tuple(own_names(backends, NOWHERE))):
        return {}
    return {"proxy_preserve_host": is_on}


def _lift(body: Body, keys: tuple[str, ...], main: Scope, *, is_verified: bool) -> Plain:
    """Take the directives of keys that go together; where compiling writes one in any case, an inherited one counts."""
    found = {key: body.directives(_KEYS[key][0]) for key in keys}
    lifted: Plain = {}
    try:
        for key in keys:
            name, read = _KEYS[key]
            directives = [directive for _index, directive in found[key]]
            if not directives and (key in _CHECKS or (key in _AUTHORITIES and is_verified)):
                directives = _inherited(main, name)
            values = [_read(key, read(values_of(directive))) for directive in directives]
            lifted.update([(key, value) for value in values[-1:]])
    except Refused as refused:
        for several in found.values():
            body.keep([index for index, _directive in several], refused.message)
        return {}
    for several in found.values():
        body.take_last(several)
    return lifted


def _read(key: str, raw: Any) -> Any:
    """Read a value as the variables' own door does. Raises Refused."""
    if raw == SYSTEM_AUTHORITIES:
        return raw
    value = accepted(kind_of(SslProxy, key), raw)
    return list(value) if isinstance(value, tuple) else value


def _inherited(main: Scope, name: str) -> list[Directive]:
    """Return what the main server says for all."""
    return [
        placed.directive
        for placed in main.named(name.lower())
        if all(parts[0] in CONDITIONS for parts in placed.around)
    ]


def _take_engine(body: Body, main: Scope) -> Iterator[Leftover]:
    """Take the switch of it all."""
    found = body.directives("SSLProxyEngine")
    own = "".join(values_of(found[-1][1])).lower() if found else ""
    if (own or last_value(main, "SSLProxyEngine")) == "on":
        body.take_last(found)
    elif found:
        body.keep([index for index, _directive in found], "Gatehouse would write on")
    else:
        yield Leftover(place_of(body), "SSLProxyEngine", "changed", _ENGINE_OFF)


def _take_authorities(body: Body, lifted: Plain) -> Iterator[Leftover]:
    """Leave out the system's authorities, which are believed where nobody else is named."""
    is_verified, file = lifted["verify"] == "require", lifted.get("ca_certificate_file", "")
    has_path = "ca_certificate_path" in lifted
    if file == SYSTEM_AUTHORITIES and has_path:
        lifted["ca_certificate_file"] = DEBIAN.ca_file
    elif file == SYSTEM_AUTHORITIES or (file == DEBIAN.ca_file and is_verified and not has_path):
        del lifted["ca_certificate_file"]
    elif is_verified and not file and not has_path:
        yield Leftover(place_of(body), "SSLProxyCACertificateFile", "changed", _NO_AUTHORITY)


def _take_sections(body: Body, wanted: Tree) -> bool:
    """Take the sections that compiling writes, if all of them are there; tell whether they were."""
    found = [index for index, section in body.sections("ProxyMatch") if _is_in(section, wanted)]
    if len(found) != len(wanted):
        return False
    body.taken |= set(found)
    return True


def _is_in(section: Section, wanted: Tree) -> bool:
    """Tell whether a section says what one of Gatehouse's says."""
    return any(
        isinstance(one, Section)
        and values_of(one) == values_of(section)
        and list(map(_said, one.children)) == list(map(_said, section.children))
        for one in wanted
    )


def _said(node: object) -> tuple[str, ...]:
    if not isinstance(node, Directive):
        return ()
    return (node.name.lower(), *map(str.lower, values_of(node)))


def _single(words: Words) -> str:
    """Return the only word. Raises Refused."""
    if len(words) != 1:
        raise not_lifted("no variable says it with other than one value")
    return words[0]


def _lower(words: Words) -> str:
    return _single(words).lower()


def _protocols(words: Words) -> list[str]:
    """Return the versions of TLS that are named one by one. Raises Refused."""
    names = {name.lower(): name for name in PROTOCOLS}
    first, *rest = (word.lower() for word in words or ("",))
    named = [first] if not rest else [word.removeprefix("+") for word in rest]
    is_list = not rest or (first == "-all" and all(word.startswith("+") for word in rest))
    if not is_list or any(name not in names for name in named):
        raise not_lifted("`ssl_proxy.protocol` is a list of versions, nothing else")
    return [names[name] for name in named]


_KEYS: dict[str, tuple[str, Callable[[Words], Any]]] = {
    "verify": ("SSLProxyVerify", _lower),
    "verify_depth": ("SSLProxyVerifyDepth", _single),
    "ca_certificate_file": ("SSLProxyCACertificateFile", _single),
    "ca_certificate_path": ("SSLProxyCACertificatePath", _single),
    "ca_revocation_file": ("SSLProxyCARevocationFile", _single),
    "ca_revocation_check": ("SSLProxyCARevocationCheck", _lower),
    "check_peer_name": ("SSLProxyCheckPeerName", _lower),
    "check_peer_expire": ("SSLProxyCheckPeerExpire", _lower),
    "machine_certificate_file": ("SSLProxyMachineCertificateFile", _single),
    "protocol": ("SSLProxyProtocol", _protocols),
    "cipher_suite": ("SSLProxyCipherSuite", _single),
}
