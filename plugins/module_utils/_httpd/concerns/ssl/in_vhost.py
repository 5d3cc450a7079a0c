"""TLS of a virtual host towards its clients, and what redirects to it from plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.parse import parse_tree
from ...syntax.quoting import read_words
from ...syntax.tree import Directive, Node, Place, Section, Tree, is_named, walk
from ...tls.profiles import Profile
from ...vocabulary.reserved_names import CURVES_VARIABLE
from ..given_contents import content_word
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..vhosts.vhost_parts import HTTPS_PORT
from ..write import block, directive, section
from .certificate_words import CERTIFICATE_DIRECTIVES, certificate_words
from .model import Ssl

# The path as the client wrote it: every variable has it decoded. The query is kept without being asked for; one that
# came out of a match would be refused (AH10508).
_RAW_PATH = r"^\S+\s(?:[a-z]+://[^/]+)?(/[^\s?]*)"

# Handshakes wait for an authority's responder; httpd's own 10 seconds are more than clients have.
_RESPONDER_TIMEOUT = "2"


def compile_tls(vhost: Vhost, inventory: Inventory) -> Tree:
    """Write what makes a virtual host speak TLS; nothing where it doesn't."""
    if vhost.ssl is None:
        return ()
    place = vhost.ssl.place
    return block(
        place,
        directive("SSLEngine", "On", place=place),
        *_certificate(vhost.ssl, vhost, inventory.owner),
        *_settings(vhost.ssl, inventory.profile_of(vhost.ssl)),
        *_client_certificates(vhost.ssl, inventory.owner),
        *_hsts(vhost.ssl),
    )


def speaks_tls(vhost: Vhost) -> bool:
    """Tell whether a virtual host speaks TLS, by `ssl` or by directives of its own."""
    directives = "\n".join(text for _place, text in vhost.written_directives)
    if vhost.ssl is not None or "sslengine" not in directives.lower():
        return vhost.ssl is not None
    tree, _problems = parse_tree(directives, "")
    engines = [
        read_words(node.name, node.args)
        for node in walk(tree)
        if isinstance(node, Directive) and is_named(node, "SSLEngine")
    ]
    return bool(engines) and " ".join(engines[-1]).lower() == "on"


def curves_word(ssl: Ssl) -> str:
    """Return a virtual host's curves as a word of the configuration; the host knows which of the profiles' it can do."""
    return ":".join(ssl.curves) or f"${{{CURVES_VARIABLE}}}"


def compile_twin(vhost: Vhost) -> dict[str, Tree]:
    """Write what the virtual host says that redirects plain HTTP, by slot; nothing where none is asked for."""
    if vhost.ssl is None or not vhost.redirect_addresses:
        return {}
    place = vhost.ssl.place.at("redirect_from")
    aliases = vhost.server_aliases
    named = directive("ServerAlias", *aliases, place=place) if aliases else None
    url = _https_url(vhost)
    return {
        "first": (
            directive("ServerName", vhost.server_name, place=place),
            *((named,) if named else ()),
        ),
        "rules": (
            directive("ProxyRequests", "Off", place=place),
            directive("AllowEncodedSlashes", "NoDecode", place=place),
            directive("RewriteEngine", "On", place=place),
            Directive("RewriteCond", ("%{THE_REQUEST}", _RAW_PATH, "[NC]"), place),
            Directive("RewriteRule", ("^", f"{url}%1", "[R=301,L,NE]"), place),
            Directive("RewriteRule", ("^", f"{url}/", "[R=301,L]"), place),
        ),
    }


def _certificate(ssl: Ssl, vhost: Vhost, owner: str) -> Iterator[Node]:
    """Write where the certificate lies; mod_md gives a managed one by the names alone."""
    for name, word in zip(CERTIFICATE_DIRECTIVES, certificate_words(ssl, vhost, owner)):
        yield Directive(name, (word,), ssl.place)


