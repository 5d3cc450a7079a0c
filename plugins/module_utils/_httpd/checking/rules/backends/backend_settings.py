"""Settings of TLS towards backends with which httpd doesn't start, or that change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Server
from ...rule import Finding, rule
from ..clients.tls_strength import MOD_SSL, allowed_protocols
from ..helpers.backend_urls import VERIFIED_BACKEND, has_engine, has_own_engine
from ..helpers.scopes import has, inherited_value, is_incomplete, values, with_scopes, written

_LISTS = ("sslproxycarevocationfile", "sslproxycarevocationpath")
_SHOWN = ("sslproxymachinecertificatefile", "sslproxymachinecertificatepath")


@rule(
    "error",
    source=f"{MOD_SSL}#sslproxycarevocationcheck",
    bad=f"{VERIFIED_BACKEND}    SSLProxyCARevocationCheck chain\n",
    good=f"{VERIFIED_BACKEND}    SSLProxyCARevocationCheck chain\n    SSLProxyCARevocationFile /etc/ssl/backends.crl\n",
)
def backend_revocation_list_missing(server: Server) -> Iterator[Finding]:
    """Revoked certificates are to be refused, and no list of them is named: httpd doesn't start (AH01899)."""
    for scope, placed in with_scopes(server, "sslproxycarevocationcheck"):
        is_asked = "".join(values(placed)[:1]).lower() in ("chain", "leaf")
        is_named = has(scope, *_LISTS) or has(server.main, *_LISTS)
        is_whole = not is_incomplete(server, scope)
        if is_asked and not is_named and is_whole and has_engine(server, scope):
            message = f"`{written(placed)}` has no SSLProxyCARevocationFile to look into"
            yield Finding(
                placed.directive.place, message, "name the file of the list, or write `none`"
            )


@rule(
    "warning",
    source=f"{MOD_SSL}#sslproxycarevocationcheck",
    bad=f"{VERIFIED_BACKEND}    SSLProxyCARevocationFile /etc/ssl/backends.crl\n",
    good=f"{VERIFIED_BACKEND}    SSLProxyCARevocationFile /etc/ssl/backends.crl\n    SSLProxyCARevocationCheck chain\n",
)
def backend_revocation_unchecked(server: Server) -> Iterator[Finding]:
    """A list of revoked certificates is named and not used: SSLProxyCARevocationCheck is `none`."""
    for scope, placed in with_scopes(server, *_LISTS):
        check = inherited_value(server, scope, "sslproxycarevocationcheck")
        if check in ("", "none") and not is_incomplete(server, scope):
            message = f"`{written(placed)}` is never used: SSLProxyCARevocationCheck is `none`"
            fix = "add `SSLProxyCARevocationCheck chain`"
            yield Finding(placed.directive.place, message, fix)


@rule(
    "warning",
    source=f"{MOD_SSL}#sslproxymachinecertificatefile",
    bad="""
        SSLProxyMachineCertificateFile /etc/ssl/private/proxy.pem
        ProxyPass / http://app.example.com/
    """,
    good=f"{VERIFIED_BACKEND}    SSLProxyMachineCertificateFile /etc/ssl/private/proxy.pem\n",
)
def machine_certificate_unused(server: Server) -> Iterator[Finding]:
    """A certificate to show backends is named where none is asked over TLS, so no backend will see it.

    The file needs the certificate and its key, without a passphrase: with one, httpd doesn't start (AH02252); without a
    key it starts, and shows nothing (AH02206).
    """
    for scope, placed in with_scopes(server, *_SHOWN):
        is_shared = scope is server.main and any(map(has_own_engine, server.scopes))
        if not (is_shared or has_engine(server, scope) or is_incomplete(server, scope)):
            message = f"`{written(placed)}` is shown to nobody: SSLProxyEngine is off here"
            yield Finding(placed.directive.place, message, "add `SSLProxyEngine On`, or remove it")


@rule(
    "warning",
    source=f"{MOD_SSL}#sslproxyverifydepth",
    bad=f"{VERIFIED_BACKEND}    SSLProxyVerifyDepth 0\n",
    good=f"{VERIFIED_BACKEND}    SSLProxyVerifyDepth 1\n",
)
def backend_depth_zero(server: Server) -> Iterator[Finding]:
    """Only backends that signed their own certificates are accepted: those of an authority are refused, 500 (AH02040)."""
    for scope, placed in with_scopes(server, "sslproxyverifydepth"):
        is_verified = inherited_value(server, scope, "sslproxyverify") == "require"
        if is_verified and "".join(values(placed)) == "0":
            message = "`SSLProxyVerifyDepth 0` refuses every certificate that an authority signed"
            yield Finding(placed.directive.place, message, "write 1, or leave it out")


@rule(
    "error",
    source=f"{MOD_SSL}#sslproxyprotocol",
    bad=f"{VERIFIED_BACKEND}    SSLProxyProtocol -all\n",
    good=f"{VERIFIED_BACKEND}    SSLProxyProtocol -all +TLSv1.3\n",
)
def backend_protocol_missing(server: Server) -> Iterator[Finding]:
    """No version of TLS is left to ask backends with: httpd doesn't start (AH02231)."""
    for scope, placed in with_scopes(server, "sslproxyprotocol"):
        if not allowed_protocols(placed.directive) and has_engine(server, scope):
            message = f"`{written(placed)}` leaves no version of TLS"
            fix = "write `SSLProxyProtocol all -SSLv3 -TLSv1 -TLSv1.1`"
            yield Finding(placed.directive.place, message, fix)
