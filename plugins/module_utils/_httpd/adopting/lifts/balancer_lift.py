"""The balancers that lifted rules use, as `apache_balancers`: one definition for all virtual hosts of a host."""

from __future__ import annotations

import re

from ...concerns.balancers.compile import compile_balancer
from ...concerns.balancers.model import STATUS_LETTERS, BalancerModel
from ...reading.server import Balancer as ServerBalancer
from ...reading.server import Scope, Server
from ...reading.view import balancer_name, view
from ...syntax.tree import Directive
from ...variables.models import model_of
from .rule_lift import plain_parameters
from .vhost_body import Body, Plain, accepted, not_lifted, seen, values_of

PARTS = ("BalancerMember", "ProxySet")

_MODEL = model_of(BalancerModel)
_FLAGS = {letter: word for word, letter in STATUS_LETTERS.items()}
_COOKIE = re.compile(
    r"(?P<name>[^=]+)=\.%\{BALANCER_WORKER_ROUTE\}e; Path=(?P<path>[^;]*)(; Max-Age=(?P<age>[0-9]+))?; HttpOnly"
    r"(; Secure)?; SameSite=(?P<samesite>\w+)"
)


def lift_balancers(
    body: Body, names: tuple[str, ...], *, own: Scope, server: Server, known: dict[str, Plain]
) -> None:
    """Take the balancers of `names` into `known`; `own` is the virtual host's scope.

    Raises Refused, with nothing taken, where one can't be said: its rules must then stay too.
    """
    drafts = {}
    for name in names:
        here = _of_name(own, name)
        definition = here or _of_name(server.main, name)
        if definition is None:
            if any(_of_name(scope, name) for scope in server.scopes):
                # Compiled, its rules would reach the members that another virtual host has.
                raise not_lifted(
                    f"the balancer `{name}` is another virtual host's, so each request fails here"
                )
            continue
        if here and body.is_conditional(*PARTS):
            raise not_lifted("a balancer's condition isn't known")
        cookies = _cookie_headers(body, name) if here else []
        plain = _plain(definition, body, cookies)
        if known.get(name, plain) != plain:
            raise not_lifted(
                f"the balancer `{name}` has other members or parameters in another virtual host"
            )
        drafts[name] = (plain, cookies)
    for name, (plain, cookies) in drafts.items():
        known[name] = plain
        _take(body, name, cookies if "sticky_cookie" in plain else [])


def _of_name(scope: Scope, name: str) -> ServerBalancer | None:
    return next((one for one in scope.balancers if one.name == name), None)


def _plain(definition: ServerBalancer, body: Body, cookies: list[int]) -> Plain:
    """Write a balancer as operators do. Raises Refused."""
    members = [
        {"url": member.url, **_member_parameters(dict(member.parameters))}
        for member in definition.members
    ]
    parameters = plain_parameters(dict(definition.parameters), "balancer")
    plain: Plain = {"name": definition.name, **parameters, "members": members}
    if not members:
        raise not_lifted(f"the balancer `{definition.name}` has no members")
    _require_same(definition, plain)
    sticky = _sticky(plain, [body.nodes[index] for index in cookies])
    return sticky or plain


def _member_parameters(parameters: dict[str, str]) -> Plain:
    """Write a member's parameters; a single status flag by its word."""
    status = parameters.pop("status", "")
    plain = plain_parameters(parameters, "member")
    if status:
        letters = status.upper().removeprefix("+")
        plain["status"] = _FLAGS.get(letters, status if status[:1] in "+-" else f"+{status}")
    return plain


def _require_same(definition: ServerBalancer, plain: Plain) -> None:
    """Compile what was written, and compare. Raises Refused."""
    model: BalancerModel = accepted(_MODEL, plain)
    again = view(compile_balancer(model)).main.balancers[0]
    urls = [[member.url for member in one.members] for one in (definition, again)]
    if urls[0] != urls[1]:
        raise not_lifted(f"a member's URL of `{definition.name}` would be written otherwise")


def _cookie_headers(body: Body, name: str) -> list[int]:
    """Return the Header lines that set the balancer's cookie as Gatehouse writes it."""
    mark = f"reqenv('BALANCER_NAME') == 'balancer://{name}'"
    return [index for index, one in body.directives("Header") if mark in values_of(one)[-1]]


def _sticky(plain: Plain, headers: list[object]) -> Plain | None:
    """Return the balancer with `sticky_cookie` for exactly those headers; None where they are others."""
    directives = [header for header in headers if isinstance(header, Directive)]
    match = _COOKIE.fullmatch(values_of(directives[0])[3]) if directives else None
    if match is None:
        return None
    secure = {} if len(directives) == 2 else {"secure": "Secure;" in values_of(directives[0])[3]}
    path, age = match["path"].replace("%%", "%"), match["age"]
    cookie = {
        **(
            {}
            if match["name"] == f"ROUTEID_{plain['name'].replace('.', '_')}"
            else {"name": match["name"]}
        ),
        **({} if path == "/" else {"path": path}),
        **({} if match["samesite"] == "Lax" else {"samesite": match["samesite"]}),
        **secure,
        **({"max_age": int(age)} if age else {}),
    }
    rest = {key: value for key, value in plain.items() if key != "stickysession"}
    sticky = {"name": rest.pop("name"), "sticky_cookie": cookie, **rest}
    written = compile_balancer(accepted(_MODEL, sticky))
    is_same = [one for one in seen(written) if one[0] == "header"] == seen(tuple(directives))
    return sticky if is_same else None


def _take(body: Body, name: str, cookies: list[int]) -> None:
    """Take the definition out of the body."""
    body.taken |= set(cookies)
    for index, one in body.sections("Proxy"):
        if values_of(one)[:1] and _is_of(values_of(one)[0], name):
            body.without(index, *PARTS)
    for index, directive in body.directives(*PARTS):
        if values_of(directive)[:1] and _is_of(values_of(directive)[0], name):
            body.taken.add(index)


def _is_of(url: str, name: str) -> bool:
    return url.lower().startswith("balancer://") and balancer_name(url) == name
