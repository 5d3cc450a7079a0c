"""Servers of the second generator, which was written from httpd's manual without a look at the first one or the resolver.

It holds more than is modelled, so here answers may be open; none may be wrong. Run alone it says how many are:
by_manual.py [SEED] [SERVERS].
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parents[1] / "plugins")]

from asking import Answer, ask_all  # noqa: E402
from backends import backends  # noqa: E402
from comparing import disagreement  # noqa: E402
from loading import server_of  # noqa: E402
from manual_generator import MODULES, server  # noqa: E402
from manual_requests import Asked, requests  # noqa: E402
from module_utils._httpd.resolve.request import Decision, Request  # noqa: E402
from module_utils._httpd.resolve.resolver import Resolver  # noqa: E402
from running import Count, free_port, httpd  # noqa: E402

FILES = {
    "index.html": "", "page.html": "", "a.php": "", "app/index.html": "", "static/f.txt": "", ".htaccess": "",
    ".htpasswd": "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n",
}  # fmt: skip


def run_by_manual(chance: random.Random, ports: Sequence[int], count: Count, *, each: int) -> None:
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
        count.add(text, request, decision, _difference(request, decision, answer, ports))


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


def _difference(request: Request, decision: Decision, answer: Answer, ports: Sequence[int]) -> str:
    """Return how the two differ; of what httpd serves from its files no status is decided."""
    if decision.action == "local" and not decision.status:
        return f"it is proxied to {answer.backend}{answer.target}" if answer.backend else ""
    if decision.action == "proxy" and not answer.backend and _was_lost(decision, answer, ports):
        return ""
    return disagreement(request, decision, answer)


def _was_lost(decision: Decision, answer: Answer, ports: Sequence[int]) -> bool:
    """Tell whether httpd may have asked as decided, though no backend's answer came through.

    It answers itself where nobody listens, where the client has what it asks for already, and for ranges beyond the end; and
    some configurations kill the process.
    """
    asked = (url.split("/")[2].rpartition(":")[2] for url in decision.urls)
    is_nobody = not {*asked} & {*map(str, ports)}
    return answer.status in ((0, 502, 503) if is_nobody else (0, 304, 412, 416))


def main(arguments: Sequence[str]) -> int:
    """Say what came of it; 1 where anything disagreed."""
    seed, servers = (*map(int, arguments), *(1, 200)[len(arguments) :])
    count = Count()
    with backends(5) as ports:
        for number in range(servers):
            run_by_manual(random.Random(f"{seed} {number}"), ports, count, each=30)
    print(f"{count.servers} servers of {servers}, {count.requests} requests: {dict(count.actions)}")
    print(f"open for {dict(count.causes)}; {len(count.disagreements)} disagreements")
    for found in count.disagreements[:20]:
        print(found.report())
    return 1 if count.disagreements else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
