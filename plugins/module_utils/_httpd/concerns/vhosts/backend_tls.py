"""TLS towards the backends of a virtual host: where there is any, whom httpd believes there, and whose name it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...syntax.tree import Directive, Place, Section, Tree
from ...vocabulary.reserved_names import CA_FILE_VARIABLE
from ...vocabulary.url import Url
from ..balancers.model import BalancerModel
from ..contract import Blob
from ..given_contents import blob_word, content_word
from ..ssl.model import SslProxy
from ..write import directive, section
from .vhost_parts import ProxyPassModel

# Without it the log has that a handshake failed, and not why (AH02276, AH02411).
FAILURE_LOG = ("LogLevel", "ssl:info")
# Levels that tell it anyway.
TELLING_LEVELS = ("info", "debug")
TLS_SCHEMES = frozenset({"https", "wss", "h2"})
SYSTEM_AUTHORITIES = f"${{{CA_FILE_VARIABLE}}}"
# Not a <Proxy "https://host/">: that would make a worker before the rule's own, and take its parameters
# (docs/httpd.md#ignored-parameters).
_OVER_TLS = "^(https|wss|h2)://"


@dataclass(frozen=True)
class Backends:
    """What a virtual host's rules ask: anything over TLS, anything in plain, and the balancers that have members of TLS."""

    over_tls: bool = False
    in_plain: bool = False
    balancers: tuple[str, ...] = ()


def backends_of(rules: Iterable[ProxyPassModel], balancers: Iterable[BalancerModel]) -> Backends:
    """Look at what rules ask; a balancer is asked by its members' schemes, and is one of TLS if one of them is."""
    members = {balancer.name: [member.url for member in balancer.members] for balancer in balancers}
    urls = [rule.url for rule in rules if rule.url]
    of_tls = [
        url
        for url in urls
        if url.is_balancer and any(map(_is_tls, members.get(url.host.lower(), ())))
    ]
    return Backends(
        over_tls=bool(of_tls) or any(map(_is_tls, urls)),
        in_plain=any(url not in of_tls and not _is_tls(url) for url in urls),
        balancers=tuple(dict.fromkeys(url.host for url in of_tls)),
    )


def _is_tls(url: Url) -> bool:
    return url.scheme in TLS_SCHEMES


def compile_preserve_host(wanted: bool | None, backends: Backends, place: Place) -> Tree:
    """Write whose name backends are asked for; None keeps the client's for those that speak no TLS.

    httpd asks for the preserved name by SNI and compares the certificate with it (docs/httpd.md#backend-names), so a backend that speaks
    TLS is asked for its own.
    """
    is_on = not backends.over_tls or backends.in_plain if wanted is None else wanted
    whole = directive("ProxyPreserveHost", "On" if is_on else "Off", place=place)
    if wanted is not None or not (backends.over_tls and backends.in_plain):
        return (whole,)
    return (whole, *own_names(backends, place))


def own_names(backends: Backends, place: Place) -> Iterator[Section]:
    """Yield the sections by which backends that speak TLS are asked for their own names."""
    off = (directive("ProxyPreserveHost", "Off", place=place),)
    yield section("ProxyMatch", _OVER_TLS, children=off, place=place)
    if backends.balancers:
        names = "|".join(name.replace(".", "[.]") for name in backends.balancers)
        yield section("ProxyMatch", f"^balancer://({names})(/|$)", children=off, place=place)


def compile_backends_tls(ssl: SslProxy, owner: str, place: Place) -> Iterator[Directive]:
    """Write how backends are asked over TLS: verified, unless that is switched off."""

    def say(name: str, *values: str, key: str) -> Directive:
        return directive(name, *values, place=place.at(f"ssl_proxy.{key}"))

    yield directive("SSLProxyEngine", "On", place=place)
    yield say("SSLProxyVerify", ssl.verify, key="verify")
    if ssl.verify_depth is not None:
        yield say("SSLProxyVerifyDepth", str(ssl.verify_depth), key="verify_depth")
    yield from _authorities(ssl, owner, place)
    if ssl.ca_revocation_file:
        yield say("SSLProxyCARevocationCheck", ssl.ca_revocation_check, key="ca_revocation_check")
        yield say("SSLProxyCARevocationFile", ssl.ca_revocation_file, key="ca_revocation_file")
    yield say("SSLProxyCheckPeerName", _switch(ssl.check_peer_name), key="check_peer_name")
    yield say("SSLProxyCheckPeerExpire", _switch(ssl.check_peer_expire), key="check_peer_expire")
    if ssl.protocol:
        yield say("SSLProxyProtocol", *protocol_words(ssl.protocol), key="protocol")
    if ssl.cipher_suite:
        yield say("SSLProxyCipherSuite", ssl.cipher_suite, key="cipher_suite")
    if ssl.machine_certificate_file:
        yield say(
            "SSLProxyMachineCertificateFile",
            ssl.machine_certificate_file,
            key="machine_certificate_file",
        )
    if ssl.machine_certificate_content:
        key_place = place.at("ssl_proxy.machine_certificate_content")
        word = blob_word(Blob(ssl.machine_certificate_content))
        yield Directive("SSLProxyMachineCertificateFile", (word,), key_place)


def _authorities(ssl: SslProxy, owner: str, place: Place) -> Iterator[Directive]:
    """Yield whom to believe: the system's authorities, where none is named and somebody must be."""
    key_place = place.at("ssl_proxy.ca_certificate_file")
    if ssl.ca_certificate_file:
        yield directive("SSLProxyCACertificateFile", ssl.ca_certificate_file, place=key_place)
    elif ssl.ca_certificate_content:
        word = content_word(owner, ssl.ca_certificate_content)
        key_place = place.at("ssl_proxy.ca_certificate_content")
        yield Directive("SSLProxyCACertificateFile", (word,), key_place)
    elif ssl.verify == "require" and not ssl.ca_certificate_path:
        yield Directive("SSLProxyCACertificateFile", (SYSTEM_AUTHORITIES,), key_place)
    if ssl.ca_certificate_path:
        key_place = place.at("ssl_proxy.ca_certificate_path")
        yield directive("SSLProxyCACertificatePath", ssl.ca_certificate_path, place=key_place)


def protocol_words(protocols: Iterable[str]) -> tuple[str, ...]:
    """Write versions of TLS so that they are the only ones."""
    return ("-all", *(f"+{protocol}" for protocol in protocols))


def _switch(is_on: bool) -> str:
    return "On" if is_on else "Off"
