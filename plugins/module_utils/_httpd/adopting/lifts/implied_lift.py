"""What Gatehouse writes by itself, against what the old server said: the same is taken, the rest is kept or told."""

from __future__ import annotations

from ...concerns.inventory import Inventory
from ...concerns.vhosts.forwarded import compile_forwarded
from ...reading.server import Scope
from ...syntax.condition_sections import CONDITIONS
from ...syntax.quoting import Refused
from ...syntax.tree import NOWHERE, Directive, Place
from ...variables.models import kind_of
from .vhost_body import Body, accepted, seen, values_of


def last_value(scope: Scope, name: str) -> str:
    """Return the lower-case value that the main server gives its virtual hosts; empty where it gives none."""
    values = [
        values_of(placed.directive)[0].lower()
        for placed in scope.named(name.lower())
        if placed.directive.args and all(parts[0] in CONDITIONS for parts in placed.around)
    ]
    return values[-1] if values else ""


def take_proxy_requests(body: Body, main: Scope) -> None:
    """Take `ProxyRequests Off`; a forward proxy stays one, and a rule says what that is."""
    found = body.directives("ProxyRequests")
    own = values_of(found[-1][1])[:1] if found else ()
    is_on = (own[0].lower() if own else last_value(main, "ProxyRequests")) == "on"
    reason = "no variable makes a forward proxy, which serves whom it may concern"
    if not is_on:
        body.take_last(found)
    elif found:
        body.keep([index for index, _directive in found], reason)
    else:
        add(body, "ProxyRequests", "On", f"inherited from the main server; {reason}")


def take_forwarded(body: Body, trusted: tuple[str, ...]) -> bool:
    """Take the lines about forwarded headers where they are those that compiling writes; tell whether they were."""
    wanted = seen(compile_forwarded(trusted, NOWHERE))
    found = body.directives("RequestHeader", "RemoteIPHeader", "RemoteIPInternalProxy")[
        : len(wanted)
    ]
    if seen(tuple(directive for _index, directive in found)) != wanted:
        return False
    body.taken |= {index for index, _directive in found}
    return True


def trusted_proxies(bodies: list[Body], main: Scope) -> tuple[str, ...]:
    """Return the proxies that the main server trusts, or all virtual hosts alike."""
    of_main = [placed.directive for placed in main.placed if not placed.around]
    lists = (
        [_trusted(of_main)] if any(_trusted(of_main)) else [_trusted_in(body) for body in bodies]
    )
    return lists[0] if lists and all(one == lists[0] for one in lists) else ()


def _trusted_in(body: Body) -> tuple[str, ...]:
    return _trusted([node for node in body.nodes if isinstance(node, Directive)])


def _trusted(directives: list[Directive]) -> tuple[str, ...]:
    """Return the internal proxies of one scope that reads X-Forwarded-For."""
    said = seen(tuple(directives))
    if ("remoteipheader", ("X-Forwarded-For",)) not in said:
        return ()
    proxies = tuple(
        value for name, values in said if name == "remoteipinternalproxy" for value in values
    )
    try:
        accepted(kind_of(Inventory, "trusted_proxies"), list(proxies))
    except Refused:
        return ()
    return proxies


def add(body: Body, name: str, value: str, reason: str) -> None:
    """Add a directive that the old server didn't need to say."""
    body.nodes.append(Directive(name, (value,), place_of(body)))
    body.keep([len(body.nodes) - 1], reason)


def place_of(body: Body) -> Place:
    """Return the place of the body's first node."""
    return body.nodes[0].place if body.nodes else NOWHERE
