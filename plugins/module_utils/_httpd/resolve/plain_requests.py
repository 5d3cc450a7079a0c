"""Requests as people write them, and decisions as they read them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from ..syntax.quoting import Refused
from .paths.url_paths import from_bytes_text, to_bytes_text
from .request import Decision, Request

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[^\]/?#]*\]|[^:/?#@]*)(?::(?P<port>[0-9]{1,5}))?(?P<target>[/?][^#]*)?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(r"[\0-\x1f\x7f]")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_METHOD = re.compile(r"[A-Z]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def read_request(
    url: Any,
    *,
    method: Any = "GET",
    headers: Any = None,
    address: Any = "",
    client: Any = "",
) -> Request:
    """Read a URL and what goes with it, texts all. `address` is the one that the client connects to. Raises Refused.

    Blanks and characters that aren't ASCII are sent encoded, as a browser does.
    """
    url, method = _text("url", url), _text("method", method)
    found = _URL.fullmatch(url) if not _CONTROL.search(url) else None
    if not found or not found.group("host"):
        message = f"{_shown(url)} is no URL of a web server"
        raise Refused(message, "write https://HOST[:PORT]/PATH")
    if not _METHOD.fullmatch(method):
        raise Refused(f"{_shown(method)} is no method", "write GET")
    scheme = found.group("scheme").lower()
    port = int(found.group("port") or _DEFAULT_PORTS[scheme])
    if not 0 < port < 65536:
        raise Refused(
            f"{_shown(url)} has no port between 1 and 65535", "write a port from 1 to 65535"
        )
    shown = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    sent = _headers({} if headers is None else headers)
    host = sent.pop("host", f"{found.group('host')}{shown}")
    target = found.group("target") or "/"
    return Request(
        target=_encoded(target if target.startswith("/") else f"/{target}"),
        host=host,
        method=method,
        scheme=scheme,
        port=port,
        address=_address("address", address),
        client=_address("client", client),
        sni=found.group("host") if scheme == "https" else "",
        headers=sent,
    )


def _text(name: str, value: Any) -> str:
    """Return a text, or a number's."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Refused(f"{name} is {value!r}, which is no text", "write it in quotes")
    return str(value)


def _shown(text: str) -> str:
    """Write a text into a message, of one line whatever it has."""
    return f'"{text}"' if text.isprintable() else repr(text)


def _address(name: str, value: Any) -> str:
    """Return an IP address; nothing where none is given."""
    address = _text(name, value)
    try:
        return str(ipaddress.ip_address(address.strip("[]"))) if address else ""
    except ValueError:
        raise Refused(
            f"{name} is {_shown(address)}, which is no IP address", "write 10.0.0.1"
        ) from None


def _headers(headers: Any) -> dict[str, str]:
    """Return headers' bytes by their names in lower case."""
    if not isinstance(headers, Mapping):
        message = f"headers is {headers!r}, which is no mapping"
        raise Refused(message, "write `NAME: value` pairs")
    sent = {str(name): _text(f"header {name}", value) for name, value in headers.items()}
    for name, value in sent.items():
        if not _HEADER.fullmatch(name) or _CONTROL.search(value.replace("\t", "")):
            message = (
                f"a request can't have the header {_shown(name)} with the value {_shown(value)}"
            )
            raise Refused(
                message, "write a name of letters, digits and `-`, and a value of one line"
            )
    return {name.lower(): to_bytes_text(value) for name, value in sent.items()}


def _encoded(target: str) -> str:
    return "".join(
        character if "!" <= character <= "~" else f"%{ord(character):02X}"
        for character in to_bytes_text(target)
    )


def to_plain(decision: Decision) -> dict[str, Any]:
    """Return a decision as plain data; `explanation` is what people read, line by line."""
    plain: dict[str, Any] = {
        "action": decision.action,
        "vhost": decision.vhost,
        "status": decision.status,
        "worker": decision.worker,
        "members": list(decision.members),
        "url": decision.url,
        "location": decision.location,
        "handler": decision.handler,
        "cause": decision.cause,
        "headers": dict(decision.headers),
        "open_headers": dict(decision.open_headers),
        "timeouts": dict(decision.timeouts),
        "reasons": [str(reason) for reason in decision.reasons],
        "explanation": explanation(decision),
    }
    return {key: _readable(value) for key, value in plain.items()}


def explanation(decision: Decision) -> list[str]:
    """Return the decision, then each step to it."""
    lines = [_outcome(decision)]
    if decision.action == "proxy":
        if decision.members:
            lines.append(f"members: {', '.join(decision.members)}")
        lines += [_header(name, value) for name, value in decision.headers.items()]
        lines += [
            f"the backend may see {name}, by {why}: ask the server"
            for name, why in decision.open_headers.items()
        ]
        lines += [f"{name}: {_seconds(value)}" for name, value in decision.timeouts.items()]
    return [*lines, "because", *(f"  {reason}" for reason in decision.reasons)]


def _header(name: str, value: str) -> str:
    return f"the backend sees {name}: {value}" if value else f"the backend doesn't see {name}"


def _outcome(decision: Decision) -> str:
    """Return the decision in a line."""
    if decision.action == "proxy":
        return f"proxied by {decision.worker}, which asks {decision.url}"
    if decision.action == "redirect":
        return f"redirected ({decision.status}) to {decision.location}"
    if decision.action == "denied":
        return f"answered by httpd with {decision.status or 'nothing: no connection'}"
    if decision.action == "local":
        return f"answered by httpd itself{f', by the handler {decision.handler}' if decision.handler else ', from its files'}"
    return f"depends on what reading can't know ({decision.cause}): ask the server"


def _seconds(value: str) -> str:
    return f"{value} s" if value.isascii() and value.isdigit() else value


def _readable(value: Any) -> Any:
    """Return bytes as text, at whatever depth."""
    if isinstance(value, str):
        return from_bytes_text(value)
    if isinstance(value, list):
        return [_readable(element) for element in value]
    if isinstance(value, dict):
        return {key: _readable(element) for key, element in value.items()}
    return value
