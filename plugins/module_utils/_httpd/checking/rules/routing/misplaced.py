"""What must not stand where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Server
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, shared, with_scopes
from .rule_order import MOD_PROXY

CORE = "https://httpd.apache.org/docs/2.4/mod/core.html"
# What httpd 2.4.71 says "cannot occur within <VirtualHost> section" of; `httpd -L` can't tell it.
_NAMES = """
acceptfilter asyncrequestworkerfactor authncacheenable authncachesocache authnzfcgidefineprovider chrootdir
coredumpdirectory enableexceptionhook extendedstatus globallog gracefulshutdowntimeout group
heartbeataddress heartbeatstorage ldapcacheentries ldapcachettl ldapconnectiontimeout ldaplibrarydebug
ldapopcacheentries ldapopcachettl ldapretries ldapretrydelay ldapsharedcachefile ldapsharedcachesize
ldaptimeout ldaptrustedglobalcert ldapverifyservercert listen listenbacklog listencoresbucketsratio
listentcpdeferaccept maxclients maxconnectionsperchild maxmemfree maxrequestsperchild maxrequestworkers
maxsparethreads minsparethreads mutex pidfile proxyhctpsize receivebuffersize
regexdefaultoptions registerhttpmethod scoreboardfile seerequesttail sendbuffersize serverlimit
servertokens sessioncryptodriver sslcryptodevice sslfips sslpassphrasedialog sslrandomseed
sslsessioncache sslstaplingcache sslvhostsnipolicy startservers suexec threadlimit
threadsperchild threadstacksize user watchdoginterval xml2encalias
"""
MAIN_SERVER_ONLY = frozenset(_NAMES.split())


@rule(
    "error",
    source=f"{MOD_PROXY}#proxyrequests",
    bad="ProxyRequests On",
    good="ProxyRequests Off",
)
def proxy_requests_on(server: Server) -> Iterator[Finding]:
    """The server is an open forward proxy: anybody may reach anything through it. A reverse proxy never needs this."""
    for placed in everywhere(server, "proxyrequests"):
        if "".join(placed.values).lower() == "on":
            yield Finding(
                placed.directive.place,
                "`ProxyRequests On` opens the server to everybody",
                "remove it",
            )


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        ProxyPass / http://10.0.0.1:8080/
        <VirtualHost *:80>
          ServerName shop.example.com
          ProxyPass / http://10.0.0.2:8080/
        </VirtualHost>
        Listen 80
    """,
    good="""
        <VirtualHost *:80>
          ServerName shop.example.com
          ProxyPass / http://10.0.0.2:8080/
        </VirtualHost>
        Listen 80
    """,
)
def main_server_proxy_pass(server: Server) -> Iterator[Finding]:
    """A ProxyPass of the main server is tried before each virtual host's own rules.

    `ProxyPassInherit Off` doesn't stop it, whatever the manual says: the main server's rules swallow every site's.
    """
    if any(vhost.scope.rules for vhost in server.vhosts):
        for proxy_pass in server.main.rules:
            message = f'"{proxy_pass.path}" of the main server comes before the rules of every virtual host'
            yield Finding(proxy_pass.place, message, "move it into the virtual host that it is for")


@rule(
    "warning",
    source="https://httpd.apache.org/docs/2.4/mod/mod_proxy_balancer.html",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
          ProxyPass / balancer://shop/
        </VirtualHost>
    """,
    good="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
          <Proxy balancer://shop>
            BalancerMember http://10.0.0.1:8080
          </Proxy>
          ProxyPass / balancer://shop/
        </VirtualHost>
    """,
)
def balancer_in_main_server(server: Server) -> Iterator[Finding]:
    """Every virtual host inherits each balancer of the main server, with shared memory of its own.

    20 balancers and 500 virtual hosts make 10,521 segments and 6 s to the first answer; 40 and 1,000 fill /dev/shm, and
    the server dies after `httpd -t` passed it.
    """
    if server.vhosts:
        for balancer in server.main.balancers:
            message = f"each of the {len(server.vhosts)} virtual hosts inherits the balancer `{balancer.name}`"
            yield Finding(balancer.place, message, "define it inside the virtual hosts that use it")


@rule(
    "error",
    source=CORE,
    bad="""
        <VirtualHost *:80>
          ServerName shop.example.com
          Listen 80
        </VirtualHost>
    """,
    good="""
        Listen 80
        <VirtualHost *:80>
          ServerName shop.example.com
        </VirtualHost>
    """,
)
def directive_not_in_virtual_host(server: Server) -> Iterator[Finding]:
    """A directive of the whole server stands inside a virtual host: httpd refuses to start (AH00526)."""
    for scope, placed in with_scopes(server, *shared(server, MAIN_SERVER_ONLY)):
        if scope is not server.main:
            message = f"`{placed.directive.name}` is not allowed in a virtual host"
            yield Finding(placed.directive.place, message, "move it out, to the main server")
