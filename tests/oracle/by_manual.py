"""Servers of the second generator, which was written from httpd's manual without a look at the first one or the resolver.

It holds more than is modelled, so here answers may be open; none may be wrong.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from asking import Answer, ask_all
from comparing import disagreement
from loading import server_of
from manual_generator import MODULES, server
from manual_requests import Asked, requests
from module_utils._httpd.resolve.request import Decision, Request
from module_utils._httpd.resolve.resolver import Resolver
from running import Count, free_port, httpd

FILES = {
    "index.html": "", "page.html": "", "a.php": "", "app/index.html": "", "static/f.txt": "", ".htaccess": "",
    ".htpasswd": "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n",
}  # fmt: skip


def run_by_manual(
    chance: random.Random, ports: Sequence[int], count: Count, *, servers: int, each: int
) -> None:
    """Run servers one after the other, each asked so often."""
    for _server in range(servers):
        _run_one(chance, ports, count, each)


def _run_one(chance: random.Random, ports: Sequence[int], count: Count, each: int) -> None:
    """Ask one server so often; one that httpd refuses, or that doesn't answer in time, isn't counted."""
    port = free_port()
    with tempfile.TemporaryDirectory() as root:
        for name, content in FILES.items():
            file = Path(root, name)
            file.parent.mkdir(exist_ok=True)
            file.write_text(content)
        Path(root).chmod(0o755)
        text = server(chance, port=port, backends=ports, root=root)
        asked = [_request(one, port) for one in requests(chance, text, each)]
        with httpd(text, port, MODULES) as complaint:
            if complaint:
                return
            try:
                answers = asyncio.run(ask_all(asked, connections=1))
            except asyncio.TimeoutError:
                # An upgraded connection stays open.
                return
    resolver = Resolver(server_of(text, MODULES, closed=False))
    count.servers += 1
    for request, answer in zip(asked, answers):
        decision = resolver.resolve(request)
        count.add(text, request, decision, difference(request, decision, answer, ports))


def _request(asked: Asked, port: int) -> Request:
    return Request(
        asked.target,
        asked.host,
        asked.method,
        port=port,
        address="127.0.0.1",
        client="127.0.0.1",
        headers=asked.headers,
    )


def difference(request: Request, decision: Decision, answer: Answer, ports: Sequence[int]) -> str:
    """Return how the two differ; of what httpd serves from its files no status is decided."""
    if decision.action == "local" and not decision.status:
        return f"it is proxied to {answer.backend}{answer.target}" if answer.backend else ""
    if decision.action == "proxy" and _was_lost(decision, answer, ports):
        return ""
    return disagreement(request, decision, answer)


def _was_lost(decision: Decision, answer: Answer, ports: Sequence[int]) -> bool:
    """Tell whether httpd may have asked as decided, though that backend's answer didn't come through.

    It asks another member, or answers itself, where nobody listens for one; it answers itself where the client has what it asks for
    already, and ranges beyond the end; and some configurations kill the process.
    """
    asked = (url.split("/")[2].rpartition(":")[2] for url in decision.urls)
    is_dead = bool({*asked} - {*map(str, ports)})
    if is_dead and (answer.status in (0, 502, 503) or (answer.backend and decision.members)):
        return True
    return not answer.backend and answer.status in (0, 304, 412, 416)
