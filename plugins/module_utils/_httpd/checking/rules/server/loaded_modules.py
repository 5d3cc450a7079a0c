"""Modules that a configuration needs; silent where the loaded ones aren't known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.environment import Environment, module_identifier
from ....reading.server import PlacedDirective, Scope, Server
from ....syntax.tree import Place
from ....vocabulary.directives import DIRECTIVES
from ....vocabulary.needed_modules import DEFAULT_LBMETHOD, SPEAKERS
from ...rule import Finding, environment_rule
from ..helpers.backend_urls import targets
from ..helpers.scopes import everywhere, named, shared, values, written
from ..helpers.written_rewrites import rewrites
from ..routing.rule_order import MOD_PROXY

DSO = "https://httpd.apache.org/docs/2.4/mod/mod_so.html#loadmodule"
HTTP2 = "https://httpd.apache.org/docs/2.4/howto/http2.html"
LOADED = Environment(modules=frozenset())  # what the examples' LoadModule lines add to
UPGRADE_BY_HTTP = (2, 4, 47)

# Whose symbols a module takes, so that it can't be loaded before (tried with httpd 2.4.71).
_BASES = re.compile(r"(proxy|session|cache|dav)_\w+_module")
# Debian compiles these in; what a build of one's own has besides, only `httpd -l` tells.
_OFTEN_BUILT_IN = frozenset({"mod_log_config.c", "mod_logio.c", "mod_version.c", "mod_watchdog.c"})
_WITHOUT_BASE = frozenset({"proxy_html_module"})
_SCHEME = re.compile(r"(?:unix:[^|]*\|)?([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HTTP = "LoadModule proxy_module modules/mod_proxy.so\nLoadModule proxy_http_module modules/mod_proxy_http.so\n"


@environment_rule(
    "error",
    source=DSO,
    bad=f'{_HTTP}RequestHeader set X-Forwarded-Proto "https"\nProxyPass / http://10.0.0.1:8080/',
    good=f"""{_HTTP}LoadModule headers_module modules/mod_headers.so
RequestHeader set X-Forwarded-Proto "https"
ProxyPass / http://10.0.0.1:8080/""",
    examples_in=LOADED,
)
def module_missing(server: Server, environment: Environment) -> Iterator[Finding]:
    """A directive's module isn't loaded: httpd refuses to start (AH00526, "Invalid command")."""
    if environment.modules is None:
        return
    missing = {
        name: entry.module
        for name, entry in DIRECTIVES.items()
        if entry.module.startswith("mod_") and entry.module not in _OFTEN_BUILT_IN
        if not _is_loaded(entry.module, environment)
    }
    names = frozenset(missing)
    told: set[str] = set()
    for placed in everywhere(server, *shared(server, names)):
        module = missing[placed.name]
        if module not in told and not _is_conditional(placed):
            told.add(module)
            short = module[len("mod_") : -len(".c")]
            message = f"`{placed.directive.name}` needs the module {short}, which isn't loaded"
            yield Finding(placed.directive.place, message, f"load it: `a2enmod {short}`")


@environment_rule(
    "error",
    source=f"{MOD_PROXY}#scheme",
    bad="LoadModule proxy_module modules/mod_proxy.so\nProxyPass / http://10.0.0.1:8080/",
    good=f"{_HTTP}ProxyPass / http://10.0.0.1:8080/",
    examples_in=LOADED,
)
def protocol_module_missing(server: Server, environment: Environment) -> Iterator[Finding]:
    """No loaded module speaks a target's protocol: `httpd -t` passes, and each request gets a 500 (AH01144)."""
    if environment.modules is None:
        return
    told: set[str] = set()
    for scope in server.scopes:
        for url, place in _asked(scope):
            match = _SCHEME.match(url)
            scheme = match[1].lower() if match else ""
            if scheme in told:
                continue
            told.add(scheme)
            wanted = _handlers(scheme, environment)
            if wanted and not any(_has(one, environment) for one in wanted):
                message = f'"{url}" needs the module {wanted[0]}, which isn\'t loaded'
                yield Finding(place, message, f"load it: `a2enmod {wanted[0]}`")


@environment_rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/mod/mod_proxy_balancer.html",
    bad=f"""{_HTTP}LoadModule proxy_balancer_module modules/mod_proxy_balancer.so
<Proxy balancer://shop>
  BalancerMember http://10.0.0.1:8080
</Proxy>
ProxyPass / balancer://shop/""",
    good=f"""{_HTTP}LoadModule proxy_balancer_module modules/mod_proxy_balancer.so
LoadModule slotmem_shm_module modules/mod_slotmem_shm.so
LoadModule lbmethod_byrequests_module modules/mod_lbmethod_byrequests.so
<Proxy balancer://shop>
  BalancerMember http://10.0.0.1:8080
</Proxy>
ProxyPass / balancer://shop/""",
    examples_in=LOADED,
)
def balancer_companion_missing(server: Server, environment: Environment) -> Iterator[Finding]:
    """A balancer lacks its shared memory or its method: `httpd -t` passes, the server doesn't start (AH01177, AH01183)."""
    if environment.modules is None:
        return
    told: set[str] = set()
    for url, parameters, place in server.balancers:
        method = parameters.get("lbmethod", DEFAULT_LBMETHOD)
        for module in ("proxy_balancer", "slotmem_shm", f"lbmethod_{method}"):
            if not _has(module, environment) and module not in told:
                told.add(module)
                message = f"`{url}` needs the module {module}, which isn't loaded"
                yield Finding(place, message, f"load it: `a2enmod {module}`")


