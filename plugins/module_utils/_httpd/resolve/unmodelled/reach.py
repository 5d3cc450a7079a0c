"""Which requests a directive that isn't modelled reaches, by the names of vocabulary/effects/directive_effects.py.

Each is asked with the directive, the request on its way, and what would be decided without the directive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..blocks import Setting
from ..exchange import Exchange
from ..request import Decision
from .file_sections import index_names

Reach = Callable[[Setting, Exchange, Decision], bool]


def _says(setting: Setting, *words: str) -> bool:
    """Tell whether the first value is one of these."""
    return bool(setting.values) and setting.values[0].lower() in words


def _is_itself(_setting: Setting, _exchange: Exchange, decision: Decision) -> bool:
    return decision.action == "local"


def _has_its_extension(setting: Setting, exchange: Exchange, decision: Decision) -> bool:
    """AddHandler: a file's name has one of the extensions, or httpd may choose the file.

    It chooses an index in a directory, and with MultiViews a file for a name without extension; not for maps of types.
    """
    if decision.action != "local":
        return False
    handler, *extensions = (value.lower() for value in setting.values or ("",))
    path = f"{exchange.filename}/{exchange.uri}".lower()
    names = [path.rpartition("/")[2], *(index_names(exchange) if path.endswith("/") else ())]
    parts = {part for name in (path, *names) for part in re.split("[./]", name.lower())}
    if exchange.site.chooses_files or "$" in path:
        return True
    if handler != "type-map" and "." not in names[0]:
        return True
    return any(extension.lstrip(".") in parts for extension in extensions)


def _is_proxied(_setting: Setting, _exchange: Exchange, decision: Decision) -> bool:
    return decision.action == "proxy"


def _is_absolute(exchange: Exchange) -> bool:
    return not exchange.request.target.startswith("/")


def _allows_otherwise(setting: Setting, exchange: Exchange, _decision: Decision) -> bool:
    """AllowMethods: the request's method isn't plainly among them; HEAD is GET."""
    method = "GET" if exchange.request.method == "HEAD" else exchange.request.method
    plain = all(value[:1] not in "+-" for value in setting.values)
    return not (plain and method in {value.upper() for value in setting.values}) and not _says(
        setting, "reset"
    )


def _number(setting: Setting) -> int:
    """Return a limit; one that can't be read is the tightest."""
    value = setting.values[0] if setting.values else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 15 else 0


def _has_longer_body(setting: Setting, exchange: Exchange, decision: Decision) -> bool:
    """A limit on bodies reaches a longer one, and one that doesn't say how long it is."""
    if setting.name == "limitrequestbody" and decision.action == "proxy":
        return False
    length = exchange.request.headers.get("content-length", "0")
    is_number = length.isascii() and length.isdigit()
    is_long = not is_number or int(length[:15]) > _number(setting) > 0
    return is_long or "transfer-encoding" in exchange.request.headers


def _is_cached(setting: Setting, exchange: Exchange, _decision: Decision) -> bool:
    """CacheEnable with a path reaches what is below it, of what can be kept."""
    url = setting.values[1] if len(setting.values) > 1 else "/"
    is_below = not url.startswith("/") or exchange.request.path.startswith(url)
    return is_below and exchange.request.method in ("GET", "HEAD")


def _is_changed(setting: Setting, _exchange: Exchange, decision: Decision) -> bool:
    """Header reaches a redirect where it is about its Location."""
    names = [value.rstrip(":").lower() for value in setting.values[1:3]]
    return decision.action == "redirect" and "location" in names


def _has_named_header(setting: Setting, exchange: Exchange, _decision: Decision) -> bool:
    return any(value.lower() in exchange.request.headers for value in setting.values[:1])


def _is_below_its_path(setting: Setting, exchange: Exchange, _decision: Decision) -> bool:
    return exchange.request.path.startswith(setting.values[:1])


def _is_at_its_url(setting: Setting, exchange: Exchange, _decision: Decision) -> bool:
    """A module answers a URL itself, which may lack its scheme and host."""
    url = setting.values[0] if setting.values else ""
    path = url if url.startswith("/") else "/" + "/".join(url.split("/")[3:])
    return exchange.request.path.startswith(path.partition("?")[0])


def _is_below(path: str) -> Reach:
    return lambda _setting, exchange, _decision: exchange.request.path.startswith(path)


REACHES: Mapping[str, Reach] = {
    "every": lambda _setting, _exchange, _decision: True,
    "every unless off, anywhere": lambda setting, _exchange, _decision: not _says(setting, "off"),
    "every unless off": lambda setting, _exchange, _decision: not _says(setting, "off"),
    "absolute target unless off": lambda setting, exchange, _decision: (
        not _says(setting, "off") and _is_absolute(exchange)
    ),
    "itself": _is_itself,
    "itself, by its extensions": _has_its_extension,
    "itself unless none": lambda setting, exchange, decision: (
        not _says(setting, "none") and _is_itself(setting, exchange, decision)
    ),
    "user's directory": lambda setting, exchange, decision: (
        not _says(setting, "disabled")
        and _is_itself(setting, exchange, decision)
        and exchange.uri.startswith("/~")
    ),
    "method": _allows_otherwise,
    "trace": lambda _setting, exchange, _decision: exchange.request.method == "TRACE",
    "long body": _has_longer_body,
    "no host": lambda _setting, exchange, _decision: not exchange.request.host,
    "cached": _is_cached,
    "cookie": lambda _setting, exchange, _decision: "cookie" in exchange.request.headers,
    "named header": _has_named_header,
    "redirect": _is_changed,
    "proxied": _is_proxied,
    "proxied, unless on": lambda setting, exchange, decision: (
        not _says(setting, "on") and _is_proxied(setting, exchange, decision)
    ),
    "at its URL": _is_at_its_url,
    "below its path": _is_below_its_path,
    "plain http": lambda setting, exchange, _decision: (
        not _says(setting, "off") and exchange.request.scheme == "http"
    ),
    "tls": lambda _setting, exchange, _decision: exchange.request.scheme == "https",
    "tls unless none": lambda setting, exchange, _decision: (
        not _says(setting, "none") and exchange.request.scheme == "https"
    ),
    "challenge": lambda _setting, exchange, _decision: exchange.request.path.startswith(
        ("/.well-known/acme-challenge/", "/.httpd/certificate-status")
    ),
    "certificate status": _is_below("/.httpd/certificate-status"),
}
# A section's doesn't hold for every phase; of the server's own the last one does.
LAST_OF_SERVER = frozenset({"every unless off, anywhere"})
# Of these the directive that holds decides, not each that stands somewhere.
LAST_HOLDS = frozenset({
    "proxied, unless on", "every unless off", "absolute target unless off", "itself unless none", "method", "trace", "plain http", "tls unless none",
})  # fmt: skip
