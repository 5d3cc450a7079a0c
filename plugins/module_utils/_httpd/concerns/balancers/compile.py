"""A balancer's own file, which every virtual host that uses it includes: a balancer of the main server would be
inherited by each virtual host, and a thousand of those kill the server.

See docs/httpd.md#balancers-in-main-server.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...syntax.quoting import quote, quote_expression_string
from ...syntax.tree import Directive, Place, Section, Tree
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..vhosts.vhost_parts import ProxyPassModel
from ..write import block, include
from .model import BalancerModel, Member, StickyCookie

# Key order of a careful operator: who is asked first, then how, then the rest by name.
_FIRST = ("route", "status", "loadfactor", "lbset", "lbmethod", "stickysession")


def compile_balancer(balancer: BalancerModel) -> Tree:
    """Write one balancer, with the cookie that makes it sticky."""
    members = tuple(_member(member) for member in balancer.members)
    parameters = _parameters(_with_cookie(balancer))
    settings = (Directive("ProxySet", parameters, balancer.place),) if parameters else ()
    proxy = Section(
        "Proxy", (quote(f"balancer://{balancer.name}"),), (*members, *settings), balancer.place
    )
    cookie = _cookie_headers(balancer, balancer.sticky_cookie) if balancer.sticky_cookie else ()
    return (*block(balancer.place, proxy)[1:], *cookie)


def balancer_path(name: str) -> str:
    """Return a balancer's file, below its owner's directory."""
    return f"balancers/{name}.conf"


def include_balancers(vhost: Vhost, inventory: Inventory) -> Tree:
    """Include the balancers that a virtual host uses, and only those."""
    return block(
        vhost.place,
        *(
            include(f"{inventory.owner}/{balancer_path(name)}", place=vhost.place)
            for name in balancer_names(vhost.rules)
        ),
        title="balancers",
    )


def balancer_names(rules: Iterable[ProxyPassModel]) -> tuple[str, ...]:
    """Return the balancers that rules use, each once, in order."""
    names = (rule.url.host.lower() for rule in rules if rule.url and rule.url.is_balancer)
    return tuple(dict.fromkeys(names))


def cookie_name(balancer: BalancerModel, cookie: StickyCookie) -> str:
    """Return the name of the cookie, the balancer's own where none is given; a cookie's name has no dots."""
    return cookie.name or f"ROUTEID_{balancer.name.replace('.', '_')}"


def _member(member: Member) -> Directive:
    """Write one BalancerMember; httpd wants its URL without a trailing slash."""
    status = {"status": member.status} if member.status else {}
    url = str(member.url).rstrip("/") if member.url.path == "/" else str(member.url)
    return Directive(
        "BalancerMember", (quote(url), *_parameters({**member.parameters, **status})), member.place
    )


def _with_cookie(balancer: BalancerModel) -> dict[str, str]:
    """Return the balancer's parameters; a sticky cookie is one of them."""
    parameters = dict(balancer.parameters)
    if balancer.sticky_cookie:
        parameters["stickysession"] = cookie_name(balancer, balancer.sticky_cookie)
    return parameters


def _parameters(parameters: dict[str, str]) -> tuple[str, ...]:
    """Write key=value words in reading order."""
    ordered = [name for name in _FIRST if name in parameters]
    ordered += [name for name in parameters if name not in _FIRST]
    return tuple(quote(f"{name}={parameters[name]}") for name in ordered)


def _cookie_headers(balancer: BalancerModel, cookie: StickyCookie) -> Tree:
    """Write the cookie; httpd sets BALANCER_ROUTE_CHANGED when a client comes without a valid one.

    The balancer's name keeps two balancers of one virtual host apart.
    """
    url = quote_expression_string(f"balancer://{balancer.name}")
    condition = f"-n reqenv('BALANCER_ROUTE_CHANGED') && reqenv('BALANCER_NAME') == {url}"
    place = balancer.place.at("sticky_cookie")
    if cookie.secure is not None:
        return block(
            place,
            _cookie_header(balancer, cookie, condition, is_secure=cookie.secure, place=place),
        )
    over_tls = f"{condition} && %{{HTTPS}} == 'on'"
    in_plain = f"{condition} && %{{HTTPS}} != 'on'"
    return block(
        place,
        _cookie_header(balancer, cookie, over_tls, is_secure=True, place=place),
        _cookie_header(balancer, cookie, in_plain, is_secure=False, place=place),
    )


def _cookie_header(
    balancer: BalancerModel, cookie: StickyCookie, condition: str, *, is_secure: bool, place: Place
) -> Directive:
    """Write one Set-Cookie header under its condition."""
    attributes = [
        f"{cookie_name(balancer, cookie)}=.%{{BALANCER_WORKER_ROUTE}}e",
        f"Path={cookie.path.replace('%', '%%')}",
        *([f"Max-Age={cookie.max_age}"] if cookie.max_age else []),
        "HttpOnly",
        *(["Secure"] if is_secure else []),
        f"SameSite={cookie.samesite}",
    ]
    words = (
        "always",
        "add",
        "Set-Cookie",
        quote("; ".join(attributes)),
        quote(f"expr={condition}"),
    )
    return Directive("Header", words, place)