@environment_rule(
    "error",
    source=DSO,
    bad="LoadModule proxy_http_module modules/mod_proxy_http.so\nLoadModule proxy_module modules/mod_proxy.so",
    good=_HTTP,
    examples_in=LOADED,
)
def module_before_its_base(server: Server, environment: Environment) -> Iterator[Finding]:
    """A module is loaded without, or before, the one that it builds on: httpd doesn't start ("undefined symbol").

    Every mod_proxy_… needs mod_proxy first, every mod_session_… mod_session.
    """
    if environment.modules is None:
        return
    loads = [placed for placed in named(server.main, "loadmodule") if values(placed)]
    positions = {values(placed)[0]: position for position, placed in enumerate(loads)}
    for position, placed in enumerate(loads):
        name = values(placed)[0]
        base = _base_of(name)
        is_built_in = base in environment.modules and base not in positions
        if base and not is_built_in and positions.get(base, len(loads)) > position:
            message = f"`{name}` is loaded without `{base}` before it"
            yield Finding(placed.directive.place, message, f"load `{base}` first")


@environment_rule(
    "warning",
    source="https://downloads.apache.org/httpd/CHANGES_2.4",
    bad="LoadModule lbmethod_bybusyness_module modules/mod_lbmethod_bybusyness.so",
    good=f"{_HTTP}LoadModule lbmethod_bybusyness_module modules/mod_lbmethod_bybusyness.so",
    examples_in=LOADED,
)
def balancing_method_without_proxy(server: Server, environment: Environment) -> Iterator[Finding]:
    """A balancing method is loaded and mod_proxy isn't, so nothing can use it.

    httpd 2.4.34 doesn't start then ("undefined symbol: ap_proxy_balancer_get_best_worker"), nor where mod_proxy is loaded
    later; since 2.4.35 the order is free.
    """
    if environment.modules is None or _has("proxy", environment):
        return
    for placed in named(server.main, "loadmodule"):
        name = "".join(values(placed)[:1])
        if name.startswith("lbmethod_"):
            message = f"`{name}` is loaded without `proxy_module`"
            yield Finding(placed.directive.place, message, "load `proxy_module` before it")


@environment_rule(
    "warning",
    source=HTTP2,
    bad="""
        LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
        LoadModule http2_module modules/mod_http2.so
        Protocols h2 http/1.1
    """,
    good="""
        LoadModule mpm_event_module modules/mod_mpm_event.so
        LoadModule http2_module modules/mod_http2.so
        Protocols h2 http/1.1
    """,
    examples_in=LOADED,
)
def http2_inactive(server: Server, environment: Environment) -> Iterator[Finding]:
    """HTTP/2 is asked for and never spoken: mod_http2 isn't loaded, or the MPM is prefork (AH10034)."""
    if environment.modules is None:
        return
    is_prefork = _has("mpm_prefork", environment)
    if _has("http2", environment) and not is_prefork:
        return
    reason = "the MPM is prefork" if is_prefork else "mod_http2 isn't loaded"
    for placed in everywhere(server, "protocols"):
        if {"h2", "h2c"} & {word.lower() for word in values(placed)}:
            message = f"`{written(placed)}` speaks HTTP/1.1 only: {reason}"
            fix = "use mpm_event" if is_prefork else "load it: `a2enmod http2`"
            yield Finding(placed.directive.place, message, fix)


def _asked(scope: Scope) -> Iterator[tuple[str, Place]]:
    """Yield every URL that a scope asks, those of rewrites too."""
    yield from targets(scope)
    for rewrite in rewrites(scope):
        if rewrite.is_proxied:
            yield rewrite.target, rewrite.place


def _handlers(scheme: str, environment: Environment) -> tuple[str, ...]:
    """Return the modules of which one must be there for a scheme."""
    is_old = environment.version is not None and environment.version < UPGRADE_BY_HTTP
    if is_old and scheme in ("ws", "wss"):
        return ("proxy_wstunnel",)
    return SPEAKERS.get(scheme, ())


def _base_of(name: str) -> str:
    """Return the identifier that must be loaded before a module; empty for none."""
    match = None if name in _WITHOUT_BASE else _BASES.fullmatch(name)
    return f"{match[1]}_module" if match else ""


def _is_conditional(placed: PlacedDirective) -> bool:
    """Tell whether an open condition stands around a directive."""
    return any(parts[0].startswith("if") for parts in placed.around)


def _is_loaded(source: str, environment: Environment) -> bool:
    return module_identifier(source) in (environment.modules or ())


def _has(module: str, environment: Environment) -> bool:
    return f"{module}_module" in (environment.modules or ())
