"""All backends of a host, asked at once and not for long."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from typing import Any

from ..._httpd.deployment.serving import Backend
from ..._httpd.syntax.quoting import Refused
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.url import parse_url
from ..backend.backend import reach
from ..backend.backend_query import BackendQuery
from ..backend.backend_report import to_plain
from ..machine.lock import HostError

PATIENCE = 4.0  # seconds for all of them
STEP = 2.0  # seconds for a connection, and for an answer
AT_ONCE = 32


def ask_all(
    backends: Sequence[Backend], layout: Layout, *, patience: float = PATIENCE
) -> list[dict[str, Any]]:
    """Ask each backend once, and return what it answered in `patience` (seconds): its status, or what is in the way."""
    waiting: queue.SimpleQueue[tuple[int, Backend]] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[int, dict[str, Any]]] = queue.SimpleQueue()
    for numbered in enumerate(backends):
        waiting.put(numbered)
    for _worker in range(min(AT_ONCE, len(backends))):
        # A name's resolution can't be ended, so the process ends without those that still wait.
        threading.Thread(target=_work, args=(waiting, answers, layout), daemon=True).start()
    deadline = time.monotonic() + patience
    found: dict[int, dict[str, Any]] = {}
    while len(found) < len(backends):
        try:
            number, answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        found[number] = answer
    late = f"no answer within {patience:g} s"
    return [
        found.get(number, _answer(backend, message=late)) for number, backend in enumerate(backends)
    ]


def _work(
    waiting: queue.SimpleQueue[tuple[int, Backend]],
    answers: queue.SimpleQueue[tuple[int, dict[str, Any]]],
    layout: Layout,
) -> None:
    """Ask one backend after the other until none waits."""
    while True:
        try:
            number, backend = waiting.get_nowait()
        except queue.Empty:
            return
        answers.put((number, _ask(backend, layout)))


def _ask(backend: Backend, layout: Layout) -> dict[str, Any]:
    """Ask one backend; whatever can't be asked is an answer too."""
    # Where a release names no authorities the backends' certificates are still read.
    asking = BackendQuery(
        ca_file=backend.ca_file or layout.ca_file,
        client_certificate=backend.client_certificate,
        host=backend.host,
        verify=backend.verify,
        check_name=backend.check_name,
        check_expire=backend.check_expire,
        timeout=STEP,
    )
    try:
        url = parse_url(backend.url)
        reached = to_plain(reach(url, asking), url, asking)
    # A ValueError is a name that can't be written as httpd writes it.
    except (HostError, OSError, Refused, ValueError) as error:
        return _answer(backend, message=f"not asked: {error}")
    return _answer(
        backend,
        status=reached["status"],
        message="" if reached["reachable"] else reached["message"],
        clients_get=0 if reached["reachable"] else reached["httpd"]["status"],
        is_loop=reached["cause"] == "loop",
    )


def _answer(
    backend: Backend,
    *,
    status: int = 0,
    message: str = "",
    clients_get: int = 0,
    is_loop: bool = False,
) -> dict[str, Any]:
    """Return an answer as plain data: the backend's status, or why there is none and what clients get then.

    Whether it leads back to this server: then they wait for as long as workers are left, and get nothing.
    """
    return {
        "url": backend.url,
        "status": status,
        "message": message,
        "clients_get": 0 if is_loop else clients_get,
        "is_loop": is_loop,
    }
