"""Health checks of mod_proxy_hcheck."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.environment import Environment
from ....reading.server import Scope, Server
from ....syntax.tree import Place
from ...rule import Finding, environment_rule, rule
from ..helpers.scopes import in_file_order, is_incomplete, values

HCHECK = "https://httpd.apache.org/docs/2.4/mod/mod_proxy_hcheck.html"
NAMES = ("hcmethod", "hcpasses", "hcfails", "hcinterval", "hcuri", "hcexpr", "hctemplate")
_DEFINED_BY = {"hcexpr": "ProxyHCExpr", "hctemplate": "ProxyHCTemplate"}
_PROXY = "LoadModule proxy_module modules/mod_proxy.so\nLoadModule proxy_http_module modules/mod_proxy_http.so\n"
_BALANCING = f"""{_PROXY}LoadModule proxy_balancer_module modules/mod_proxy_balancer.so
LoadModule slotmem_shm_module modules/mod_slotmem_shm.so
LoadModule lbmethod_byrequests_module modules/mod_lbmethod_byrequests.so
"""
_CHECKED = """<Proxy balancer://shop>
  BalancerMember http://10.0.0.1:8080 hcmethod=GET
</Proxy>
ProxyPass / balancer://shop/"""


@rule(
    "error",
    source=f"{HCHECK}#proxyhcexpr",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 hcmethod=GET hcexpr=alive
        </Proxy>
        ProxyHCExpr alive {%{REQUEST_STATUS} =~ /^[23]/}
        ProxyPass / balancer://shop/
    """,
    good="""
        ProxyHCExpr alive {%{REQUEST_STATUS} =~ /^[23]/}
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 hcmethod=GET hcexpr=alive
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def health_check_undefined(server: Server) -> Iterator[Finding]:
    """A health check names an expression or template that isn't defined before it: httpd refuses to start (AH00526).

    A virtual host doesn't see those of the main server (tried with httpd 2.4.71).
    """
    for scope in server.scopes:
        if not _names_a_definition(scope) or is_incomplete(server, scope):
            continue
        defined: set[tuple[str, str]] = set()
        names = ("proxyhcexpr", "proxyhctemplate", "balancermember", "proxyset", "proxypass")
        for placed in in_file_order(scope, *names):
            name, words = placed.name, values(placed)
            if name.startswith("proxyhc"):
                defined.add((name, "".join(words[:1]).lower()))
                continue
            for key, value in (word.split("=", 1) for word in words if "=" in word):
                by = _DEFINED_BY.get(key.lower(), "")
                if by and (by.lower(), value.lower()) not in defined:
                    message = f"`{key}={value}` needs a {by} before it that defines `{value}`"
                    yield Finding(placed.directive.place, message, f"write `{by} {value} …` first")


@rule(
    "warning",
    source=HCHECK,
    bad="ProxyPass / http://10.0.0.1:8080/ hcmethod=GET",
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 hcmethod=GET
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def health_check_without_balancer(server: Server) -> Iterator[Finding]:
    """A rule that names its backend asks for health checks, which only a balancer's members get: nothing is checked."""
    for scope in server.scopes:
        for one in scope.rules:
            found = next((name for name in NAMES if name in one.parameters), None)
            if found and not one.is_exclusion and not one.url.lower().startswith("balancer:"):
                message = f'`{found}={one.parameters[found]}` checks nothing: "{one.url}" is in no balancer'
                yield Finding(one.place.at(found), message, "make it a BalancerMember")


@environment_rule(
    "error",
    source=HCHECK,
    bad=_BALANCING + _CHECKED,
    good=f"""{_BALANCING}LoadModule watchdog_module modules/mod_watchdog.so
LoadModule proxy_hcheck_module modules/mod_proxy_hcheck.so
{_CHECKED}""",
    examples_in=Environment(modules=frozenset()),
)
def health_check_module_missing(server: Server, environment: Environment) -> Iterator[Finding]:
    """A health check is asked for and mod_proxy_hcheck isn't loaded: httpd refuses to start (AH00526)."""
    if environment.modules is None or "proxy_hcheck_module" in environment.modules:
        return
    first = next(_first_checks(server), None)
    if first:
        message = f"`{first[0]}` needs the module proxy_hcheck, which isn't loaded"
        yield Finding(first[1], message, "load it: `a2enmod proxy_hcheck`")


def _names_a_definition(scope: Scope) -> bool:
    """Tell quickly whether there is anything to look at."""
    owners = [one.parameters for one in scope.rules]
    for balancer in scope.balancers:
        owners += [balancer.parameters, *(member.parameters for member in balancer.members)]
    return any(name in parameters for parameters in owners for name in _DEFINED_BY)


def _first_checks(server: Server) -> Iterator[tuple[str, Place]]:
    for _url, parameters, place in server.workers:
        for name in NAMES:
            if name in parameters:
                yield f"{name}={parameters[name]}", place.at(name)
