"""What mod_rewrite takes for a URL, and for one of its own. Read in modules/mappers/mod_rewrite.c."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..exchange import Exchange
from ..hosts import glob
from ..paths.url_paths import escape_uri
from .rewrite_rules import RewriteRule

# Schemes of an absolute URL, and of those the ones that take a query.
_ABSOLUTE = re.compile(
    r"(?:ajp|balancer|ftp|fcgi|gopher|https?|h2c?|ldap|nntp|scgi|wss?)://|mailto:|news:|unix:(?://)?", re.IGNORECASE
)  # fmt: skip
WITHOUT_QUERY = ("ftp:", "gopher:", "ldap:", "nntp:", "news:")
_SHORTEST_ABSOLUTE = 6


def is_own(exchange: Exchange, host: str, port: int) -> bool:
    """Tell whether a name and port are those of the virtual host that answers."""
    vhost = exchange.site.vhost
    if vhost is None:
        return host == exchange.site.name and port == exchange.site.port
    if any(address.port in (0, port) and address.host == host for address in vhost.addresses):
        return True
    names = (exchange.site.name, *vhost.server_aliases)
    return port == exchange.site.port and any(glob(host, name) for name in names if name)


def absolute_length(text: str) -> int:
    """Return the length of a URL's beginning that httpd takes for one, 0 for none."""
    if len(text) < _SHORTEST_ABSOLUTE or text.startswith("/"):
        return 0
    found = _ABSOLUTE.match(text)
    return found.end() if found else 0


def escape_absolute(url: str, length: int) -> str:
    """Escape what follows the host."""
    if url[length - 1] != "/":
        return url[:length] + escape_uri(url[length:])
    slash = url.find("/", length)
    return url if slash < 0 else url[: slash + 1] + escape_uri(url[slash + 1 :])


def escape_of(rule: RewriteRule) -> Callable[[str], str] | None:
    """Return how the flag B escapes what `$1` stands for."""
    if "B" not in rule.flags:
        return None

    def escape(value: str) -> str:
        written = []
        for character in value:
            if (
                (rule.escaped and character not in rule.escaped)
                or (character.isascii() and character.isalnum())
                or character == "_"
            ):
                written.append(character)
            elif character == " " and "BNP" not in rule.flags:
                written.append("+")
            else:
                written.append(f"%{ord(character):02x}")
        return "".join(written)

    return escape
