"""What flags of RewriteRule and parameters of ProxyPass do to what is decided of a request, as directive_effects.py says it of directives.

What is in none of these tables is open. https://httpd.apache.org/docs/2.4/rewrite/flags.html, .../mod/mod_proxy.html#proxypass;
reasons that aren't there are read in modules/mappers/mod_rewrite.c and modules/proxy/mod_proxy.c.
"""

from __future__ import annotations

from collections.abc import Mapping

# In their short form. QSNONE is httpd's own, for a substitution that ends in `?`.
_MODELLED_FLAGS = """
    B BNP C E END F G L N NC NE P PT QSA QSD QSL QSNONE R S UNC UNSAFEALLOW3F"""
HARMLESS_FLAGS: Mapping[str, str] = {
    "CO": "it is about the answer's headers",
    "DPI": "it is for rules of directories, which are open",
    "NS": "it is for what httpd asks itself, where it is open",
    "UNSAFEPREFIXSTAT": "it is about files, of which nothing more is decided than that httpd answers itself",
}
OPEN_FLAGS: Mapping[str, str] = {
    "BCTLS": "it escapes control characters",
    "BNE": "it leaves some characters as they are",
    "H": "it sets the handler",
    "T": "it sets the type",
}

_MODELLED_PARAMETERS = """
    connectiontimeout interpolate lbset mapping nocanon nofailover noquery redirect route scolonpathdelim status stickysession
    stickysessionsep timeout upgrade"""
_HARMLESS_PARAMETERS: Mapping[str, str] = {
    "it is about connections to backends": """
        acquire addressttl disablereuse enablereuse flusher flushpackets flushwait iobuffersize keepalive max min ping
        receivebuffersize smax ttl""",
    "it says how members share what no session decides; all that may be asked are told": "lbmethod loadfactor",
    "it is about whether backends are well": """
        failonstatus failontimeout forcerecovery hcexpr hcfails hcinterval hcmethod hcpasses hctemplate hcuri maxattempts
        retry""",
    "it is about the balancer's manager": "growth nonce",
    "it is about the answer": "responsefieldsize",
    "it is how a backend knows httpd": "secret",
}
HARMLESS_PARAMETERS: Mapping[str, str] = {
    name: reason for reason, names in _HARMLESS_PARAMETERS.items() for name in names.split()
}
_KNOWN_FLAGS = frozenset(_MODELLED_FLAGS.split()) | HARMLESS_FLAGS.keys()
_KNOWN_PARAMETERS = frozenset(_MODELLED_PARAMETERS.split()) | HARMLESS_PARAMETERS.keys()


def open_flags(flags: frozenset[str]) -> frozenset[str]:
    """Return the flags, in their short form, that may change what is decided and aren't modelled."""
    return flags - _KNOWN_FLAGS


def open_parameters(parameters: Mapping[str, str]) -> frozenset[str]:
    """Return the parameters, by lower-case name, that may change what is decided and aren't modelled."""
    return frozenset(parameters) - _KNOWN_PARAMETERS
