"""Whether what was decided is what httpd did."""

from __future__ import annotations

from collections.abc import Iterator

from asking import Answer
from module_utils._httpd.resolve.request import Decision, Request

COMPARED = ("Host", "X-Extra", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Server")


def disagreement(request: Request, decision: Decision, answer: Answer) -> str:
    """Return how the two differ; empty where they agree. `depends` differs from nothing."""
    if decision.action == "depends":
        return ""
    return "; ".join(_differences(request, decision, answer))


def _differences(request: Request, decision: Decision, answer: Answer) -> Iterator[str]:
    """Yield each difference."""
    if decision.action == "proxy":
        yield from _proxied(request, decision, answer)
        return
    if answer.backend:
        yield f"it is proxied to {answer.backend}{answer.target}"
    elif decision.action == "redirect":
        if (answer.status, answer.location) != (decision.status, decision.location):
            yield f"it is {answer.status} {answer.location}"
    elif decision.action == "denied":
        if answer.status != decision.status:
            yield f"the status is {answer.status}"
    elif answer.status not in ((decision.status or 200, 404) if decision.handler else (404,)):
        yield f"the status is {answer.status}"


def _proxied(request: Request, decision: Decision, answer: Answer) -> Iterator[str]:
    """Compare what the backend saw."""
    if not answer.backend and answer.status == 500 and not _is_loopback(decision.url):
        # It would be asked of a host that has no address.
        return
    if not answer.backend:
        yield f"it isn't proxied but {answer.status} {answer.location}"
        return
    asked = [_asked(url) for url in decision.urls]
    if (answer.backend, answer.target) not in asked:
        yield f"it is proxied to {answer.backend}{answer.target}"
        return
    # A member of a balancer is asked by its own name.
    own = _authority(decision.urls[asked.index((answer.backend, answer.target))])
    for name in COMPARED:
        if name in decision.open_headers:
            continue
        wanted = decision.headers.get(name, request.headers.get(name.lower(), ""))
        if name == "Host" and wanted == _authority(decision.urls[0]):
            wanted = own
        got = answer.seen.get(name.lower(), "")
        is_from_dns = name == "X-Forwarded-Server" and name not in decision.headers
        if got != wanted and not is_from_dns:
            yield f"{name} is {got!r}, not {wanted!r}"


def _asked(url: str) -> tuple[int, str]:
    """Return port and path of a URL."""
    path = url.partition("://")[2].partition("/")[2]
    return int(_authority(url).rpartition(":")[2] or 0), f"/{path}"


def _is_loopback(url: str) -> bool:
    return _authority(url).startswith("127.0.0.1:")


def _authority(url: str) -> str:
    return url.split("/")[2]
