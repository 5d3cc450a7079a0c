"""HTTP/2 over TLS: ciphers that it refuses, and certificates that it can't ask for (tried with httpd 2.4.71 and curl)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import Scope, Server
from ...rule import Finding, rule
from ..helpers.scopes import inherited_value, is_outside, named, sections, values, with_scopes
from .http2_protocols import MOD_HTTP2, is_tls, spoken

# What RFC 9113 leaves of TLS 1.2: authenticated ciphers with ephemeral keys.
_ACCEPTED = re.compile(r"(?:EC)?DHE-.*(?:GCM|CHACHA20|CCM)")
_CIPHER = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+")


@rule(
    "warning",
    source=f"{MOD_HTTP2}#h2moderntlsonly",
    bad="""
        Protocols h2 http/1.1
        SSLEngine on
        SSLCertificateFile /etc/ssl/shop.pem
        SSLHonorCipherOrder on
        SSLCipherSuite ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-GCM-SHA384
    """,
    good="""
        Protocols h2 http/1.1
        SSLEngine on
        SSLCertificateFile /etc/ssl/shop.pem
        SSLHonorCipherOrder on
        SSLCipherSuite ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-SHA384
    """,
)
def http2_cipher_refused(server: Server) -> Iterator[Finding]:
    """The server chooses a cipher that its own HTTP/2 refuses: with TLS 1.2, connections end without a word.

    HTTP/2 is agreed on before the cipher is looked at (AH03052 at LogLevel debug). It takes ECDHE and DHE with GCM,
    CHACHA20 or CCM; one of those must come first, or, where clients choose, be there at all. TLS 1.3 has no others.
    """
    for scope, placed in with_scopes(server, "sslciphersuite"):
        if not is_outside(placed) or not _may_fail(server, scope):
            continue
        ciphers = _ciphers_of_tls12(values(placed))
        if not ciphers or not all(map(_CIPHER.fullmatch, ciphers)):
            continue  # `HIGH:!aNULL` is for OpenSSL to resolve
        is_ordered = inherited_value(server, scope, "sslhonorcipherorder") == "on"
        if not any(map(_ACCEPTED.match, ciphers[:1] if is_ordered else ciphers)):
            message = (
                f"HTTP/2 refuses the cipher {ciphers[0]}, which this server chooses for TLS 1.2"
            )
            fix = "write ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256 before it"
            yield Finding(placed.directive.place, message, fix)


@rule(
    "hint",
    source="https://httpd.apache.org/docs/2.4/howto/http2.html#clientcerts",
    bad="""
        Protocols h2 http/1.1
        SSLEngine on
        SSLCertificateFile /etc/ssl/shop.pem
        <Location /admin>
          SSLVerifyClient require
        </Location>
    """,
    good="""
        Protocols h2 http/1.1
        SSLEngine on
        SSLCertificateFile /etc/ssl/shop.pem
        SSLVerifyClient optional
        <Location /admin>
          Require ssl-verify-client
        </Location>
    """,
)
def http2_renegotiates(server: Server) -> Iterator[Finding]:
    """A path asks for a client's certificate on its own: HTTP/2 can't, so clients must come again with HTTP/1.1.

    httpd answers such a request with HTTP_1_1_REQUIRED. Browsers and curl obey; what speaks HTTP/2 only fails. Ask in the
    virtual host (`optional`), and demand the certificate in the path.
    """
    for scope, placed in with_scopes(server, "sslverifyclient"):
        is_path = not is_outside(placed) and sections(placed)[-1][0] != "proxy"
        asks = "".join(values(placed)[:1]).lower() != "none"
        if is_path and asks and "h2" in spoken(server, scope) and is_tls(server, scope):
            message = f"`SSLVerifyClient {' '.join(values(placed))}` of a path ends HTTP/2 there"
            fix = "write `SSLVerifyClient optional` in the virtual host and `Require ssl-verify-client` here"
            yield Finding(placed.directive.place, message, fix)


def _ciphers_of_tls12(words: tuple[str, ...]) -> list[str]:
    """Return what an SSLCipherSuite lists, a security level left out; nothing where it is of TLS 1.3."""
    if not words or (len(words) > 1 and words[0].upper() != "SSL"):
        return []
    return [word for word in words[-1].split(":") if not word.startswith("@")]


def _may_fail(server: Server, scope: Scope) -> bool:
    """Tell whether HTTP/2 meets TLS 1.2 here, and minds."""
    if "h2" not in spoken(server, scope) or not is_tls(server, scope):
        return False
    if inherited_value(server, scope, "h2moderntlsonly") == "off":
        return False
    placed = named(scope, "sslprotocol") or named(server.main, "sslprotocol")
    words = [word.lower() for word in values(placed[-1])] if placed else ["all"]
    return "-tlsv1.2" not in words and not {"all", "+all", "tlsv1.2", "+tlsv1.2"}.isdisjoint(words)