def _settings(ssl: Ssl, profile: Profile) -> Iterator[Node]:
    """Write the profile with what is set apart from it."""
    place = ssl.place.at("profile")
    protocols = ssl.protocol or profile.protocols
    enabled = (f"+{protocol}" for protocol in protocols)
    yield directive("SSLProtocol", "-all", *enabled, place=_own(ssl, "protocol", place))
    ciphers = ssl.cipher_suite or ":".join(_with_level(profile))
    if ciphers:
        yield directive("SSLCipherSuite", ciphers, place=_own(ssl, "cipher_suite", place))
    tls13 = ssl.cipher_suite_tls13 or ":".join(profile.tls13_ciphers)
    if tls13 and "TLSv1.3" in protocols:
        where = _own(ssl, "cipher_suite_tls13", place)
        yield directive("SSLCipherSuite", "TLSv1.3", tls13, place=where)
    curves = ("Curves", curves_word(ssl))
    yield Directive("SSLOpenSSLConfCmd", curves, _own(ssl, "curves", place))
    for name, asked, usual in (
        ("SSLHonorCipherOrder", ssl.honor_cipher_order, profile.honor_cipher_order),
        ("SSLSessionTickets", ssl.session_tickets, profile.session_tickets),
    ):
        yield directive(name, _on_off(usual if asked is None else asked), place=place)
    if ssl.session_timeout is not None:
        where = ssl.place.at("session_timeout")
        yield directive("SSLSessionCacheTimeout", str(ssl.session_timeout), place=where)
    yield from _stapling(ssl)


def _stapling(ssl: Ssl) -> Iterator[Node]:
    """Staple what the authority says, and never its trouble, which Firefox takes for the site's."""
    if ssl.use_stapling:
        place = ssl.place.at("use_stapling")
        yield directive("SSLUseStapling", "On", place=place)
        yield directive("SSLStaplingResponderTimeout", _RESPONDER_TIMEOUT, place=place)
        yield directive("SSLStaplingReturnResponderErrors", "Off", place=place)
        # Not switched off by the line before, as the manual has it: 2.4.71 staples "try later" all the same.
        yield directive("SSLStaplingFakeTryLater", "Off", place=place)


def _with_level(profile: Profile) -> Iterator[str]:
    """Yield a profile's ciphers, and OpenSSL's security level as its list of ciphers takes it."""
    yield from profile.ciphers
    if profile.security_level is not None:
        yield f"@SECLEVEL={profile.security_level}"


def _client_certificates(ssl: Ssl, owner: str) -> Iterator[Node]:
    """Write who must show a certificate, and what the backend is told of it."""
    if not ssl.verify_client:
        return
    place = ssl.place.at("verify_client")
    if ssl.ca_certificate_content:
        word = content_word(owner, ssl.ca_certificate_content)
        where = ssl.place.at("ca_certificate_content")
        yield Directive("SSLCACertificateFile", (word,), where)
    elif ssl.ca_certificate_file:
        where = ssl.place.at("ca_certificate_file")
        yield directive("SSLCACertificateFile", ssl.ca_certificate_file, place=where)
    yield directive("SSLVerifyClient", ssl.verify_client, place=place)
    if ssl.verify_depth is not None:
        yield directive("SSLVerifyDepth", str(ssl.verify_depth), place=place)
    if ssl.ca_revocation_file:
        where = ssl.place.at("ca_revocation_file")
        yield directive("SSLCARevocationFile", ssl.ca_revocation_file, place=where)
        yield directive("SSLCARevocationCheck", "chain", place=place)
    for path in ssl.verify_client_paths:
        yield _required_below(path, ssl.place.at("verify_client_paths"))


def _required_below(path: str, place: Place) -> Section:
    """Write a path that needs a certificate: asked for in the handshake, since HTTP/2 and TLS 1.3 can't ask later."""
    children = (directive("Require", "ssl-verify-client", place=place),)
    return section("Location", path, children=children, place=place)


def _hsts(ssl: Ssl) -> Iterator[Node]:
    """Write Strict-Transport-Security, on errors too, once: what a backend says of it is for other names."""
    if ssl.hsts is None:
        return
    words = [f"max-age={ssl.hsts.max_age}"]
    words += ["includeSubDomains"] if ssl.hsts.include_subdomains else []
    words += ["preload"] if ssl.hsts.preload else []
    place, name = ssl.hsts.place, "Strict-Transport-Security"
    yield directive("Header", "onsuccess", "unset", name, place=place)
    yield directive("Header", "always", "set", name, "; ".join(words), place=place)


def _https_url(vhost: Vhost) -> str:
    """Return where plain HTTP is redirected to, without a path; an alias keeps its name."""
    host = "%{SERVER_NAME}" if vhost.server_aliases else vhost.server_name
    port = vhost.addresses[0].port if vhost.addresses else HTTPS_PORT
    return f"https://{host}" if port == HTTPS_PORT else f"https://{host}:{port}"


def _own(ssl: Ssl, name: str, otherwise: Place) -> Place:
    """Return the place of a setting: its key where it is set, else the profile's."""
    return ssl.place.at(name) if getattr(ssl, name) else otherwise


def _on_off(is_on: bool) -> str:
    return "On" if is_on else "Off"
