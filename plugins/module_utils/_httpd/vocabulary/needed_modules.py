"""The modules that a configuration asks for: by its directives, its URLs' schemes and its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..syntax.condition_sections import CONDITIONS
from ..syntax.quoting import read_words
from ..syntax.tree import Comment, Section, Tree
from .directives import DIRECTIVES
from .logs.log_format import FORMAT_WORDS, LETTERS_OF_SSL, format_of, log_items

# Without these a module starts dead or not at all (docs/httpd.md#balancer-companions).
COMPANIONS: dict[str, tuple[str, ...]] = {
    "proxy_http": ("proxy",),
    "proxy_http2": ("proxy", "http2"),
    "proxy_ajp": ("proxy",),
    "proxy_fcgi": ("proxy",),
    "proxy_scgi": ("proxy",),
    "proxy_uwsgi": ("proxy",),
    "proxy_hcheck": ("proxy", "proxy_balancer"),
    "proxy_balancer": ("proxy", "alias", "slotmem_shm"),
    "lbmethod_byrequests": ("proxy_balancer",),
    "lbmethod_bytraffic": ("proxy_balancer",),
    "lbmethod_bybusyness": ("proxy_balancer",),
    "lbmethod_heartbeat": ("proxy_balancer",),
    "ssl": ("setenvif", "mime", "socache_shmcb"),
}
SCHEMES: dict[str, tuple[str, ...]] = {
    "http": ("proxy_http",),
    "ws": ("proxy_http",),  # since 2.4.47 mod_proxy_http upgrades
    "https": ("proxy_http", "ssl"),
    "wss": ("proxy_http", "ssl"),
    "balancer": ("proxy_balancer",),
    "h2c": ("proxy_http2",),
    "h2": ("proxy_http2", "ssl"),
    "ajp": ("proxy_ajp",),
    "fcgi": ("proxy_fcgi",),
    "scgi": ("proxy_scgi",),
    "uwsgi": ("proxy_uwsgi",),
}
# Which of them one must be there for a request to be passed on, without `_module`.
SPEAKERS: dict[str, tuple[str, ...]] = {
    **{scheme: modules[:1] for scheme, modules in SCHEMES.items()},
    "ws": ("proxy_http", "proxy_wstunnel"),
    "wss": ("proxy_http", "proxy_wstunnel"),
    "ftp": ("proxy_ftp",),
}
REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "all": ("authz_core",),
    "local": ("authz_core", "authz_host"),
    "ip": ("authz_core", "authz_host"),
    "host": ("authz_core", "authz_host"),
    "forward-dns": ("authz_core", "authz_host"),
    "user": ("authz_core", "authz_user"),
    "valid-user": ("authz_core", "authz_user"),
    "group": ("authz_core", "authz_groupfile"),
}
HANDLERS: dict[str, str] = {
    "server-status": "status",
    "server-info": "info",
    "balancer-manager": "proxy_balancer",
    "ldap-status": "ldap",
}
_HTTP2 = frozenset({"h2", "h2c"})  # as Protocols takes them, which minds the letter case
DEFAULT_LBMETHOD = "byrequests"

_SCHEME = re.compile(r"^(?:proxy:)?(?:unix:[^|]*\|)?([a-z0-9]+)://", re.IGNORECASE)
# Directives whose arguments name schemes or balancing methods.
_PROXYING = frozenset(
    {
        "proxypass",
        "proxypassmatch",
        "balancermember",
        "proxyset",
        "proxy",
        "rewriterule",
        "sethandler",
    }
)
_NAMING = _PROXYING | {"protocols", "require"} | FORMAT_WORDS.keys()
# The module of each directive; what the core owns needs none.
_OWNERS = {
    name: entry.module.removeprefix("mod_").removesuffix(".c")
    for name, entry in DIRECTIVES.items()
    if entry.module.startswith("mod_")
}


def needed_modules(tree: Tree) -> tuple[str, ...]:
    """Return the modules that the tree needs, without `_module`, each after those that it needs itself.

    What stands under a condition isn't needed: the configuration does without it.
    """
    ordered: dict[str, None] = {}
    for module in _asked(tree):
        _add(module, ordered)
    return tuple(ordered)


def with_companions(modules: tuple[str, ...]) -> tuple[str, ...]:
    """Return the modules with those that they need, each after its own."""
    ordered: dict[str, None] = {}
    for module in modules:
        _add(module, ordered)
    return tuple(ordered)


def _add(module: str, ordered: dict[str, None]) -> None:
    """Add a module after its companions."""
    if module in ordered:
        return
    for companion in COMPANIONS.get(module, ()):
        _add(companion, ordered)
    ordered[module] = None


def _asked(tree: Tree) -> Iterator[str]:
    """Yield each module that a node asks for, in file order."""
    for node in tree:
        if isinstance(node, Comment):
            continue
        name = node.name.lower()
        if name in CONDITIONS and isinstance(node, Section):
            continue
        if name in _OWNERS:
            yield _OWNERS[name]
        if name in _NAMING:
            yield from _named_by(name, node.args)
        if isinstance(node, Section):
            yield from _asked(node.children)


def _named_by(name: str, args: tuple[str, ...]) -> Iterator[str]:
    """Yield the modules that a directive's words ask for."""
    values = read_words(name, args)
    if name == "sethandler":
        yield from filter(None, map(HANDLERS.get, map(str.lower, values)))
    if name in _PROXYING:
        yield from _modules_of_proxying(values)
    elif name == "protocols" and not _HTTP2.isdisjoint(args):
        yield "http2"
    elif name in FORMAT_WORDS:
        if any(item.letter in LETTERS_OF_SSL for item in log_items(format_of(name, values))):
            yield "ssl"
    elif name == "require":
        yield from _modules_of_requirement(values)


def _modules_of_requirement(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the modules of what a Require asks for."""
    kind = next((value for value in values if value.lower() != "not"), "")
    return REQUIREMENTS.get(kind.lower(), ("authz_core",))


def _modules_of_proxying(values: tuple[str, ...]) -> Iterator[str]:
    """Yield the modules of a target's scheme, and of the method that a balancer uses."""
    method = ""
    for value in values:
        scheme = _SCHEME.match(value)
        if scheme:
            yield from SCHEMES.get(scheme.group(1).lower(), ())
            if scheme.group(1).lower() == "balancer":
                method = method or DEFAULT_LBMETHOD
        if value.lower().startswith("lbmethod="):
            method = value.partition("=")[2]
    if method:
        yield f"lbmethod_{method}"
