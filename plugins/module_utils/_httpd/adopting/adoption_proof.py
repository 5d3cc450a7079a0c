"""The proof that adopted variables decide requests as the server did: a grid of requests, resolved before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..concerns.catalogue import CONCERN_NAMES
from ..reading.server import Server, VirtualHost
from ..reading.view import view
from ..release.checked import check_variables
from ..resolve.paths.url_paths import from_bytes_text, to_bytes_text
from ..resolve.plain_requests import explanation
from ..resolve.request import Decision, Request
from ..resolve.resolver import Resolver
from ..syntax.quoting import unquote
from ..syntax.tree import Directive, Node, Section, Tree, is_named
from ..vocabulary.address import Address

# Enough for every path of a thousand virtual hosts; beyond that the first ones stand for all.
MOST_REQUESTS = 20_000
MOST_PATHS = 60
UNKNOWN_NAME = "unknown.invalid"


@dataclass(frozen=True)
class Proof:
    """How many requests were decided the same, how many depend on what reading can't know, and which differ and how."""

    same: int
    depends: int
    differences: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return it as lines of a report."""
        total = self.same + self.depends + len(self.differences)
        open_ones = f", {self.depends} depend on what reading can't know" if self.depends else ""
        first = f"Of {total} requests {self.same} are decided as before{open_ones}"
        if not self.differences:
            return [f"{first}."]
        shown = self.differences[:20]
        more = len(self.differences) - len(shown)
        rest = [f"  and {more} more"] if more else []
        return [
            f"{first}, {len(self.differences)} differ:",
            *(f"  {line}" for line in shown),
            *rest,
        ]


def prove(tree: Tree, server: Server, variables: Mapping[str, Any]) -> Proof:
    """Resolve a grid of requests on a server, and on what is left of it with the variables deployed instead."""
    compiled = check_variables(variables, CONCERN_NAMES)[0]
    after = Resolver(view((*_without_vhosts(tree), *compiled.whole_tree)))
    before = Resolver(server)
    same = depends = 0
    differences = []
    for request in _grid(server):
        decisions = before.resolve(request), after.resolve(request)
        if _outcome(decisions[0]) != _outcome(decisions[1]):
            differences.append(_difference(request, *decisions))
        elif decisions[0].action == "depends":
            depends += 1
        else:
            same += 1
    return Proof(same, depends, tuple(differences))


def _without_vhosts(tree: Tree) -> Iterator[Node]:
    """Yield what stays when the sites are disabled."""
    for node in tree:
        if is_named(node, "VirtualHost"):
            continue
        if isinstance(node, Section):
            yield Section(node.name, node.args, tuple(_without_vhosts(node.children)), node.place)
        else:
            yield node


def _grid(server: Server) -> Iterator[Request]:
    """Yield requests to every name and address of every virtual host, for every path that it mentions."""
    count = 0
    inherited = _paths(server.main.tree)
    for vhost in server.vhosts:
        paths = dict.fromkeys((*_paths(vhost.scope.tree), *inherited))
        for address in vhost.addresses:
            for host in _names(vhost):
                for path in [*paths][:MOST_PATHS]:
                    count += 1
                    if count > MOST_REQUESTS:
                        return
                    yield _request(address, host, path)


def _names(vhost: VirtualHost) -> Iterator[str]:
    """Yield names that lead to a virtual host, and one that nobody has."""
    for name in (vhost.server_name, *vhost.server_aliases):
        if name:
            yield to_bytes_text(name.replace("*", "any").replace("?", "x"))
    yield UNKNOWN_NAME


def _request(address: Address, host: str, path: str) -> Request:
    return Request(
        target=path,
        host=host,
        port=address.port or 80,
        scheme="https" if address.port in (443, 8443) else "http",
        address="0.0.0.0" if address.is_wildcard else address.host,
    )


def _paths(tree: Tree) -> tuple[str, ...]:
    """Return paths around those that the directives name."""
    found = ["/", "/x", "/index.html?q=1"]
    for path in _named(tree):
        plain = path.rstrip("/")
        found += [plain or "/", f"{plain}/", f"{plain}/x?q=1", f"{plain}x", f"{plain}/%2e%2e/y"]
    return tuple(path for path in dict.fromkeys(found) if path.startswith("/"))


def _named(tree: Tree) -> Iterator[str]:
    for node in tree:
        if not isinstance(node, (Directive, Section)):
            continue
        is_path = is_named(node, "ProxyPass", "Alias", "Location") or is_named(
            node, "Redirect", "RedirectPermanent", "RedirectTemp", "ScriptAlias"
        )
        words = map(unquote, node.args)
        path = next((word for word in words if word.startswith("/")), "") if is_path else ""
        if path and not any(character in path for character in "*?[] #%"):
            yield to_bytes_text(path)
        if isinstance(node, Section) and not is_named(node, "VirtualHost"):
            yield from _named(node.children)


def _outcome(decision: Decision) -> tuple[object, ...]:
    """Return what must be the same; X-Forwarded-* aren't in it, since Gatehouse always writes them in its own way."""
    return (
        decision.action,
        decision.status,
        decision.location,
        decision.handler,
        decision.cause,
        frozenset(decision.urls),
        _own_headers(decision),
        tuple(sorted(decision.timeouts.items())),
    )


def _own_headers(decision: Decision) -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(decision.headers.items())
        if not name.startswith("X-Forwarded-")
    }


def _difference(request: Request, before: Decision, after: Decision) -> str:
    """Return how a request is decided before and after."""
    first, second = explanation(before)[0], explanation(after)[0]
    if first == second:
        first, second = _details(before), _details(after)
    url = f"{request.scheme}://{request.host}:{request.port}{request.target}"
    return from_bytes_text(f"{request.method} {url}: it was {first}, it would be {second}")


def _details(decision: Decision) -> str:
    pairs = {**_own_headers(decision), **decision.timeouts}
    return ", ".join(f"{name}: {value}" for name, value in pairs.items())
