"""Who may ask for what: rules by path, by section, and pages of httpd's own."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import PlacedDirective, Scope, Server, VirtualHost
from ...rule import Finding, rule
from ..helpers.scopes import (
    has,
    is_incomplete,
    named,
    scopes_with,
    section_path,
    sections,
    values,
    with_scopes,
)
from ..routing.locations import PAGES
from ..routing.rule_order import MOD_PROXY, first_rules, prefixes, proxying_taker

AUTHZ = "https://httpd.apache.org/docs/2.4/howto/access.html"
_OLD = ("order", "allow", "deny", "satisfy")
_BY_URL = frozenset({"location", "locationmatch", "if", "elseif", "else"})
_ANY = ""
# Requirements that let everybody in.
_OPEN = (("all", "granted"), ("not", "all", "denied"))


@rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/mod/mod_status.html",
    bad="""
        <Location /server-status>
          SetHandler server-status
        </Location>
    """,
    good="""
        <Location /server-status>
          SetHandler server-status
          Require local
        </Location>
    """,
)
def page_exposed(server: Server) -> Iterator[Finding]:
    """A page of httpd's own is open to everybody: it shows requests and addresses, or lets anybody disable members.

    A virtual host of 127.0.0.1 isn't reported: only this machine can ask it.
    """
    everywhere = _restricted_prefixes(server.main)
    inner = {id(vhost.scope) for vhost in server.vhosts if _is_local(vhost)}
    for scope, placed in with_scopes(server, "sethandler"):
        page, path = " ".join(values(placed)).lower(), section_path(placed)
        is_inner = id(scope) in inner or is_incomplete(server, scope)
        if page not in PAGES or not path or is_inner:
            continue
        if not (everywhere | _restricted_prefixes(scope)) & {_ANY, *prefixes(path)}:
            message = f'{page} at "{path}" is open to everybody'
            fix = "add `Require local`, or the addresses of those who may see it"
            yield Finding(placed.directive.place, message, fix)


@rule(
    "warning",
    source=AUTHZ,
    bad="""
        <Location /app>
          Require ip 10.0.0.0/8
          Order deny,allow
          Deny from all
        </Location>
    """,
    good="""
        <Location /app>
          Require ip 10.0.0.0/8
        </Location>
    """,
)
def old_and_new_access_rules(server: Server) -> Iterator[Finding]:
    """One section has both Require and the Order, Allow, Deny of httpd 2.2, and both must allow a request.

    Who gets in then depends on Satisfy and on defaults, and changes with the next edit. Use Require only.
    """
    for scope in scopes_with(server, *_OLD):
        required = {
            id(placed.section_place) for placed in named(scope, "require") if sections(placed)
        }
        told: set[int] = set()
        for placed in named(scope, *_OLD):
            place = id(placed.section_place)
            if sections(placed) and place in required and place not in told:
                told.add(place)
                message = f"`{placed.directive.name}` of httpd 2.2 stands beside Require"
                yield Finding(
                    placed.directive.place,
                    message,
                    "write Require instead of Order, Allow and Deny",
                )


@rule(
    "warning",
    source=f"{MOD_PROXY}#access",
    bad="""
        <Proxy *>
          Require all denied
        </Proxy>
        ProxyPass / http://10.0.0.1:8080/
    """,
    good="""
        <Proxy *>
          Require all granted
        </Proxy>
        ProxyPass / http://10.0.0.1:8080/
    """,
)
def proxy_section_denies(server: Server) -> Iterator[Finding]:
    """A <Proxy> section denies access, to the clients of a reverse proxy too: 403 (AH01630, AH01797).

    Such sections are for open forward proxies, which a reverse proxy isn't.
    """
    for scope in server.scopes:
        rules = (*scope.rules, *server.main.rules) if has(scope, "require", "deny") else ()
        proxies = any(not one.is_exclusion for one in rules)
        for placed in named(scope, "require", "deny") if proxies else ():
            around = sections(placed)
            words = tuple(word.lower() for word in values(placed))
            denies = words in (("all", "denied"), ("from", "all"))
            if around and around[-1][0] == "proxy" and denies:
                message = f"`{placed.directive.name} {' '.join(words)}` in <Proxy {' '.join(around[-1][1:])}> keeps clients out, not backends"
                yield Finding(placed.directive.place, message, "remove the section")


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <Location /app/admin>
          Require ip 10.0.0.0/8
        </Location>
        ProxyPass /app http://10.0.0.1:8080/app
    """,
    good="""
        <Location /app/admin>
          Require ip 10.0.0.0/8
        </Location>
        ProxyPass /app http://10.0.0.1:8080/app mapping=servlet
    """,
)
def path_parameter_bypass(server: Server) -> Iterator[Finding]:
    """A restricted path is proxied as part of a wider one, and `;` behind it gets past the restriction.

    `/app/admin;a=1` isn't below `/app/admin` to httpd, and is the same to servlet containers, which drop what follows
    the `;`. `mapping=servlet` makes httpd read it as they do.
    """
    for scope in server.scopes:
        restricted = _restricted_paths(scope)
        rules = first_rules(scope) if restricted else {}
        for path, placed in restricted.items():
            found = proxying_taker(path, rules)
            is_wider = found and found.path.rstrip("/") != path.rstrip("/")
            if found and is_wider and found.parameters.get("mapping") != "servlet":
                # A slash at the end is behind the `;`, or the path is still below the restricted one.
                bare = path.rstrip("/")
                message = f'"{bare};x{path[len(bare) :]}" reaches "{found.url}" past the restriction of "{path}"'
                fix = f'add `mapping=servlet` (`proxy_pass[].mapping: servlet`) to the rule of "{found.path}"'
                fix += ", if its backend drops path parameters"
                yield Finding(placed.section_place or placed.directive.place, message, fix)


def _restricted_paths(scope: Scope) -> dict[str, PlacedDirective]:
    """Return each <Location> that lets in some clients only, with one of its rules; of httpd's own pages no backend has one."""
    found: dict[str, PlacedDirective] = {}
    own = {section_path(placed) for placed in named(scope, "sethandler")}
    for placed in named(scope, "require", "deny"):
        path = next((parts[1] for parts in sections(placed) if _is_location(parts)), "")
        if path and path not in own and _restricts(placed):
            found.setdefault(path, placed)
    return found


def _is_location(parts: tuple[str, ...]) -> bool:
    return parts[0] == "location" and len(parts) == 2


def _restricts(placed: PlacedDirective) -> bool:
    """Tell whether a Require or Deny keeps somebody out."""
    words = tuple(word.lower() for word in values(placed))
    if placed.name == "deny":
        return True
    return words not in _OPEN


def _restricted_prefixes(scope: Scope) -> set[str]:
    """Return the paths that only some clients may ask for; a pattern or a condition may mean any."""
    found = set()
    for placed in named(scope, "require", "deny"):
        around = sections(placed)
        if _restricts(placed) and _BY_URL & {parts[0] for parts in around}:
            found.add(next((parts[1] for parts in around if _is_location(parts)), _ANY))
    return found


def _is_local(vhost: VirtualHost) -> bool:
    """Tell whether only this machine can ask a virtual host."""
    return bool(vhost.addresses) and all(
        address.host.startswith("127.") or address.host in ("[::1]", "localhost")
        for address in vhost.addresses
    )
