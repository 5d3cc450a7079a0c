"""HTTP/2: what the whole server says of it, and which protocols each virtual host speaks."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.tree import Directive, Node, Place, Section, Tree
from ...vocabulary.first_versions import NEW_DIRECTIVES, OLDEST
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..write import block, directive
from .model import Http2

HTTP1 = "http/1.1"
CHALLENGE = "acme-tls/1"
PREFERENCE = ("h2", "h2c", HTTP1)  # by httpd's default the server chooses, and takes its first

_LIMITS = {
    "max_session_streams": "H2MaxSessionStreams",
    "window_size": "H2WindowSize",
    "min_workers": "H2MinWorkers",
    "max_workers": "H2MaxWorkers",
    "max_worker_idle_seconds": "H2MaxWorkerIdleSeconds",
    "stream_max_mem_size": "H2StreamMaxMemSize",
    "stream_timeout": "H2StreamTimeout",
    "max_header_block_len": "H2MaxHeaderBlockLen",
    "max_stream_errors": "H2MaxStreamErrors",
    "max_data_frame_len": "H2MaxDataFrameLen",
    "tls_warm_up_size": "H2TLSWarmUpSize",
    "tls_cool_down_secs": "H2TLSCoolDownSecs",
}
_SWITCHES = {
    "push": "H2Push",
    "early_hints": "H2EarlyHints",
    "websockets": "H2WebSockets",
    "output_buffering": "H2OutputBuffering",
}


def compile_http2(inventory: Inventory) -> Tree:
    """Write the limits of HTTP/2, which hold for the whole server; nothing where it isn't spoken."""
    http2 = inventory.http2
    if http2 is None or not http2.enabled:
        return ()
    return block(http2.place, *_settings(http2))[1:]


def spoken(vhost: Vhost, inventory: Inventory) -> tuple[str, ...]:
    """Return what a virtual host speaks, best first; nothing where that is left to httpd.

    Once `apache_http2` is there, every virtual host says it: Debian's http2.conf has `Protocols h2 h2c http/1.1` for all.
    """
    http2 = inventory.http2
    if http2 is None:
        return ()
    if vhost.ssl is not None:
        return ("h2", HTTP1) if http2.enabled else (HTTP1,)
    return ("h2c", HTTP1) if http2.enabled and http2.cleartext else (HTTP1,)


def compile_protocols(vhost: Vhost, inventory: Inventory) -> Iterator[Directive]:
    """Write what a virtual host speaks; an authority that proves its names over TLS speaks a protocol of its own."""
    words = spoken(vhost, inventory)
    place = inventory.http2.place if inventory.http2 else vhost.place
    is_managed = vhost.ssl is not None and vhost.ssl.certificate == "managed"
    if is_managed and "tls-alpn-01" in inventory.acme.challenges:
        words, place = (*(words or (HTTP1,)), CHALLENGE), vhost.place.at("ssl")
    if words:
        yield directive("Protocols", *words, place=place)


def compile_plain_protocols(inventory: Inventory) -> Iterator[Directive]:
    """Write what is spoken where there is nothing but a redirect to TLS."""
    if inventory.http2 is not None:
        yield directive("Protocols", HTTP1, place=inventory.http2.place)


def _settings(http2: Http2) -> Iterator[Node]:
    """Yield each setting that isn't httpd's own."""
    for key, name in _LIMITS.items():
        limit: int | None = getattr(http2, key)
        if limit is not None:
            yield _where_known(name, str(limit), http2.place.at(key))
    for key, name in _SWITCHES.items():
        is_on: bool | None = getattr(http2, key)
        if is_on is not None:
            yield _where_known(name, "On" if is_on else "Off", http2.place.at(key))


def _where_known(name: str, value: str, place: Place) -> Node:
    """Write a setting; what some supported httpd doesn't know stands under its version."""
    written = directive(name, value, place=place)
    since = NEW_DIRECTIVES.get(name.lower(), OLDEST)
    if since <= OLDEST:
        return written
    version = ".".join(map(str, since))
    return Section("IfVersion", (">=", version), (written,), place)
