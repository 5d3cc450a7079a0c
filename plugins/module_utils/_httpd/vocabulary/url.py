"""URLs of proxy targets, as ProxyPass and BalancerMember take them."""

from __future__ import annotations

import ipaddress
import re

from ..syntax.quoting import Refused
from ..syntax.record import record
from .address import is_broken_ipv4

DEFAULT_PORTS = {
    "http": 80, "https": 443, "ws": 80, "wss": 443, "h2c": 80, "h2": 443,
    "ajp": 8009, "fcgi": 8000, "scgi": 4000, "uwsgi": 3031, "ftp": 21,
}  # fmt: skip
SCHEMES = (*DEFAULT_PORTS, "balancer")

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)")
_AUTHORITY = re.compile(
    r"(?:(?P<user>[^@/]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/?#\[\]@]*)(?::(?P<port>[^/?#]*))?"
)
_HOST_AND_MORE = re.compile(r"[A-Za-z0-9_.-]+(:[0-9]+)?(/[^\s?#`]*)?")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?")


@record(frozen=True)
class Url:
    """A target: `scheme://host:port/path`; `socket` is the path of a UNIX socket in front of it.

    `port` is 0 where the URL names none; `path` is empty where it has none.
    """

    scheme: str
    host: str
    port: int = 0
    path: str = ""
    socket: str = ""

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        text = f"{self.scheme}://{self.host}{port}{self.path}"
        return f"unix:{self.socket}|{text}" if self.socket else text

    @property
    def is_balancer(self) -> bool:
        """Tell whether the target is a balancer by name."""
        return self.scheme == "balancer"

    @property
    def effective_port(self) -> int:
        """The port that httpd connects to."""
        return self.port or DEFAULT_PORTS.get(self.scheme, 0)


def parse_url(text: str) -> Url:
    """Read a target. Raises Refused, with the URL and what to write instead."""
    socket, rest = _split_socket(text)
    match = _URL.fullmatch(rest)
    if not match or match.group("scheme").lower() not in SCHEMES:
        if _HOST_AND_MORE.fullmatch(text):
            others = ", ".join(sorted({*SCHEMES} - {"http"}))
            fix = f"write http://{text} (or another of {others})"
            raise Refused(f'"{text}" has no scheme', fix)
        known = ", ".join(sorted(SCHEMES))
        message = f'"{text}" has no scheme that httpd proxies ({known})'
        raise Refused(message, "write http://HOST[:PORT]/")
    scheme, rest = match.group("scheme").lower(), match.group("rest")
    if not rest.startswith("//"):
        raise Refused(f'"{text}" has no host', f"write {scheme}://HOST[:PORT]/")
    authority = _AUTHORITY.match(rest[2:])
    if authority is None or not authority.group("host"):
        raise Refused(f'"{text}" has no host', f"write {scheme}://HOST[:PORT]/")
    path = rest[2 + authority.end() :]
    host = authority.group("host")
    _refuse_odd_parts(text, authority, path)
    return Url(scheme, host, _port(text, authority.group("port")), path, socket)


def _split_socket(text: str) -> tuple[str, str]:
    """Split `unix:/path|http://name/` into the socket's path and the URL."""
    if not text.lower().startswith("unix:"):
        return "", text
    socket, separator, rest = text[len("unix:") :].partition("|")
    if not separator or not socket.startswith("/"):
        raise Refused(f'"{text}" is no socket', "write unix:/PATH|http://NAME/")
    return socket, rest


def _refuse_odd_parts(text: str, authority: re.Match[str], path: str) -> None:
    """Refuse what httpd would take literally, or against the writer's meaning."""
    if authority.group("user") is not None:
        raise Refused(f'"{text}" has a user name, which httpd would send to DNS', "leave it out")
    if not _is_host(authority.group("host")):
        raise Refused(f'"{text}" has no valid host name', "write a name, an address or [IPv6]")
    if path and not path.startswith("/"):
        message = f'"{text}" has `{path}` after its host'
        raise Refused(message, "write a path that begins with /")
    if re.search(r"[\s?#]", path):
        message = f'"{text}" has a blank, `?` or `#` in its path, which httpd would encode'
        raise Refused(message, "write a path without them")


def _is_host(host: str) -> bool:
    """Tell whether httpd can look a host up: a name, or an address that is one."""
    if not host.startswith("["):
        return _HOST.fullmatch(host) is not None and not is_broken_ipv4(host)
    try:
        ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        return False
    return True


def _port(text: str, port: str | None) -> int:
    """Return the port, 0 for none."""
    if port is None:
        return 0
    if not re.fullmatch("[0-9]{1,9}", port) or not 0 < int(port) < 65536:
        raise Refused(f'"{text}" has no port between 1 and 65535', "write a port from 1 to 65535")
    return int(port)
