"""TLS towards clients."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.environment import Environment
from ....reading.server import Server, VirtualHost
from ....vocabulary.address import Address
from ....vocabulary.reserved_names import UNKNOWN_HOST
from ...rule import Finding, environment_rule, rule
from ..helpers.scopes import (
    everywhere,
    has,
    inherited_value,
    is_incomplete,
    named,
    values,
    with_scopes,
)
from .tls_strength import MOD_SSL

HTTPS_PORT = 443
# What gives certificates otherwise: mod_md.
_MANAGED = ("mdomain", "mdcertificatefile", "mdomainset")
_TROUBLE = ("sslstaplingreturnrespondererrors", "sslstaplingfaketrylater")
_ENGINE = ("on", "optional")


@rule(
    "error",
    source=f"{MOD_SSL}#sslengine",
    bad="""
        Listen 443
        <VirtualHost *:443>
          ServerName shop.example.com
          ProxyPass / http://10.0.0.1:8080/
        </VirtualHost>
    """,
    good="""
        Listen 443
        <VirtualHost *:443>
          ServerName shop.example.com
          SSLEngine on
          SSLCertificateFile /etc/ssl/shop.pem
          RequestHeader set X-Forwarded-Proto https
          ProxyPass / http://10.0.0.1:8080/
        </VirtualHost>
    """,
)
def ssl_engine_missing(server: Server) -> Iterator[Finding]:
    """A virtual host on port 443 speaks no TLS: browsers get SSL_ERROR_RX_RECORD_TOO_LONG, the log AH00135.

    A certificate alone doesn't switch TLS on; `SSLEngine on` does. The first virtual host of an address decides for all.
    """
    seen: set[Address] = set()
    for vhost in server.vhosts:
        if vhost.server_name == UNKNOWN_HOST and not _is_tls_behind(server, vhost):
            continue
        first_of = set(vhost.addresses) - seen
        seen |= first_of
        is_https = any(address.port == HTTPS_PORT for address in first_of)
        if not is_https or is_incomplete(server, vhost.scope):
            continue
        if not inherited_value(server, vhost.scope, "sslengine"):
            message = f"{vhost.server_name or 'the virtual host'} answers port 443 without TLS: SSLEngine is off here"
            yield Finding(vhost.place, message, "add `SSLEngine on` and a certificate")


def _is_tls_behind(server: Server, first: VirtualHost) -> bool:
    """Tell whether another virtual host of the same addresses speaks TLS: it can't, while the first one doesn't."""
    return any(
        inherited_value(server, vhost.scope, "sslengine")
        for vhost in server.vhosts
        if vhost is not first and not set(vhost.addresses).isdisjoint(first.addresses)
    )


@environment_rule(
    "error",
    source=f"{MOD_SSL}#sslcertificatefile",
    bad="""
        Listen 443
        <VirtualHost *:443>
          ServerName shop.example.com
          SSLEngine on
        </VirtualHost>
    """,
    good="""
        Listen 443
        <VirtualHost *:443>
          ServerName shop.example.com
          SSLEngine on
          SSLCertificateFile /etc/ssl/shop.pem
        </VirtualHost>
    """,
    examples_in=Environment(),
)
def certificate_missing(server: Server, environment: Environment) -> Iterator[Finding]:
    """TLS is on and no certificate is named: `httpd -t` passes, and the server doesn't start (AH02572).

    Only whole configurations are reported: the main server may name a certificate, or mod_md get one.
    """
    if not environment.closed or any(has(scope, *_MANAGED) for scope in server.scopes):
        return
    if has(server.main, "sslcertificatefile"):
        return
    for scope in server.scopes:
        engine = [placed for placed in named(scope, "sslengine") if _is_engine(values(placed))]
        has_certificate = has(scope, "sslcertificatefile", "sslpolicy")
        if engine and not has_certificate and not is_incomplete(server, scope):
            message = "`SSLEngine on` has no SSLCertificateFile, so httpd doesn't start"
            yield Finding(
                engine[-1].directive.place,
                message,
                "add SSLCertificateFile and SSLCertificateKeyFile",
            )


def _is_engine(words: tuple[str, ...]) -> bool:
    return "".join(words).lower() in _ENGINE


@rule(
    "hint",
    source=f"{MOD_SSL}#sslcertificatechainfile",
    bad="""
        SSLCertificateFile /etc/ssl/cert.pem
        SSLCertificateChainFile /etc/ssl/chain.pem
    """,
    good="SSLCertificateFile /etc/ssl/fullchain.pem",
)
def chain_file_obsolete(server: Server) -> Iterator[Finding]:
    """SSLCertificateChainFile is obsolete since 2.4.8: SSLCertificateFile takes the chain after the certificate.

    A `fullchain.pem` there sends the server's own certificate twice.
    """
    for placed in everywhere(server, "sslcertificatechainfile"):
        message = (
            f"`{' '.join(values(placed))}` belongs into the file that SSLCertificateFile names"
        )
        fix = "put the full chain into that file, and remove this line"
        yield Finding(placed.directive.place, message, fix)


@rule(
    "hint",
    source=f"{MOD_SSL}#sslstaplingfaketrylater",
    bad="""
        SSLEngine on
        SSLCertificateFile /etc/ssl/fullchain.pem
        SSLStaplingCache shmcb:/run/apache2/stapling(131072)
        SSLUseStapling on
        SSLStaplingReturnResponderErrors off
    """,
    good="""
        SSLEngine on
        SSLCertificateFile /etc/ssl/fullchain.pem
        SSLStaplingCache shmcb:/run/apache2/stapling(131072)
        SSLUseStapling on
        SSLStaplingReturnResponderErrors off
        SSLStaplingFakeTryLater off
    """,
)
def ocsp_failure_stapled(server: Server) -> Iterator[Finding]:
    """While the authority's OCSP responder doesn't answer, clients get "try later" stapled, and some refuse the site then.

    httpd makes the answer up unless SSLStaplingFakeTryLater is off. SSLStaplingReturnResponderErrors alone doesn't stop
    it, whatever the manual says (tried with 2.4.71).
    """
    for scope, placed in with_scopes(server, "sslusestapling"):
        is_on = " ".join(values(placed)).lower() == "on"
        switches = [inherited_value(server, scope, name) for name in _TROUBLE]
        if is_on and switches != ["off", "off"] and not is_incomplete(server, scope):
            message = 'clients get "try later" stapled whenever the OCSP responder doesn\'t answer'
            fix = "add `SSLStaplingReturnResponderErrors off` and `SSLStaplingFakeTryLater off`"
            yield Finding(placed.directive.place, message, fix)
