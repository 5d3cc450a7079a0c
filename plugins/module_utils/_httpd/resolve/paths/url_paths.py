"""How httpd reads the path of a request and writes it for a backend or a Location.

A text is bytes: each character stands for one byte, 0 to 255. Read in server/util.c (ap_normalize_path, ap_unescape_url_ex),
server/request.c and modules/proxy/proxy_util.c (ap_proxy_canonenc_ex).
"""

from __future__ import annotations

import re
import string
from functools import lru_cache

UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
_HEX = frozenset(string.hexdigits)
_ALNUM = frozenset(string.ascii_letters + string.digits)
_URI_SAFE = _ALNUM | frozenset("$-_.+!*'(),:;@&=/~")
_PROXY_SAFE = _ALNUM | frozenset("~$-_.+!*'(),;:@&=/")
_ESCAPE = re.compile("%(..?)?", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x20\x7f]")


def to_bytes_text(text: str) -> str:
    """Return a text with one character for each of its UTF-8 bytes, as httpd compares it."""
    if text.isascii():
        return text
    return text.encode(errors="surrogateescape").decode("latin-1")


def from_bytes_text(text: str) -> str:
    """Return such a text as people read it."""
    if text.isascii():
        return text
    return text.encode("latin-1", errors="replace").decode(errors="replace")


def normalize(path: str, *, merge_slashes: bool) -> str | None:
    """Decode what needn't be encoded, merge slashes, remove dot segments; None for what httpd answers with 400."""
    if "%" in path:
        if any(not _is_escape(found.group()) for found in _ESCAPE.finditer(path)):
            return None
        path = _ESCAPE.sub(_decoded_unreserved, path)
    return without_dots(path, merge_slashes=merge_slashes)


def without_dots(path: str, *, merge_slashes: bool, stays_at_root: bool = False) -> str | None:
    """Merge slashes and remove dot segments; None where that leads above the root, unless it `stays_at_root`."""
    if merge_slashes and "//" in path:
        path = re.sub("//+", "/", path)
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            if not kept and not stays_at_root:
                return None
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def unescape(path: str, slashes: str) -> str | int:
    """Decode a normalised path; `slashes` is Off, On or NoDecode. Returns the status where httpd refuses."""
    if "%" not in path:
        return path
    refused = 0

    def decoded(found: re.Match[str]) -> str:
        nonlocal refused
        character = chr(int(found.group(1), 16))
        if character == "\0" or (character == "/" and slashes == "off"):
            refused = 404
        if character in UNRESERVED or (character == "/" and slashes == "nodecode"):
            return found.group()
        return character

    text = re.sub("%([0-9A-Fa-f]{2})", decoded, path)
    return refused or text


def escape_uri(text: str) -> str:
    """Write a path for a Location, as ap_os_escape_path does."""
    return "".join(
        character if character in _URI_SAFE else f"%{ord(character):02x}" for character in text
    )


@lru_cache(maxsize=4096)
def canonical(path: str, *, keep_encoded_slashes: bool) -> str | None:
    """Write a decoded path for a backend; None where httpd answers with 400."""
    if all(character in _PROXY_SAFE for character in path):
        return path
    written = []
    at = 0
    while at < len(path):
        character = path[at]
        if keep_encoded_slashes and character == "%":
            if not _is_escape(path[at : at + 3]):
                return None
            if path[at : at + 3].lower() == "%2f":
                written.append(path[at : at + 3])
                at += 3
                continue
        written.append(character if character in _PROXY_SAFE else f"%{ord(character):02X}")
        at += 1
    return "".join(written)


def has_controls(text: str) -> bool:
    """Tell whether a text has a blank or a control character, with which httpd forwards nothing."""
    return _CONTROLS.search(text) is not None


def prefix_length(path: str, prefix: str) -> int:
    """Return how many characters of `path` a ProxyPass, Alias or Redirect prefix takes; 0 where it doesn't match.

    A run of slashes stands for any other; a prefix without a slash at its end matches whole segments.
    """
    if "//" not in path and "//" not in prefix:
        return _plain_prefix(path, prefix)
    at = 0
    for piece in re.findall("/+|[^/]+", prefix):
        if piece[0] == "/":
            begin = at
            while at < len(path) and path[at] == "/":
                at += 1
            if at == begin:
                return 0
        elif path.startswith(piece, at):
            at += len(piece)
        else:
            return 0
    return at if _ends_segment(path, at, prefix) else 0


def _plain_prefix(path: str, prefix: str) -> int:
    if not path.startswith(prefix) or not prefix:
        return 0
    return len(prefix) if _ends_segment(path, len(prefix), prefix) else 0


def _ends_segment(path: str, at: int, prefix: str) -> bool:
    return prefix.endswith("/") or at == len(path) or path[at] == "/"


def _is_escape(text: str) -> bool:
    return len(text) == 3 and text[1] in _HEX and text[2] in _HEX


def _decoded_unreserved(found: re.Match[str]) -> str:
    character = chr(int(found.group()[1:], 16))
    return character if character in UNRESERVED else found.group()
