"""What a misspelt word was meant to be: a directive, a module of the distribution, a method of HTTP."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from functools import lru_cache

from .directives import DIRECTIVES

# How alike two names must be for one to be a slip of the other: ServerNam and ServerName, not SecRule and Require.
SLIP = 0.85
LONGEST = 60  # characters; no directive has as many
# Short words need fewer letters in common: GTE and GET, not PURGE and MERGE.
_METHOD_SLIP = 0.66
# What Debian's package apache2-bin brings, of 12 and 13.
_MODULE_NAMES = """
access_compat actions alias allowmethods asis auth_basic auth_digest auth_form authn_anon authn_core authn_dbd authn_dbm
authn_file authn_socache authnz_fcgi authnz_ldap authz_core authz_dbd authz_dbm authz_groupfile authz_host authz_owner
authz_user autoindex brotli buffer cache cache_disk cache_socache cern_meta cgi cgid charset_lite data dav dav_fs dav_lock
dbd deflate dialup dir dump_io echo env expires ext_filter file_cache filter headers heartbeat heartmonitor http2 ident
imagemap include info lbmethod_bybusyness lbmethod_byrequests lbmethod_bytraffic lbmethod_heartbeat ldap log_debug
log_forensic lua macro md mime mime_magic mpm_event mpm_prefork mpm_worker negotiation proxy proxy_ajp proxy_balancer
proxy_connect proxy_express proxy_fcgi proxy_fdpass proxy_ftp proxy_hcheck proxy_html proxy_http proxy_http2 proxy_scgi
proxy_uwsgi proxy_wstunnel ratelimit reflector remoteip reqtimeout request rewrite sed session session_cookie
session_crypto session_dbd setenvif slotmem_plain slotmem_shm socache_dbm socache_memcache socache_redis socache_shmcb
speling ssl status substitute suexec unique_id userdir usertrack vhost_alias xml2enc
"""
MODULES = frozenset(_MODULE_NAMES.split())
# Spelt nearly as one of them, and another package's.
_FOREIGN_MODULES = frozenset({"fcgid"})
MPMS = frozenset(name for name in MODULES if name.startswith("mpm_"))
# Those of IANA's registry (RFC 9110, section 16.1).
_METHOD_NAMES = """
ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL
MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI PROPFIND PROPPATCH PUT QUERY REBIND REPORT SEARCH TRACE
UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL
"""
METHODS = frozenset(_METHOD_NAMES.split())


@lru_cache(maxsize=4096)
def nearest_directive(name: str) -> str:
    """Return the lower-case directive of which `name`, lower-case, is a slip; empty for none."""
    if len(name) > LONGEST:
        return ""
    near = [known for known in DIRECTIVES if _may_be_near(known, name)]
    return _nearest(name, near, SLIP)


def nearest_module(name: str, modules: Collection[str] = MODULES) -> str:
    """Return the module, of Debian's own or of `modules`, of which a name is a slip; empty for none, and for one itself."""
    is_one = name in modules or name in _FOREIGN_MODULES
    return "" if is_one or len(name) > LONGEST else _nearest(name, modules, SLIP)


def nearest_method(name: str) -> str:
    """Return the registered method of which a name is a slip; empty for none, and for one itself."""
    return "" if name in METHODS or len(name) > LONGEST else _nearest(name, METHODS, _METHOD_SLIP)


def _nearest(name: str, known: Collection[str], cutoff: float) -> str:
    """Return the closest of what is known; of two that are as close, the first by the alphabet."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=cutoff)
    return found[0] if found else ""


def _may_be_near(known: str, name: str) -> bool:
    """Pass over most names quickly: of a file that is no configuration every line comes here."""
    if known[:1] != name[:1] and known[-2:] != name[-2:]:
        return False
    return abs(len(known) - len(name)) <= (1 - SLIP) * (len(known) + len(name))
