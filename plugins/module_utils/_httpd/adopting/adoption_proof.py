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
from ..resolve.unmodelled.transport import speaks_tls
from ..syntax.quoting import unquote
from ..syntax.tree import Directive, Node, Section, Tree, is_named
from ..vocabulary.address import Address

# Enough for every path of a thousand virtual hosts; beyond that the first ones stand for all.
MOST_REQUESTS = 20_000
MOST_PATHS = 60
MOST_SHOWN = 20
UNKNOWN_NAME = "unknown.invalid"


@dataclass(frozen=True)
class Proof:
    """How many requests were decided the same, how many are open before and after, and which differ and how.

    `open` counts those that depend on what reading can't know, by what that is and where it stands. `differences` are of where
    requests go. `other_headers` are those that go where they went, counted by what the backend
    sees otherwise.
    """

    same: int
    open: Mapping[str, int]
    differences: tuple[str, ...]
    other_headers: Mapping[str, int]

    @property
    def depends(self) -> int:
        """How many requests are open."""
        return sum(self.open.values())

    def lines(self) -> list[str]:
        """Return it as lines of a report: what goes elsewhere first."""
        with_others = sum(self.other_headers.values())
        total = self.same + self.depends + len(self.differences) + with_others
        counts = [f"{self.same} are decided as before"]
        if self.depends:
            counts.append(f"{self.depends} depend on what reading can't know")
        if with_others:
            counts.append(f"{with_others} go where they went, with other headers")
        told = list(self._told())
        counts.append(f"{len(self.differences)} differ")
        return [f"Of {total} requests {', '.join(counts)}{':' if told else '.'}", *told]

    def _told(self) -> Iterator[str]:
        """Yield what isn't the same."""
        shown = self.differences[:MOST_SHOWN]
        yield from (f"  {line}" for line in shown)
        if len(shown) < len(self.differences):
            yield f"  and {len(self.differences) - len(shown)} more that differ"
        for reason, count in [*self.open.items()][:MOST_SHOWN]:
            yield f"  of {count} requests {reason}: ask the server before and after"
        if len(self.open) > MOST_SHOWN:
            yield f"  and {len(self.open) - MOST_SHOWN} more reasons why a request is open"
        for change, count in self.other_headers.items():
            yield f"  of {count} requests the backend sees {change}"


def prove(tree: Tree, server: Server, variables: Mapping[str, Any]) -> Proof:
    """Resolve a grid of requests on a server, and on what is left of it with the variables deployed instead."""
    compiled = check_variables(variables, CONCERN_NAMES)[0]
    after = Resolver(view((*_without_vhosts(tree), *compiled.whole_tree)))
    before = Resolver(server)
    same = 0
    differences = []
    open_ones: dict[str, int] = {}
    other_headers: dict[str, int] = {}
    for request in requests_around(server):
        was, would_be = before.resolve(request), after.resolve(request)
        change = _change_of_headers(was, would_be)
        if _route(was) != _route(would_be):
            differences.append(_difference(request, was, would_be))
        elif change:
            other_headers[change] = other_headers.get(change, 0) + 1
        elif was.action == "depends":
            reason = from_bytes_text(str(was.reasons[-1]))
            open_ones[reason] = open_ones.get(reason, 0) + 1
        else:
            same += 1
    return Proof(same, open_ones, tuple(differences), other_headers)


def _without_vhosts(tree: Tree) -> Iterator[Node]:
    """Yield what stays when the sites are disabled."""
    for node in tree:
        if is_named(node, "VirtualHost"):
            continue
        if isinstance(node, Section):
            yield Section(node.name, node.args, tuple(_without_vhosts(node.children)), node.place)
        else:
            yield node


def requests_around(server: Server) -> Iterator[Request]:
    """Yield requests to every name and address of every virtual host, for every path that it mentions."""
    count = 0
    inherited = _paths(server.main.tree)
    for vhost in server.vhosts:
        paths = dict.fromkeys((*_paths(vhost.scope.tree), *inherited))
        for address in vhost.addresses:
            speaks, _place = speaks_tls(server, vhost.scope, address.port)
            is_tls = address.port in (443, 8443) if speaks is None else speaks
            for host in _names(vhost):
                for path in [*paths][:MOST_PATHS]:
                    count += 1
                    if count > MOST_REQUESTS:
                        return
                    yield _request(address, host, path, is_tls=is_tls)


def _names(vhost: VirtualHost) -> Iterator[str]:
    """Yield names that lead to a virtual host, and one that nobody has."""
    for name in (vhost.server_name, *vhost.server_aliases):
        if name:
            yield to_bytes_text(name.replace("*", "any").replace("?", "x"))
    yield UNKNOWN_NAME


def _request(address: Address, host: str, path: str, *, is_tls: bool) -> Request:
    return Request(
        target=path,
        host=host,
        port=address.port or 80,
        scheme="https" if is_tls else "http",
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


def _route(decision: Decision) -> tuple[object, ...]:
    """Return where a request goes."""
    return (
        decision.action,
        decision.status,
        decision.location,
        decision.handler,
        decision.cause,
        frozenset(decision.urls),
    )


def _change_of_headers(was: Decision, would_be: Decision) -> str:
    """Return what the backend sees otherwise, and timeouts that differ; nothing where all is the same.

    X-Forwarded-* aren't in it, since Gatehouse always writes them in its own way.
    """
    before, after = ({**one.headers, **one.timeouts} for one in (was, would_be))
    names = sorted(name for name in {*before, *after} if not name.startswith("X-Forwarded-"))
    changes = (
        f"{name}: {_seen(after.get(name))} (it was {_seen(before.get(name))})"
        for name in names
        if before.get(name) != after.get(name)
    )
    return from_bytes_text(", ".join(changes))


def _seen(value: str | None) -> str:
    """Return a header or a setting in words."""
    if value is None:
        return "as it comes"
    return value or "nothing"


def _difference(request: Request, was: Decision, would_be: Decision) -> str:
    """Return how a request is decided before and after."""
    url = f"{request.scheme}://{request.host}:{request.port}{request.target}"
    first, second = explanation(was)[0], explanation(would_be)[0]
    return from_bytes_text(f"{request.method} {url}: it was {first}, it would be {second}")
