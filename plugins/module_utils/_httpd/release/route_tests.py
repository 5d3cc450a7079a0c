"""The route tests of an inventory (`expect`), proved by the resolver before any host is touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..concerns.vhosts.model import Vhost
from ..concerns.vhosts.vhost_parts import Expect
from ..reading.server import Server
from ..resolve.paths.url_paths import from_bytes_text, to_bytes_text
from ..resolve.proxying.workers import split_socket, worker_name
from ..resolve.request import Decision, Request
from ..resolve.resolver import Resolver
from ..syntax.problem import Problem
from .problem_kinds import EXPECT_DEPENDS, EXPECT_FAILED

ASK_LIVE = "add `live: true`, and the server is asked after the commit"
ASK_YOURSELF = "ask the server yourself after the commit"


def route_problems(server: Server, vhosts: Sequence[Vhost]) -> Iterator[Problem]:
    """Yield each route test that the server would fail, or that can't be proved and isn't asked live either."""
    if not any(vhost.expect for vhost in vhosts):
        return
    resolver = Resolver(server)
    for vhost in vhosts:
        for expect in vhost.expect:
            decision = resolver.resolve(_request(vhost, expect))
            yield from _problems(expect, decision)


def _request(vhost: Vhost, expect: Expect) -> Request:
    """Return the request to the virtual host's first address."""
    method, _blank, target = expect.request.partition(" ")
    address = vhost.addresses[0] if vhost.addresses else None
    host = "" if address is None or address.is_wildcard else address.host
    return Request(
        target=to_bytes_text(target),
        host=expect.host or vhost.server_name,
        method=method,
        port=address.port if address and address.port else 80,
        scheme="https" if vhost.ssl else "http",
        # Any address will do where every one leads to the same virtual hosts.
        address=host or "0.0.0.0",
        headers={name.lower(): to_bytes_text(value) for name, value in expect.headers.items()},
    )


def _problems(expect: Expect, decision: Decision) -> Iterator[Problem]:
    """Compare one test with what is decided."""
    if decision.action == "depends":
        if not expect.live:
            message = f"{expect.request} can't be decided by reading: {decision.reasons[-1]}"
            problem = EXPECT_DEPENDS.problem(expect.place, message, _way(expect))
            yield problem if expect.strict else replace(problem, severity="warning")
        return
    wrong = "; ".join(_differences(expect, decision))
    if wrong:
        message = from_bytes_text(
            f"{expect.request} isn't as expected: {wrong}; {decision.reasons[-1]}"
        )
        yield EXPECT_FAILED.problem(expect.place, message, "mend the rules, or what is expected")
    elif expect.status is not None and decision.action in ("proxy", "local") and not expect.live:
        message = f"the status of {expect.request} depends on {decision.url or 'a file'}"
        yield EXPECT_DEPENDS.problem(expect.place, message, _way(expect))


def _way(expect: Expect) -> str:
    """Say how a test is decided that reading can't decide: not every one may be asked live."""
    if expect.status is None and not expect.redirect:
        return f"an answer doesn't show which worker gave it: add `status` and `live: true`, or {ASK_YOURSELF}"
    return ASK_LIVE if expect.changes_nothing else f"{ASK_YOURSELF}: it may change data there"


def _differences(expect: Expect, decision: Decision) -> Iterator[str]:
    """Yield what differs for certain; a live answer may still have any status that a backend or a file gives it."""
    if expect.worker and decision.action == "denied" and decision.worker:
        yield f"httpd answers {decision.status} and asks nobody, not even {expect.worker}"
    elif expect.worker and not _is_worker(expect.worker, decision):
        yield f"the worker is {decision.worker or 'none'}, not {expect.worker}"
    is_certain = decision.action in ("redirect", "denied")
    may_differ = expect.live and not is_certain
    if expect.redirect and not may_differ and not _leads_to(expect.redirect, decision):
        yield f"the Location is {decision.location or 'none'}, not {expect.redirect}"
    if expect.status not in (None, decision.status) and is_certain:
        yield f"the status is {decision.status}, not {expect.status}"


def _is_worker(wanted: str, decision: Decision) -> bool:
    """Tell whether a request reaches a worker, a balancer or a member; a URL without a path is any of that host."""
    if decision.action != "proxy":
        return False
    socket, url = split_socket(to_bytes_text(wanted))
    name = worker_name(url).rstrip("/")
    reached = map(split_socket, (decision.worker, *decision.members, decision.url))
    # Two sockets may have one name behind them.
    return any(
        f"{worker_name(one)}/".startswith(f"{name}/") and socket in ("", other)
        for other, one in reached
    )


def _leads_to(wanted: str, decision: Decision) -> bool:
    """Tell whether a Location is the URL, or the path of any host."""
    wanted = to_bytes_text(wanted)
    if not wanted.startswith("/") or decision.location.startswith("/"):
        return decision.location == wanted
    path = decision.location.partition("://")[2].partition("/")[2]
    return decision.action == "redirect" and f"/{path}" == wanted
